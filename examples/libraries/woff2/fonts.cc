#include "fonts.h"

#include "woff2/decode.h"
#include "woff2/encode.h"

size_t font_most_packed(const uint8_t* font, size_t size) {
  return woff2::MaxWOFF2CompressedSize(font, size);
}

size_t font_most_unpacked(const uint8_t* packed, size_t size) {
  return woff2::ComputeWOFF2FinalSize(packed, size);
}

size_t font_pack(const uint8_t* font, size_t size, uint8_t* packed, size_t room) {
  return woff2::ConvertTTFToWOFF2(font, size, packed, &room) ? room : 0;
}

size_t font_unpack(const uint8_t* packed, size_t size, uint8_t* font, size_t room) {
  woff2::WOFF2MemoryOut out(font, room);
  return woff2::ConvertWOFF2ToTTF(packed, size, &out) ? out.Size() : 0;
}
