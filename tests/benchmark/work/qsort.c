/* Sorts numbers: each comparison is a call through a pointer. */
#include "input.h"
#include "work.h"

enum { count = 1 << 14 };
static uint32_t numbers[count];

static int compare(const void* left, const void* right) {
  const uint32_t a = *(const uint32_t*)left;
  const uint32_t b = *(const uint32_t*)right;
  return (a > b) - (a < b);
}

/* The same algorithm on both sides: each C library has its own qsort. */
static void sort(uint32_t* from, uint32_t* to, int (*order)(const void*, const void*)) {
  while (to - from > 1) {
    const uint32_t pivot = from[(to - from) / 2];
    uint32_t* left = from;
    uint32_t* right = to - 1;
    while (left <= right) {
      while (order(left, &pivot) < 0) {
        left++;
      }
      while (order(&pivot, right) < 0) {
        right--;
      }
      if (left <= right) {
        const uint32_t kept = *left;
        *left++ = *right;
        *right-- = kept;
      }
    }
    sort(from, right + 1, order);
    from = left;
  }
}

unsigned work(unsigned rounds) {
  int (*volatile order)(const void*, const void*) = compare;
  unsigned sum = 0;
  for (unsigned round = 0; round < rounds; round++) {
    uint32_t state = round + 1;
    for (int i = 0; i < count; i++) {
      numbers[i] = next(&state);
    }
    sort(numbers, numbers + count, order);
    sum = add(sum, numbers[round % count]);
  }
  return sum;
}
