// Settings

// expect: Define RLBOX_WASM2C_MODULE_NAME as the name of the sandboxed module before including
// expect: rlbox_wasm2c_sandbox.hpp, or include <module>.rlbox.h instead.
#ifdef MISUSE_missing_module_name
#include "guest.wasm.h"
#else
#define RLBOX_WASM2C_MODULE_NAME guest
#include "guest.wasm.h"
#endif
#include "rlbox_wasm2c_sandbox.hpp"
