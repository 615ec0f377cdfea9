/* brotli decompresses text. */
#include <brotli/decode.h>
#include <brotli/encode.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 19 };
static char text[size];
static uint8_t packed[size];
static uint8_t back[size];

unsigned work(unsigned rounds) {
  fill_with_text(text, size);
  size_t length = size;
  unsigned sum = (unsigned)BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, size,
                                                 (const uint8_t*)text, &length, packed);
  for (unsigned i = 0; i < rounds; i++) {
    size_t got = size;
    sum = add(sum, (unsigned)BrotliDecoderDecompress(length, packed, &got, back));
    sum = add_bytes(sum, back, got);
  }
  return sum;
}
