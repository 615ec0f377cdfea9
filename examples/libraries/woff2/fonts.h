#ifndef EXAMPLES_LIBRARIES_WOFF2_FONTS_H_
#define EXAMPLES_LIBRARIES_WOFF2_FONTS_H_
// What the program needs of woff2, in C: names and objects of C++ stay in the sandbox.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bytes that packing a font takes at most, and that unpacking one takes, by its own account.
size_t font_most_packed(const uint8_t* font, size_t size);
size_t font_most_unpacked(const uint8_t* packed, size_t size);

// Pack a font, and unpack one. They return the bytes written, 0 for what is no font.
size_t font_pack(const uint8_t* font, size_t size, uint8_t* packed, size_t room);
size_t font_unpack(const uint8_t* packed, size_t size, uint8_t* font, size_t room);

#ifdef __cplusplus
}
#endif

#endif  // EXAMPLES_LIBRARIES_WOFF2_FONTS_H_
