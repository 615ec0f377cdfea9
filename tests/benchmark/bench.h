/* The library whose calls are measured. */
#ifndef RLBOX_TESTS_BENCH_H_
#define RLBOX_TESTS_BENCH_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t (*bench_function)(uint32_t);

/* Adds two numbers: as little work as a function can do. */
uint32_t bench_add(uint32_t a, uint32_t b);

/* Calls f that many times, one call after the other. */
uint32_t bench_call(bench_function f, uint32_t times);

#ifdef __cplusplus
}
#endif

#endif
