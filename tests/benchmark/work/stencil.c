/* Blurs a picture of floats. */
#include "input.h"
#include "work.h"

enum { width = 256, height = 128 };
static float from[height][width], to[height][width];

unsigned work(unsigned rounds) {
  uint32_t state = 11;
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      from[y][x] = (float)(next(&state) % 256);
    }
  }
  unsigned sum = 0;
  for (unsigned round = 0; round < rounds; round++) {
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        to[y][x] =
            0.2F * (from[y][x] + from[y - 1][x] + from[y + 1][x] + from[y][x - 1] + from[y][x + 1]);
      }
    }
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        from[y][x] = to[y][x];
      }
    }
    sum = add(sum, (unsigned)(int)(from[5][round % width] * 64));
  }
  return sum;
}
