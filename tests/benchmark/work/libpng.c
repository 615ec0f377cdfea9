/* libpng decodes a picture that it has written. */
#include <png.h>
#include <stdlib.h>

#include "input.h"
#include "work.h"

enum { width = 320, height = 200 };
static unsigned char picture[width * height * 3];
static unsigned char pixels[width * height * 4];
static unsigned char file[width * height * 4];

static png_image new_image(void) {
  png_image image = {0};
  image.version = PNG_IMAGE_VERSION;
  return image;
}

unsigned work(unsigned rounds) {
  fill_with_picture(picture, width, height);
  png_image written = new_image();
  written.width = width;
  written.height = height;
  written.format = PNG_FORMAT_RGB;
  png_alloc_size_t length = sizeof file;
  unsigned sum = (unsigned)png_image_write_to_memory(&written, file, &length, 0, picture, 0, NULL);
  for (unsigned i = 0; i < rounds; i++) {
    png_image image = new_image();
    sum = add(sum, (unsigned)png_image_begin_read_from_memory(&image, file, length));
    image.format = PNG_FORMAT_RGBA;
    sum = add(sum, (unsigned)png_image_finish_read(&image, NULL, pixels, 0, NULL));
    sum = add_bytes(sum, pixels, sizeof pixels);
  }
  return sum;
}
