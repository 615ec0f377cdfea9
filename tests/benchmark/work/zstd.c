/* zstd decompresses text. */
#include <zstd.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 20 };
static char text[size];
static char packed[size];
static char back[size];

unsigned work(unsigned rounds) {
  fill_with_text(text, size);
  const size_t length = ZSTD_compress(packed, size, text, size, 3);
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    sum = add_bytes(sum, back, ZSTD_decompress(back, size, packed, length));
  }
  return sum;
}
