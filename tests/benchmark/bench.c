#include "bench.h"

uint32_t bench_add(uint32_t a, uint32_t b) { return a + b; }

uint32_t bench_call(bench_function f, uint32_t times) {
  uint32_t value = 0;
  for (uint32_t i = 0; i < times; i++) {
    value = f(value);
  }
  return value;
}
