// Unpacks brotli from stdin to stdout, piece by piece: through the sandbox, or (with
// RLBOX_DIFFERENTIAL_NATIVE) by calling the library. A number as argument: how often, for timing.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

static constexpr std::uint32_t piece = 4096;

static std::string read_all() {
  std::string text;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    text += static_cast<char>(c);
  }
  return text;
}

#ifdef RLBOX_DIFFERENTIAL_NATIVE

#include <brotli/decode.h>

static std::string unpack(const std::string& packed, std::string& output) {
  BrotliDecoderState* const state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
  std::uint8_t space[piece];
  BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;
  for (std::size_t at = 0;
       at < packed.size() && result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;) {
    std::size_t left = std::min<std::size_t>(piece, packed.size() - at);
    const std::uint8_t* next = reinterpret_cast<const std::uint8_t*>(packed.data()) + at;
    at += left;
    do {
      std::size_t room = piece;
      std::uint8_t* end = space;
      result = BrotliDecoderDecompressStream(state, &left, &next, &room, &end, nullptr);
      output.append(reinterpret_cast<const char*>(space), piece - room);
    } while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
  }
  const std::string end = result == BROTLI_DECODER_RESULT_SUCCESS ? "success"
                          : result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT
                              ? "truncated"
                              : BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state));
  BrotliDecoderDestroyInstance(state);
  return end;
}

#else

#include "brotli.rlbox.h"

// Lets the sandbox have what it asks for, and believes none of its numbers.
class decoder {
  rlbox_sandbox_brotli sandbox;
  tainted_brotli<std::uint8_t*> input{};
  tainted_brotli<std::uint8_t*> space{};
  tainted_brotli<std::size_t*> left{};
  tainted_brotli<std::size_t*> room{};
  tainted_brotli<const std::uint8_t**> next{};
  tainted_brotli<std::uint8_t**> end{};
  tainted_brotli<BrotliDecoderState*> state{};

 public:
  decoder() {
    sandbox.create_sandbox();
    input = sandbox.malloc_in_sandbox<std::uint8_t>(piece);
    space = sandbox.malloc_in_sandbox<std::uint8_t>(piece);
    left = sandbox.malloc_in_sandbox<std::size_t>();
    room = sandbox.malloc_in_sandbox<std::size_t>();
    next = sandbox.malloc_in_sandbox<const std::uint8_t*>();
    end = sandbox.malloc_in_sandbox<std::uint8_t*>();
  }
  ~decoder() { sandbox.destroy_sandbox(); }
  decoder(const decoder&) = delete;
  decoder& operator=(const decoder&) = delete;

  void start() {
    state = sandbox.invoke_sandbox_function(BrotliDecoderCreateInstance, nullptr, nullptr, nullptr);
  }

  void finish() { sandbox.invoke_sandbox_function(BrotliDecoderDestroyInstance, state); }

  BrotliDecoderResult feed(const char* data, std::size_t size, std::string& output) {
    rlbox::memcpy(sandbox, input, data, static_cast<std::uint32_t>(size));
    *left = size;
    *next = input;
    BrotliDecoderResult result{};
    do {
      *room = std::size_t{piece};
      *end = space;
      result = sandbox
                   .invoke_sandbox_function(BrotliDecoderDecompressStream, state, left, next, room,
                                            end, nullptr)
                   .copy_and_verify([](BrotliDecoderResult value) {
                     return value >= BROTLI_DECODER_RESULT_ERROR &&
                                    value <= BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT
                                ? value
                                : BROTLI_DECODER_RESULT_ERROR;
                   });
      const std::size_t made = room->copy_and_verify(
          [](std::size_t value) { return value <= piece ? piece - value : std::size_t{0}; });
      if (made != 0) {
        output += space.copy_and_verify_range(
            [made](std::unique_ptr<std::uint8_t[]> bytes) {
              return std::string(reinterpret_cast<const char*>(bytes.get()), made);
            },
            made);
      }
    } while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
    return result;
  }

  std::string error() {
    auto code = sandbox.invoke_sandbox_function(BrotliDecoderGetErrorCode, state);
    return sandbox.invoke_sandbox_function(BrotliDecoderErrorString, code)
        .copy_and_verify_string([](std::string text) { return text.substr(0, 80); });
  }
};

static std::string unpack(const std::string& packed, std::string& output) {
  static decoder unbrotli;
  unbrotli.start();
  BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;
  for (std::size_t at = 0;
       at < packed.size() && result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT;) {
    const std::size_t size = std::min<std::size_t>(piece, packed.size() - at);
    result = unbrotli.feed(packed.data() + at, size, output);
    at += size;
  }
  const std::string end = result == BROTLI_DECODER_RESULT_SUCCESS            ? "success"
                          : result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT ? "truncated"
                                                                             : unbrotli.error();
  unbrotli.finish();
  return end;
}

#endif

int main(int count, char** words) {
  const std::string packed = read_all();
  std::string output;
  std::string end;
  for (long times = count > 1 ? std::atol(words[1]) : 1; times > 0; --times) {
    output.clear();
    end = unpack(packed, output);
  }
  std::fwrite(output.data(), 1, output.size(), stdout);
  std::printf("\n%zu bytes, %s\n", output.size(), end.c_str());
  return 0;
}
