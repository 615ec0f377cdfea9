// Decodes a GIF; the library reads the file through a callback.
#include "giflib.rlbox.h"

#include <algorithm>

#include "examples/libraries/shelf.hpp"

static const std::string* file;
static std::size_t place;

static tainted_giflib<int> read(rlbox_sandbox_giflib& sandbox, tainted_giflib<GifFileType*>,
                                tainted_giflib<GifByteType*> to, tainted_giflib<int> wanted) {
  const auto count =
      std::min<std::size_t>(shelf::number(wanted, 0u, 1u << 24), file->size() - place);
  if (count > 0) {
    rlbox::memcpy(sandbox, to, file->data() + place, count);
  }
  place += count;
  return static_cast<int>(count);
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_giflib> sandbox;
  file = &input;
  place = 0;
  auto reader = sandbox.register_callback(read);
  auto error = sandbox.malloc_in_sandbox<int>();
  *error = 0;
  auto gif = sandbox.invoke_sandbox_function(DGifOpen, nullptr, reader, error);
  if (gif == nullptr) {
    return "error " + std::to_string(shelf::number(*error, 0, 1000)) + "\n";
  }
  std::string said;
  const bool whole =
      shelf::number(sandbox.invoke_sandbox_function(DGifSlurp, gif), 0, 1) != GIF_ERROR;
  if (!whole) {
    said = "error " + std::to_string(shelf::number(gif->Error, 0, 1000)) + "\n";
  }
  const unsigned images = shelf::number(gif->ImageCount, 0u, 1000u);
  for (unsigned i = 0; i < images; ++i) {
    auto& image = gif->SavedImages[i];
    const auto width = shelf::number(image.ImageDesc.Width, 0u, 65535u);
    const auto height = shelf::number(image.ImageDesc.Height, 0u, 65535u);
    tainted_giflib<GifByteType*> pixels = image.RasterBits;
    said += std::to_string(width) + " x " + std::to_string(height) + " " +
            // After an error some pixels have no value.
            (whole && pixels != nullptr ? shelf::fingerprint(shelf::bytes(pixels, width * height))
                                        : "no picture") +
            "\n";
  }
  sandbox.invoke_sandbox_function(DGifCloseFile, gif, error);
  return said;
}
