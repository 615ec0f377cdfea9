// Decodes a PNG, turns it upside down, and encodes it again.
#include "lodepng.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_lodepng> sandbox;
  auto pixels = sandbox.malloc_in_sandbox<unsigned char*>();
  auto width = sandbox.malloc_in_sandbox<unsigned>();
  auto height = sandbox.malloc_in_sandbox<unsigned>();
  auto error = sandbox.invoke_sandbox_function(lodepng_decode32, pixels, width, height,
                                               sandbox.give<unsigned char>(input),
                                               static_cast<std::uint32_t>(input.size()));
  if (const auto code = shelf::number(error, 0u, 1000u)) {
    return "error: " + shelf::text(sandbox.invoke_sandbox_function(lodepng_error_text, code)) +
           "\n";
  }
  const auto w = shelf::number(*width, 1u, 4096u);
  const auto h = shelf::number(*height, 1u, 4096u);
  tainted_lodepng<unsigned char*> decoded = *pixels;
  const std::string rows = shelf::bytes(decoded, w * h * 4);
  std::string flipped;
  for (unsigned y = h; y-- > 0;) {
    flipped += rows.substr(y * w * 4, w * 4);
  }
  auto size = sandbox.malloc_in_sandbox<std::size_t>();
  error = sandbox.invoke_sandbox_function(lodepng_encode32, pixels, size,
                                          sandbox.give<unsigned char>(flipped), w, h);
  tainted_lodepng<unsigned char*> encoded = *pixels;
  const std::string file = shelf::number(error, 0u, 1000u)
                               ? ""
                               : shelf::bytes(encoded, shelf::number(*size, 1u, 1u << 24));
  return std::to_string(w) + " x " + std::to_string(h) + " " + shelf::fingerprint(rows) +
         "\nupside down: " + std::to_string(file.size()) + " bytes " + shelf::fingerprint(file) +
         "\n";
}
