/* libjpeg-turbo decodes a picture that it has written. */
#include <turbojpeg.h>

#include "input.h"
#include "work.h"

enum { width = 320, height = 200 };
static unsigned char picture[width * height * 3];
static unsigned char pixels[width * height * 3];

unsigned work(unsigned rounds) {
  fill_with_picture(picture, width, height);
  unsigned char* file = NULL;
  unsigned long length = 0;
  tjhandle compressor = tjInitCompress();
  unsigned sum = (unsigned)tjCompress2(compressor, picture, width, 0, height, TJPF_RGB, &file,
                                       &length, TJSAMP_420, 80, 0);
  tjDestroy(compressor);
  tjhandle decompressor = tjInitDecompress();
  for (unsigned i = 0; i < rounds; i++) {
    sum = add(sum, (unsigned)tjDecompress2(decompressor, file, length, pixels, width, 0, height,
                                           TJPF_RGB, 0));
    sum = add_bytes(sum, pixels, sizeof pixels);
  }
  tjDestroy(decompressor);
  tjFree(file);
  return sum;
}
