/* What the sandboxed calls are compared with; compiled apart from the caller, so never inlined. */
#ifndef RLBOX_TESTS_BENCH_NATIVE_H_
#define RLBOX_TESTS_BENCH_NATIVE_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t native_add(uint32_t a, uint32_t b);

#ifdef __cplusplus
}
#endif

#endif
