/* A library that brings its own malloc and free, its own constructors and destructors. */
#ifndef TESTS_HOSTILE_HEAP_H_
#define TESTS_HOSTILE_HEAP_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What malloc, free and the destructors do from now on: a letter, and a number for it. */
void choose_malloc(int what, uint32_t number);
void choose_free(int what);
void choose_end(int what);
typedef void (*heap_callback)(void);
void keep_callback(heap_callback f);
uint32_t count_of_frees(void);
uint32_t started(void);
typedef struct triple {
  uint32_t a;
  uint32_t b;
  uint32_t c;
} triple;
uint32_t triple_sum(triple t);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_HOSTILE_HEAP_H_ */
