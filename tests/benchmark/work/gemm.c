/* Multiplies matrices of doubles. */
#include "input.h"
#include "work.h"

enum { n = 96 };
static double a[n][n], b[n][n], c[n][n];

unsigned work(unsigned rounds) {
  uint32_t state = 7;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      a[i][j] = next(&state) % 1000;
      b[i][j] = next(&state) % 1000;
    }
  }
  unsigned sum = 0;
  for (unsigned round = 0; round < rounds; round++) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        c[i][j] = 0;
      }
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    a[round % n][0] += 1;
    sum = add(sum, (unsigned)(int)(c[round % n][5] / 4096));
  }
  return sum;
}
