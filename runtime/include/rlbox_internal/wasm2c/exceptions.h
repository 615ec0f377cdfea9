/*
 * Exceptions of WebAssembly, as generated code uses them: what setjmp and longjmp of a library are
 * made of, and throw and catch in C++. It takes the place of wabt's wasm-rt-exceptions.h in front
 * of generated code, with the same interface.
 *
 * A try block is a sigsetjmp of the host, whose buffer is a local variable of the generated
 * function. Throwing jumps to the innermost one.
 *
 * Invariant S18: a throw leaves frames of one sandbox's own code only, those of the innermost call
 * into it. What keeps it:
 *   1. The innermost try block is noted for each sandbox, not for each thread
 *      (rlbox_wasm2c_record.innermost), with the call that it belongs to. A throw that finds none
 *      of its own call is a trap: a call begins without try blocks, at no cost to the call.
 *   2. Generated code takes a try block back on every way out of it that it knows of. The ways that
 *      it does not know of take back all those of the call: a trap that is survived
 *      (rlbox_wasm2c_guarded_call), an exception of the application's callback, and a trap that
 *      RLBOX_CUSTOM_ABORT gets, which may leave the call (rlbox_wasm2c_leave_try_blocks).
 *   3. What is thrown is copied into the sandbox's record, which has room for every type of tag
 *      that the policy for modules allows (tools/wasm/model.py, TAG_TYPES), and no size is
 *      believed.
 *   4. A try block that may throw on what it caught keeps it in room of the block's own, as large
 * as the record's. wasm2c asks for that room with alloca, which would take more of the stack each
 *      time around a loop.
 */
/* No include guard: a macro of the command line could be the guard. */
#if defined(__has_include)
#if __has_include(<alloca.h>)
#include <alloca.h> /* once: the generated code includes it after this file */
#endif
#endif

#include "rlbox_internal/wasm2c/trap.h"
#include "wasm-rt.h"

/* wabt's own header has nothing to add. */
#undef WASM_RT_EXCEPTIONS_H_
#define WASM_RT_EXCEPTIONS_H_

#ifdef __cplusplus
extern "C" {
#endif

typedef const void* wasm_rt_tag_t;

/* Names of the runtime's own, so that a program with wabt's functions as well uses these. */
#undef wasm_rt_load_exception
#undef wasm_rt_throw
#undef wasm_rt_get_unwind_target
#undef wasm_rt_set_unwind_target
#undef wasm_rt_exception_tag
#undef wasm_rt_exception_size
#undef wasm_rt_exception
#define wasm_rt_load_exception rlbox_wasm2c_load_exception
#define wasm_rt_throw rlbox_wasm2c_throw
#define wasm_rt_get_unwind_target rlbox_wasm2c_innermost_try
#define wasm_rt_set_unwind_target rlbox_wasm2c_set_innermost_try
#define wasm_rt_exception_tag rlbox_wasm2c_exception_tag
#define wasm_rt_exception_size rlbox_wasm2c_exception_size
#define wasm_rt_exception rlbox_wasm2c_exception_values

/* The size is that of what was thrown last, which the record has room for. */
#undef alloca
#define alloca(size) \
  ((void*)(uint64_t[sizeof(((struct rlbox_wasm2c_exception*)0)->values) / sizeof(uint64_t)]){0})

#undef WASM_RT_UNWIND_TARGET
#define WASM_RT_UNWIND_TARGET struct rlbox_wasm2c_try

/* 0 the first time, something else when an exception arrives. The signal mask is left alone, as by
 * traps: a throw is no handler's. */
#undef wasm_rt_try
#define wasm_rt_try(target) (rlbox_wasm2c_begin_try(&(target)), sigsetjmp((target).buffer, 0))

/** Notes which call a try block belongs to. It is entered with rlbox_wasm2c_set_innermost_try. */
void rlbox_wasm2c_begin_try(struct rlbox_wasm2c_try* block);

/** The innermost try block of the sandbox that runs; null if there is none. */
struct rlbox_wasm2c_try* rlbox_wasm2c_innermost_try(void);

/** Makes `block` the innermost one: it is entered, or one in it is left. */
void rlbox_wasm2c_set_innermost_try(struct rlbox_wasm2c_try* block);

/** Notes what is thrown next. A trap if there is no room for `size` bytes. */
void rlbox_wasm2c_load_exception(wasm_rt_tag_t tag, uint32_t size, const void* values);

/** Throws what was noted last: jumps to the innermost try block of this call, or traps. */
WASM_RT_NO_RETURN void rlbox_wasm2c_throw(void);

/** What was noted last. */
wasm_rt_tag_t rlbox_wasm2c_exception_tag(void);
uint32_t rlbox_wasm2c_exception_size(void);
void* rlbox_wasm2c_exception_values(void);

#ifdef __cplusplus
}
#endif
