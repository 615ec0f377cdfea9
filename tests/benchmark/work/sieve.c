/* Counts primes. */
#include <string.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 17 };
static unsigned char composite[size];

unsigned work(unsigned rounds) {
  unsigned sum = 0;
  for (unsigned round = 0; round < rounds; round++) {
    memset(composite, 0, sizeof composite);
    unsigned count = 0;
    for (unsigned i = 2; i < size; i++) {
      if (composite[i] == 0) {
        count++;
        for (unsigned j = i * 2; j < size; j += i) {
          composite[j] = 1;
        }
      }
    }
    sum = add(sum, count);
  }
  return sum;
}
