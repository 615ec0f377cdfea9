/* A second library, for programs with two modules. It has a function of the same name as the first.
 */
#ifndef RLBOX_TESTS_OTHER_H_
#define RLBOX_TESTS_OTHER_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t add_in_other(uint32_t a, uint32_t b);
uint32_t call_other(uint32_t (*f)(uint32_t), uint32_t value);
void fail_in_other(void);

/* Names that wasm2c mangles. */
uint32_t _begins(uint32_t value);
uint32_t ends_(uint32_t value);
uint32_t two__in_it(uint32_t value);

#ifdef __cplusplus
}
#endif

#endif
