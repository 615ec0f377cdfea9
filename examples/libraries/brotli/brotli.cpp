// Unpacks an input as it is; packs it and unpacks it again, and a copy with an error in it.
#include "brotli.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_brotli> sandbox;
  const auto size = static_cast<std::uint32_t>(input.size());
  const auto most = shelf::number(
      sandbox.invoke_sandbox_function(BrotliEncoderMaxCompressedSize, size), size, 2 * size + 1024);
  auto packed = sandbox.malloc_in_sandbox<std::uint8_t>(most);
  auto unpacked = sandbox.malloc_in_sandbox<std::uint8_t>(size + 1);
  auto length = sandbox.malloc_in_sandbox<std::size_t>();
  *length = most;
  sandbox.invoke_sandbox_function(BrotliEncoderCompress, BROTLI_DEFAULT_QUALITY,
                                  BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, size,
                                  sandbox.give<std::uint8_t>(input), length, packed);
  const std::string stream = shelf::bytes(packed, shelf::number(*length, 1u, most));
  const std::uint32_t room = 1 << 16;
  auto output = sandbox.malloc_in_sandbox<std::uint8_t>(room);
  *length = room;
  auto done = sandbox.invoke_sandbox_function(BrotliDecoderDecompress, size,
                                              sandbox.give<std::uint8_t>(input), length, output);
  std::string said = "as it is: an error\n";
  if (done.copy_and_verify([](auto value) { return value == BROTLI_DECODER_RESULT_SUCCESS; })) {
    const std::string content = shelf::bytes(output, shelf::number(*length, 0u, room));
    said = "as it is: " + std::to_string(content.size()) + " bytes " + shelf::fingerprint(content) +
           "\n";
  }
  said +=
      "packed: " + std::to_string(stream.size()) + " bytes " + shelf::fingerprint(stream) + "\n";
  for (const bool broken : {false, true}) {
    std::string sent = stream;
    sent[sent.size() / 2] = static_cast<char>(sent[sent.size() / 2] ^ (broken ? 0x55 : 0));
    *length = size + 1;
    auto result = sandbox.invoke_sandbox_function(
        BrotliDecoderDecompress, static_cast<std::uint32_t>(sent.size()),
        sandbox.give<std::uint8_t>(sent), length, unpacked);
    const bool whole =
        result.copy_and_verify([](auto value) { return value == BROTLI_DECODER_RESULT_SUCCESS; });
    const std::string text = shelf::bytes(unpacked, shelf::number(*length, 0u, size + 1));
    said += std::string("unpacked: ") + (!whole          ? "an error\n"
                                         : text == input ? "the same\n"
                                                         : "not the same\n");
  }
  return said;
}
