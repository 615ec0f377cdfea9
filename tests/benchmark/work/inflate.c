/* zlib decompresses text. */
#include <zlib.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 20 };
static char text[size];
static char back[size];
static Bytef packed[size];

unsigned work(unsigned rounds) {
  fill_with_text(text, size);
  uLongf length = size;
  unsigned sum = (unsigned)compress2(packed, &length, (const Bytef*)text, size, 6);
  for (unsigned i = 0; i < rounds; i++) {
    uLongf got = size;
    sum = add(sum, (unsigned)uncompress((Bytef*)back, &got, packed, length));
    sum = add_bytes(sum, back, got);
  }
  return sum;
}
