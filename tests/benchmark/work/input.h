#pragma once
/* Input for libraries: the same bytes on every machine. */
#include <stddef.h>
#include <stdint.h>

/* A generator of numbers: xorshift. */
static inline uint32_t next(uint32_t* state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* Adds a value to a checksum (FNV-1a). */
static inline unsigned add(unsigned sum, unsigned value) { return (sum ^ value) * 16777619U; }

static inline unsigned add_bytes(unsigned sum, const void* bytes, size_t size) {
  const unsigned char* at = (const unsigned char*)bytes;
  for (size_t i = 0; i < size; i += 61) {
    sum = add(sum, at[i]);
  }
  return add(sum, (unsigned)size);
}

/* Fills `text` with words of which some are frequent, as in a language. */
static inline void fill_with_text(char* text, size_t size) {
  static const char* const syllables[] = {"ba", "ren", "to", "li",  "sun", "ka",  "mor", "e",
                                          "vi", "ost", "ne", "dra", "um",  "shi", "pel", "an"};
  uint32_t state = 2463534242U;
  for (size_t at = 0; at < size;) {
    const uint32_t word = next(&state);
    /* Short numbers are frequent ones. */
    uint32_t bits = word >> (word & 15) >> 8 & 0xfff;
    for (int i = 0; i < 3 && at < size; i++, bits >>= 4) {
      for (const char* from = syllables[bits & 15]; *from != 0 && at < size; from++) {
        text[at++] = *from;
      }
      if (bits < 16) {
        break;
      }
    }
    if (at < size) {
      text[at++] = word % 11 == 0 ? '\n' : ' ';
    }
  }
}

/* Fills RGB pixels with gradients, edges and a little noise, as in a photograph. */
static inline void fill_with_picture(unsigned char* rgb, unsigned width, unsigned height) {
  uint32_t state = 88172645U;
  for (unsigned y = 0; y < height; y++) {
    for (unsigned x = 0; x < width; x++, rgb += 3) {
      const uint32_t noise = next(&state);
      const unsigned inside =
          (x - width / 2) * (x - width / 2) + (y - height / 2) * (y - height / 2) <
          width * height / 9;
      rgb[0] = (unsigned char)(x * 255 / width + (noise & 3));
      rgb[1] = (unsigned char)((inside ? 200 : y * 200 / height) + (noise >> 2 & 3));
      rgb[2] = (unsigned char)((x / 16 + y / 16) % 2 * 60 + (noise >> 4 & 3));
    }
  }
}
