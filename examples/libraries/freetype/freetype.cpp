// Draws letters of a font.
#include "freetype.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_freetype> sandbox;
  auto library_place = sandbox.malloc_in_sandbox<FT_Library>();
  auto face_place = sandbox.malloc_in_sandbox<FT_Face>();
  sandbox.invoke_sandbox_function(FT_Init_FreeType, library_place);
  tainted_freetype<FT_Library> library = *library_place;
  auto failed = sandbox.invoke_sandbox_function(FT_New_Memory_Face, library,
                                                sandbox.give<unsigned char>(input),
                                                static_cast<long>(input.size()), 0l, face_place);
  if (const int code = shelf::number(failed, 0, 255)) {
    return "error " + std::to_string(code) + "\n";
  }
  tainted_freetype<FT_Face> face = *face_place;
  std::string said;
  sandbox.invoke_sandbox_function(FT_Set_Pixel_Sizes, face, 0u, 16u);
  for (const char letter : std::string("Ag8")) {
    failed = sandbox.invoke_sandbox_function(FT_Load_Char, face, static_cast<unsigned long>(letter),
                                             FT_LOAD_RENDER);
    if (const int code = shelf::number(failed, 0, 255)) {
      said += "error " + std::to_string(code) + "\n";
      continue;
    }
    tainted_freetype<FT_GlyphSlot> glyph = face->glyph;
    auto& bitmap = glyph->bitmap;
    const unsigned width = shelf::number(bitmap.width, 0u, 100u);
    const unsigned height = shelf::number(bitmap.rows, 0u, 100u);
    const unsigned pitch = shelf::number(bitmap.pitch, width, 100u);
    tainted_freetype<unsigned char*> buffer = bitmap.buffer;
    const std::string pixels = shelf::bytes(buffer, pitch * height);
    for (unsigned y = 0; y < height; ++y) {
      for (unsigned x = 0; x < width; ++x) {
        said += " .:oO#"[static_cast<unsigned char>(pixels[y * pitch + x]) * 5 / 255];
      }
      said += "|\n";
    }
  }
  sandbox.invoke_sandbox_function(FT_Done_Face, face);
  sandbox.invoke_sandbox_function(FT_Done_FreeType, library);
  return said;
}
