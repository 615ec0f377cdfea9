/*
 * Refuses to compile code that sees wasm-rt.h with other settings than the runtime is made for.
 *
 * wasm-rt.h derives types and checks from the WASM_RT_ macros, and only one set of values keeps the
 * sandboxes tight. Everything that sees wasm-rt.h includes this header: the application and the C
 * runtime through wasm2c_rt_mem.h, generated code through wasm2c_rt_imports.h. So two parts of a
 * program cannot differ. rlbox_internal/settings.hpp says what else is compared, and when.
 *
 * //runtime:wasm2c defines the macros for everything that depends on it; other builds define them
 * on the command line. WASM_RT_TRAP_HANDLER is not among them: wasm_rt_trap, which would call it,
 * is the runtime's own, and a program that links wabt's wasm-rt-impl.c as well does not link.
 */
/* No include guard: a macro of the command line could be the guard. */
#if defined(__SIZEOF_POINTER__) && __SIZEOF_POINTER__ < 8
#error \
    "RLBox: the wasm2c backend needs 64-bit pointers, because each sandbox has 8 GiB of addresses for itself. To fix: build the application for a 64-bit platform."
#endif
#include "wasm-rt.h"

#if !WASM_RT_USE_MMAP
#error \
    "RLBox: WASM_RT_USE_MMAP must be 1 in everything that includes wasm-rt.h. To fix: define it as 1, and remove options that change it."
#endif
#if !WASM_RT_SKIP_SIGNAL_RECOVERY
#error \
    "RLBox: WASM_RT_SKIP_SIGNAL_RECOVERY must be 1 in everything that includes wasm-rt.h. To fix: define it as 1, and remove options that change it."
#endif
#if !WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION
#error \
    "RLBox: WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION must be 1 in everything that includes wasm-rt.h. To fix: define it as 1, and remove options that change it."
#endif
/* wasm2c_rt_imports.h sets this one itself where clang compiles generated code. */
#if WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION && \
    !(defined(__clang__) && defined(RLBOX_WASM2C_DROPS_READS))
#error \
    "RLBox: WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION must be 0 in everything that includes wasm-rt.h. To fix: remove the option that sets it."
#endif
#if WASM_RT_USE_SEGUE
#error \
    "RLBox: WASM_RT_USE_SEGUE must be 0 in everything that includes wasm-rt.h. To fix: remove WASM_RT_ALLOW_SEGUE."
#endif
