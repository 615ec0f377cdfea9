/* A library that calls setjmp in every way that C allows, and that an attacker would like. */
#ifndef TESTS_SETJMP_JUMPS_H_
#define TESTS_SETJMP_JUMPS_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Runs one of the cases with a number to start from. */
enum { JUMPS_CASES = 13 };
int32_t jumps_case(int32_t which, int32_t seed);

/* Calls f under a try block: what f returned; -1 if a jump came back. */
typedef int32_t (*jumps_callback)(int32_t);
int32_t jumps_call(jumps_callback f, int32_t n);

/* Calls f under a try block of its own, then jumps to it: 100 more than what f returned. */
int32_t jumps_call_then_jump(jumps_callback f, int32_t n);

/* Jumps, in a call without try blocks of its own, to that of jumps_call, if one waits. */
int32_t jumps_out(int32_t value);

/* Prints a line under a try block. */
int32_t jumps_print(int32_t n);

/* 0: jumps_print; 1: jumps_out. */
int32_t jumps_step(int32_t which);

/* Keeps an environment whose function returns; jumps to it. */
void jumps_keep(void);
void jumps_to_kept(void);

/* Traps under a try block that catches every jump, n levels deep. */
int32_t jumps_trap(int32_t depth);

/* Jumps n times to the same environment. */
int32_t jumps_often(int32_t n);

/* Does nothing. */
int32_t jumps_nothing(int32_t n);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_SETJMP_JUMPS_H_ */
