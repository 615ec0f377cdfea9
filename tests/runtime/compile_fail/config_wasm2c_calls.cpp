// Settings

// expect: RLBox: wasm2c sandboxes resolve functions at compile time. Include <module>.rlbox.h
// expect: before any other RLBox header, or define RLBOX_USE_STATIC_CALLS() as
// expect: rlbox_wasm2c_sandbox_lookup_symbol.
#ifdef MISUSE_framework_before_module
#include "rlbox.hpp"
#include "guest.rlbox.h"
#else
#include "guest.rlbox.h"
#include "rlbox.hpp"
#endif

void call(rlbox_sandbox_guest& sandbox) { sandbox.invoke_sandbox_function(add, 1U, 2U); }
