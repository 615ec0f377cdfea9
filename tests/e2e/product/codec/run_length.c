#include "run_length.h"

#include <stdio.h>

int run_length_encode(const char* text, char* out, unsigned size) {
  unsigned used = 0;
  while (*text) {
    unsigned count = 1;
    while (text[count] == *text) ++count;
    int written = snprintf(out + used, size - used, "%c%u", *text, count);
    if (written < 0 || used + (unsigned)written >= size) return -1;
    used += (unsigned)written;
    text += count;
  }
  return 0;
}
