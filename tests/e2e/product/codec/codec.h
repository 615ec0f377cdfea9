#ifndef CODEC_H_
#define CODEC_H_

#include <string>

namespace codec {

// Encodes text as letters with counts; "" if that takes more than 99 characters.
std::string encode(const std::string& text);

}  // namespace codec

#endif  // CODEC_H_
