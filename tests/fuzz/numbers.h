/* See numbers.c. */
#ifndef TESTS_FUZZ_NUMBERS_H_
#define TESTS_FUZZ_NUMBERS_H_

#include <stdint.h>

int apply(unsigned operation, int value);
int classify(int value);
int64_t mix(int64_t left, double right);
void spread(char* to, const char* from, uint32_t size);
void add_all(float* to, const float* from, uint32_t count);

#endif
