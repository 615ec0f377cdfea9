#include "vectors.h"

#ifdef __wasm__
int memory_pages(void) { return (int)__builtin_wasm_memory_size(0); }
int grow(int pages) { return (int)__builtin_wasm_memory_grow(0, (unsigned)pages); }
#else
int memory_pages(void) { return 0; }
int grow(int pages) { return pages == 0 ? 0 : -1; }
#endif

float sum(const float* values, int n) {
  float lanes[4] = {0, 0, 0, 0};
  int i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int lane = 0; lane < 4; ++lane) {
      lanes[lane] += values[i + lane] * 2;
    }
  }
  float total = lanes[0] + lanes[1] + lanes[2] + lanes[3];
  for (; i < n; ++i) {
    total += values[i] * 2;
  }
  return total;
}

#ifdef __wasm_simd128__
int has_simd(void) { return 1; }
#else
int has_simd(void) { return 0; }
#endif

int read_at(const int* values, unsigned index) { return values[index]; }

int call(int (*function)(int), int argument) { return function(argument); }
float call_float(float (*function)(float), float argument) { return function(argument); }
