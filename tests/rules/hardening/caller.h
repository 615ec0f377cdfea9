/* A library that calls back. */
#ifndef TESTS_RULES_HARDENING_CALLER_H_
#define TESTS_RULES_HARDENING_CALLER_H_

#ifdef __cplusplus
extern "C" {
#endif

void call(void (*callback)(int number), int number);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_RULES_HARDENING_CALLER_H_
