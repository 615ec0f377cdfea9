// Shapes a line of text with a font; the library asks the program for the font's tables.
#include "graphite2.rlbox.h"

#include <cmath>

#include "examples/libraries/shelf.hpp"

static const std::string* font_file;

static std::uint32_t big_endian(std::size_t at, std::size_t bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + bytes && i < font_file->size(); ++i) {
    value = value << 8 | static_cast<unsigned char>((*font_file)[i]);
  }
  return value;
}

static tainted_graphite2<const void*> table(rlbox_sandbox_graphite2& sandbox,
                                            tainted_graphite2<const void*>,
                                            tainted_graphite2<unsigned> name,
                                            tainted_graphite2<std::size_t*> length) {
  const auto wanted = shelf::number(name, 0u, 0xffffffffu);
  for (std::uint32_t i = 0; i < big_endian(4, 2); ++i) {
    const std::size_t entry = 12 + 16 * i;
    const std::size_t from = big_endian(entry + 8, 4);
    if (big_endian(entry, 4) == wanted && from < font_file->size()) {
      const std::string bytes = font_file->substr(from, big_endian(entry + 12, 4));
      auto copy = sandbox.malloc_in_sandbox<char>(static_cast<std::uint32_t>(bytes.size() + 1));
      rlbox::memcpy(sandbox, copy, bytes.c_str(), bytes.size() + 1);
      *length = static_cast<std::uint32_t>(bytes.size());
      return rlbox::sandbox_static_cast<const void*>(copy);
    }
  }
  return nullptr;
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_graphite2> sandbox;
  font_file = &input;
  auto on_table = sandbox.register_callback(table);
  auto calls = sandbox.malloc_in_sandbox<gr_face_ops>();
  calls->size = sandbox.sizeof_in_sandbox<gr_face_ops>();
  calls->get_table = on_table;
  calls->release_table = nullptr;
  auto face = sandbox.invoke_sandbox_function(gr_make_face_with_ops, sandbox.give("font"), calls,
                                              gr_face_preloadAll);
  if (face == nullptr) {
    return "no font\n";
  }
  auto font = sandbox.invoke_sandbox_function(gr_make_font, 16.0f, face);
  const std::string line = "Shaped text";
  auto text = rlbox::sandbox_static_cast<const void*>(sandbox.give(line));
  auto segment = sandbox.invoke_sandbox_function(gr_make_seg, font, face, 0u, nullptr, gr_utf8,
                                                 text, static_cast<std::uint32_t>(line.size()), 0);
  std::string said;
  tainted_graphite2<const gr_slot*> slot =
      sandbox.invoke_sandbox_function(gr_seg_first_slot, segment);
  for (int i = 0; i < 100 && slot != nullptr; ++i) {
    auto glyph = sandbox.invoke_sandbox_function(gr_slot_gid, slot);
    auto x = sandbox.invoke_sandbox_function(gr_slot_origin_X, slot);
    char entry[64];
    std::snprintf(entry, sizeof(entry), "glyph %u at %.3f\n", shelf::number(glyph, 0u, 65535u),
                  static_cast<double>(shelf::number(x, -1e6f, 1e6f)));
    said += entry;
    slot = sandbox.invoke_sandbox_function(gr_slot_next_in_segment, slot);
  }
  sandbox.invoke_sandbox_function(gr_seg_destroy, segment);
  sandbox.invoke_sandbox_function(gr_font_destroy, font);
  sandbox.invoke_sandbox_function(gr_face_destroy, face);
  return said;
}
