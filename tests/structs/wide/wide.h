/* 64-bit integers behind pointers and in callbacks, by the names that headers give them. */
#ifndef RLBOX_TESTS_WIDE_H_
#define RLBOX_TESTS_WIDE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int64_t wide_time;
typedef struct wide_list {
  const int64_t* values;
  size_t count;
} wide_list;

/* What points to them. */
void wide_fill(int64_t* to, size_t count, int64_t first);
int64_t wide_sum(const wide_time* values, size_t count);
uint64_t wide_sum_of_rows(const uint64_t (*rows)[2], size_t count);
int64_t wide_sum_of_list(const wide_list* list);

/* What they return. */
const int64_t* wide_table(void);

/* Callbacks. */
typedef int64_t (*wide_step)(void* context, int64_t value, const uint64_t* position);
int64_t wide_fold(wide_step step, void* context, size_t count);
int64_t wide_twice(int64_t value);
typedef int64_t (*wide_unary)(int64_t);
wide_unary wide_choose(wide_unary function);

/* A long is one. */
long wide_sum_of_longs(const long* values, size_t count);
long wide_call_with_long(long (*function)(long), long value);

#ifdef __cplusplus
}
#endif

#endif
