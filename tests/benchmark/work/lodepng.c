/* lodepng decodes a picture. */
#include <lodepng.h>
#include <stdlib.h>

#include "input.h"
#include "work.h"

enum { width = 320, height = 200 };
static unsigned char picture[width * height * 3];

unsigned work(unsigned rounds) {
  fill_with_picture(picture, width, height);
  unsigned char* file = NULL;
  size_t length = 0;
  unsigned sum = lodepng_encode24(&file, &length, picture, width, height);
  for (unsigned i = 0; i < rounds; i++) {
    unsigned char* pixels = NULL;
    unsigned columns = 0;
    unsigned rows = 0;
    sum = add(sum, lodepng_decode32(&pixels, &columns, &rows, file, length));
    sum = add_bytes(sum, pixels, (size_t)columns * rows * 4);
    free(pixels);
  }
  free(file);
  return sum;
}
