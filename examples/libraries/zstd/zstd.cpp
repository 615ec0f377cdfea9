// Unpacks an input as it is; packs it and unpacks it again, and a copy with an error in it.
#include "zstd.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_zstd> sandbox;
  const auto size = static_cast<std::uint32_t>(input.size());
  const auto most = shelf::number(sandbox.invoke_sandbox_function(ZSTD_compressBound, size), size,
                                  2 * size + 1024);
  auto packed = sandbox.malloc_in_sandbox<char>(most);
  auto unpacked = sandbox.malloc_in_sandbox<char>(size + 1);
  auto packer = sandbox.invoke_sandbox_function(ZSTD_createCCtx);
  sandbox.invoke_sandbox_function(ZSTD_CCtx_setParameter, packer, ZSTD_c_compressionLevel, 19);
  sandbox.invoke_sandbox_function(ZSTD_CCtx_setParameter, packer, ZSTD_c_checksumFlag, 1);
  auto done = sandbox.invoke_sandbox_function(ZSTD_compress2, packer, packed, most,
                                              sandbox.give(input), size);
  const std::string stream = shelf::bytes(packed, shelf::number(done, 1u, most));
  const std::uint32_t room = 1 << 16;
  auto output = sandbox.malloc_in_sandbox<char>(room);
  done = sandbox.invoke_sandbox_function(ZSTD_decompress, output, room, sandbox.give(input), size);
  std::string said = "as it is: ";
  // Which error comes first differs between processors with 32 and with 64 bits.
  said += shelf::number(sandbox.invoke_sandbox_function(ZSTD_isError, done), 0, 1)
              ? "an error"
              : shelf::fingerprint(shelf::bytes(output, shelf::number(done, 0u, room)));
  said +=
      "\npacked: " + std::to_string(stream.size()) + " bytes " + shelf::fingerprint(stream) + "\n";
  for (const bool broken : {false, true}) {
    std::string sent = stream;
    sent[sent.size() / 2] = static_cast<char>(sent[sent.size() / 2] ^ (broken ? 0x55 : 0));
    done = sandbox.invoke_sandbox_function(ZSTD_decompress, unpacked, size, sandbox.give(sent),
                                           static_cast<std::uint32_t>(sent.size()));
    if (shelf::number(sandbox.invoke_sandbox_function(ZSTD_isError, done), 0, 1)) {
      said += "unpacked: an error\n";
      continue;
    }
    const bool same = shelf::bytes(unpacked, shelf::number(done, 0u, size)) == input;
    said += same ? "unpacked: the same\n" : "unpacked: not the same\n";
  }
  return said;
}
