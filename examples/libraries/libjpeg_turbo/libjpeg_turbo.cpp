// Decodes a JPEG. The library leaves a broken file by longjmp.
#include "libjpeg_turbo.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_libjpeg_turbo> sandbox;
  const auto size = static_cast<std::uint32_t>(input.size());
  auto file = sandbox.give<unsigned char>(input);
  auto width = sandbox.malloc_in_sandbox<int>();
  auto height = sandbox.malloc_in_sandbox<int>();
  auto sampling = sandbox.malloc_in_sandbox<int>();
  auto space = sandbox.malloc_in_sandbox<int>();
  auto decoder = sandbox.invoke_sandbox_function(tjInitDecompress);
  auto failed = sandbox.invoke_sandbox_function(tjDecompressHeader3, decoder, file, size, width,
                                                height, sampling, space);
  std::string said;
  if (shelf::number(failed, -1, 0) == 0) {
    const int w = shelf::number(*width, 1, 4096);
    const int h = shelf::number(*height, 1, 4096);
    const auto bytes = static_cast<std::uint32_t>(w * h * 3);
    auto pixels = sandbox.malloc_in_sandbox<unsigned char>(bytes);
    // After an error some pixels have no value.
    rlbox::memset(sandbox, pixels, 0, bytes);
    failed = sandbox.invoke_sandbox_function(tjDecompress2, decoder, file, size, pixels, w, 0, h,
                                             static_cast<int>(TJPF_RGB), TJFLAG_ACCURATEDCT);
    said = std::to_string(w) + " x " + std::to_string(h) + " " +
           shelf::fingerprint(shelf::bytes(pixels, bytes)) + "\n";
  }
  if (shelf::number(failed, -1, 0) != 0) {
    said +=
        "error: " + shelf::text(sandbox.invoke_sandbox_function(tjGetErrorStr2, decoder)) + "\n";
  }
  sandbox.invoke_sandbox_function(tjDestroy, decoder);
  return said;
}
