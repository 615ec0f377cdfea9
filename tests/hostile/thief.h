/* A library that imports WASI functions with results that they do not have. No build of ours
 * accepts it. */
#ifndef TESTS_HOSTILE_THIEF_H_
#define TESTS_HOSTILE_THIEF_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes eight numbers to `to`: what the host's function left where they should be. */
void steal_by_yield(unsigned long long* to);
void steal_by_args_sizes(unsigned long long* to);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_HOSTILE_THIEF_H_ */
