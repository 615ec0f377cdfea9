// Unpacks an input as it is; packs it and unpacks it again, and a copy with an error in it.
#include "lz4.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_lz4> sandbox;
  const int size = static_cast<int>(input.size());
  const int most =
      shelf::number(sandbox.invoke_sandbox_function(LZ4_compressBound, size), size, 2 * size + 64);
  auto packed = sandbox.malloc_in_sandbox<char>(static_cast<std::uint32_t>(most));
  auto unpacked = sandbox.malloc_in_sandbox<char>(static_cast<std::uint32_t>(size + 1));
  auto done =
      sandbox.invoke_sandbox_function(LZ4_compress_HC, sandbox.give(input), packed, size, most, 9);
  const std::string stream =
      shelf::bytes(packed, shelf::number(done, 1u, static_cast<unsigned>(most)));
  const int room = 1 << 16;
  auto output = sandbox.malloc_in_sandbox<char>(room);
  done =
      sandbox.invoke_sandbox_function(LZ4_decompress_safe, sandbox.give(input), output, size, room);
  const int content = shelf::number(done, -1000000, room);
  std::string said = "as it is: " + std::to_string(content);
  if (content > 0) {
    said += " " + shelf::fingerprint(shelf::bytes(output, static_cast<std::size_t>(content)));
  }
  said +=
      "\npacked: " + std::to_string(stream.size()) + " bytes " + shelf::fingerprint(stream) + "\n";
  for (const bool broken : {false, true}) {
    std::string sent = stream;
    sent[sent.size() / 2] = static_cast<char>(sent[sent.size() / 2] ^ (broken ? 0x55 : 0));
    done = sandbox.invoke_sandbox_function(LZ4_decompress_safe, sandbox.give(sent), unpacked,
                                           static_cast<int>(sent.size()), size);
    const int length = shelf::number(done, -1000000, size);
    said += "unpacked: " + std::to_string(length);
    said += length > 0 && shelf::bytes(unpacked, static_cast<std::size_t>(length)) == input
                ? ", the same\n"
                : ", not the same\n";
  }
  return said;
}
