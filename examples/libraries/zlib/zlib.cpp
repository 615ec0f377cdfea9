// Unpacks an input as it is; packs it and unpacks it again, and a copy with an error in it.
#include "zlib.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_zlib> sandbox;
  const auto size = static_cast<std::uint32_t>(input.size());
  auto text = sandbox.give<Bytef>(input);
  auto length = sandbox.malloc_in_sandbox<unsigned long>();

  const std::uint32_t room = 1 << 16;
  auto output = sandbox.malloc_in_sandbox<Bytef>(room);
  *length = room;
  int code =
      shelf::number(sandbox.invoke_sandbox_function(uncompress, output, length, text, size), -6, 2);
  const std::string content = shelf::bytes(output, shelf::number(*length, 0u, room));
  std::string said = "as it is: " + std::to_string(code) + ", " + std::to_string(content.size()) +
                     " bytes " + shelf::fingerprint(content) + "\n";

  const auto most =
      shelf::number(sandbox.invoke_sandbox_function(compressBound, size), size, 2 * size + 64);
  auto packed = sandbox.malloc_in_sandbox<Bytef>(most);
  *length = most;
  code = shelf::number(sandbox.invoke_sandbox_function(compress2, packed, length, text, size, 9),
                       -6, 2);
  const auto packed_size = shelf::number(*length, 0u, most);
  const std::string stream = shelf::bytes(packed, packed_size);
  said += "packed: " + std::to_string(code) + ", " + std::to_string(packed_size) + " bytes " +
          shelf::fingerprint(stream) + "\n";

  auto unpacked = sandbox.malloc_in_sandbox<Bytef>(size + 1);
  for (const bool broken : {false, true}) {
    std::string sent = stream;
    sent[sent.size() / 2] = static_cast<char>(sent[sent.size() / 2] ^ (broken ? 0x55 : 0));
    *length = size + 1;
    code = shelf::number(sandbox.invoke_sandbox_function(uncompress, unpacked, length,
                                                         sandbox.give<Bytef>(sent), packed_size),
                         -6, 2);
    const std::string result = shelf::bytes(unpacked, shelf::number(*length, 0u, size + 1));
    said += "unpacked: " + std::to_string(code) +
            (result == input ? ", the same" : ", not the same") + "\n";
  }
  const auto sum = sandbox.invoke_sandbox_function(crc32, 0u, text, size);
  return said + "crc32: " + std::to_string(shelf::number(sum, 0u, 0xffffffffu)) + "\n";
}
