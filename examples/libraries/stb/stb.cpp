// Decodes a picture of any kind that stb_image knows.
#include "stb.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_stb> sandbox;
  auto width = sandbox.malloc_in_sandbox<int>();
  auto height = sandbox.malloc_in_sandbox<int>();
  auto channels = sandbox.malloc_in_sandbox<int>();
  auto pixels =
      sandbox.invoke_sandbox_function(stbi_load_from_memory, sandbox.give<stbi_uc>(input),
                                      static_cast<int>(input.size()), width, height, channels, 4);
  if (pixels == nullptr) {
    return "error: " + shelf::text(sandbox.invoke_sandbox_function(stbi_failure_reason)) + "\n";
  }
  const auto w = shelf::number(*width, 1u, 4096u);
  const auto h = shelf::number(*height, 1u, 4096u);
  const std::string said = std::to_string(w) + " x " + std::to_string(h) + ", " +
                           std::to_string(shelf::number(*channels, 1, 4)) + " channels " +
                           shelf::fingerprint(shelf::bytes(pixels, w * h * 4)) + "\n";
  sandbox.invoke_sandbox_function(stbi_image_free, pixels);
  return said;
}
