// Decodes a PNG with libpng's simple interface. libpng leaves a broken file by longjmp.
#include "libpng.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_libpng> sandbox;
  auto image = sandbox.malloc_in_sandbox<png_image>();
  image->opaque = nullptr;
  image->version = PNG_IMAGE_VERSION;
  auto begun =
      sandbox.invoke_sandbox_function(png_image_begin_read_from_memory, image, sandbox.give(input),
                                      static_cast<std::uint32_t>(input.size()));
  std::string said;
  if (shelf::number(begun, 0, 1)) {
    image->format = PNG_FORMAT_RGBA;
    const auto width = shelf::number(image->width, 1u, 4096u);
    const auto height = shelf::number(image->height, 1u, 4096u);
    auto pixels = sandbox.malloc_in_sandbox<png_byte>(width * height * 4);
    auto done = sandbox.invoke_sandbox_function(png_image_finish_read, image, nullptr, pixels,
                                                static_cast<int>(width * 4), nullptr);
    said = std::to_string(width) + " x " + std::to_string(height) + " ";
    said += shelf::number(done, 0, 1) ? shelf::fingerprint(shelf::bytes(pixels, width * height * 4))
                                      : "broken";
    said += "\n";
  }
  if (shelf::number(image->warning_or_error, 0u, 0xffffffffu) != 0) {
    const std::string message = shelf::bytes(&image->message[0], 64);
    said += "libpng: " + std::string(message.c_str()).substr(0, 63) + "\n";
  }
  sandbox.invoke_sandbox_function(png_image_free, image);
  return said;
}
