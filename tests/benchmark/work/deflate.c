/* zlib compresses text. */
#include <zlib.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 18 };
static char text[size];
static Bytef packed[size];

unsigned work(unsigned rounds) {
  fill_with_text(text, size);
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    uLongf length = size;
    sum = add(sum, (unsigned)compress2(packed, &length, (const Bytef*)text, size, 6));
    sum = add_bytes(sum, packed, length);
  }
  return sum;
}
