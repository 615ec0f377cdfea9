#ifndef TESTS_MEMORY_VECTORS_H_
#define TESTS_MEMORY_VECTORS_H_

#ifdef __cplusplus
extern "C" {
#endif

/* Pages of 64 KiB that the library has. */
int memory_pages(void);
/* Asks for more pages; the number there were before, or -1. */
int grow(int pages);
/* The sum of n floats; vectorised where the compiler can. */
float sum(const float* values, int n);
/* Whether the library was compiled with vector instructions. */
int has_simd(void);
/* What lies index ints behind values. */
int read_at(const int* values, unsigned index);
/* Call a function of the application. */
int call(int (*function)(int), int argument);
float call_float(float (*function)(float), float argument);

#ifdef __cplusplus
}
#endif

#endif
