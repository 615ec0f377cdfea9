#include "wide.h"

void wide_fill(int64_t* to, size_t count, int64_t first) {
  for (size_t i = 0; i < count; i++) to[i] = first + (int64_t)i;
}

int64_t wide_sum(const wide_time* values, size_t count) {
  int64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += values[i];
  return sum;
}

uint64_t wide_sum_of_rows(const uint64_t (*rows)[2], size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += rows[i][0] + rows[i][1];
  return sum;
}

int64_t wide_sum_of_list(const wide_list* list) { return wide_sum(list->values, list->count); }

const int64_t* wide_table(void) {
  static const int64_t table[] = {INT64_C(1) << 40, -3};
  return table;
}

int64_t wide_fold(wide_step step, void* context, size_t count) {
  int64_t value = INT64_C(1) << 33;
  for (uint64_t i = 0; i < count; i++) value = step(context, value, &i);
  return value;
}

int64_t wide_twice(int64_t value) { return 2 * value; }
wide_unary wide_choose(wide_unary function) { return function; }

long wide_sum_of_longs(const long* values, size_t count) {
  long sum = 0;
  for (size_t i = 0; i < count; i++) sum += values[i];
  return sum;
}

long wide_call_with_long(long (*function)(long), long value) { return function(value); }
