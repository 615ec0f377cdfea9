// Unpacks a font for the web; packs one and unpacks it again.
#include "woff2.rlbox.h"

#include <algorithm>

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_woff2> sandbox;
  const auto size = static_cast<std::uint32_t>(input.size());
  auto font = sandbox.give<std::uint8_t>(input);
  const std::uint32_t large = 1 << 20;
  auto output = sandbox.malloc_in_sandbox<std::uint8_t>(large);
  auto read = sandbox.invoke_sandbox_function(font_unpack, font, size, output, large);
  if (const auto length = shelf::number(read, 0u, large)) {
    return "unpacked: " + std::to_string(length) + " bytes " +
           shelf::fingerprint(shelf::bytes(output, length)) + "\n";
  }
  const auto most = shelf::number(sandbox.invoke_sandbox_function(font_most_packed, font, size),
                                  size, size + 4096);
  auto packed = sandbox.malloc_in_sandbox<std::uint8_t>(most);
  auto done = sandbox.invoke_sandbox_function(font_pack, font, size, packed, most);
  const auto packed_size = shelf::number(done, 0u, most);
  if (packed_size == 0) {
    return "no font\n";
  }
  std::string said = "packed: " + std::to_string(packed_size) + " bytes " +
                     shelf::fingerprint(shelf::bytes(packed, packed_size)) + "\n";
  auto needed = sandbox.invoke_sandbox_function(font_most_unpacked, packed, packed_size);
  const auto room = shelf::number(needed, 0u, 4 * size + 4096);
  auto unpacked = sandbox.malloc_in_sandbox<std::uint8_t>(room);
  for (const std::uint32_t cut : {0u, 1000u}) {
    done = sandbox.invoke_sandbox_function(
        font_unpack, packed, packed_size - std::min(cut, packed_size), unpacked, room);
    const auto length = shelf::number(done, 0u, room);
    said += "unpacked: " + std::to_string(length) + " bytes " +
            shelf::fingerprint(shelf::bytes(unpacked, length)) + "\n";
  }
  return said;
}
