// Decodes a WebP picture and packs it again without loss.
#include "libwebp.rlbox.h"

#include <algorithm>

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_libwebp> sandbox;
  auto width = sandbox.malloc_in_sandbox<int>();
  auto height = sandbox.malloc_in_sandbox<int>();
  auto pixels =
      sandbox.invoke_sandbox_function(WebPDecodeRGBA, sandbox.give<std::uint8_t>(input),
                                      static_cast<std::uint32_t>(input.size()), width, height);
  if (pixels == nullptr) {
    return "no picture\n";
  }
  const int w = shelf::number(*width, 1, 4096);
  const int h = shelf::number(*height, 1, 4096);
  const std::string rows = shelf::bytes(pixels, static_cast<std::size_t>(w * h * 4));
  // A corner of it.
  const int side = std::min({w, h, 64});
  auto output = sandbox.malloc_in_sandbox<std::uint8_t*>();
  auto size =
      sandbox.invoke_sandbox_function(WebPEncodeLosslessRGBA, pixels, side, side, w * 4, output);
  tainted_libwebp<std::uint8_t*> encoded = *output;
  const std::string file = shelf::bytes(encoded, shelf::number(size, 0u, 1u << 24));
  sandbox.invoke_sandbox_function(WebPFree, encoded);
  return std::to_string(w) + " x " + std::to_string(h) + " " + shelf::fingerprint(rows) +
         "\na corner: " + std::to_string(file.size()) + " bytes " + shelf::fingerprint(file) + "\n";
}
