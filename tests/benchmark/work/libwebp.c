/* libwebp decodes a picture that it has written. */
#include <webp/decode.h>
#include <webp/encode.h>

#include "input.h"
#include "work.h"

enum { width = 320, height = 200 };
static unsigned char picture[width * height * 3];

unsigned work(unsigned rounds) {
  fill_with_picture(picture, width, height);
  uint8_t* file = NULL;
  const size_t length = WebPEncodeRGB(picture, width, height, width * 3, 75, &file);
  unsigned sum = (unsigned)length;
  for (unsigned i = 0; i < rounds; i++) {
    int columns = 0;
    int rows = 0;
    uint8_t* pixels = WebPDecodeRGBA(file, length, &columns, &rows);
    sum = add_bytes(sum, pixels, (size_t)columns * (size_t)rows * 4);
    WebPFree(pixels);
  }
  WebPFree(file);
  return sum;
}
