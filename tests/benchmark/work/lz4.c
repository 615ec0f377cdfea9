/* LZ4 compresses text and decompresses it. What it packs has other bytes where size_t has 64 bits:
 * the sum is of the text. */
#include <lz4.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 20 };
static char text[size];
static char packed[LZ4_COMPRESSBOUND(size)];
static char back[size];

unsigned work(unsigned rounds) {
  fill_with_text(text, size);
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    const int length = LZ4_compress_default(text, packed, size, (int)sizeof packed);
    sum = add_bytes(sum, back, (size_t)LZ4_decompress_safe(packed, back, length, size));
  }
  return sum;
}
