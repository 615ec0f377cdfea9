#include "tests/rules/cc_toolchain/made_for.h"

#include "tests/rules/cc_toolchain/generated.h"

int made_for_wasm(void) { return MADE_FOR_WASM; }
