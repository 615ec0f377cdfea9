// The examples of README.md and of the pages in docs. runtime_doc_test.py compares them with the
// pages.
#define RLBOX_USE_EXCEPTIONS
#include "decoder.rlbox.h"
#include "mylib.rlbox.h"

#include <chrono>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <thread>

#include "tests/runtime/harness.hpp"

namespace {

std::string log_text;
void log_line(const std::string& line) { log_text += line + "\n"; }

tainted_decoder<const char*> text_in(rlbox_sandbox_decoder& sandbox, const std::string& text) {
  auto copy = sandbox.malloc_in_sandbox<char>(text.size() + 1);
  rlbox::memcpy(sandbox, copy, text.c_str(), text.size() + 1);
  return rlbox::sandbox_const_cast<const char*>(copy);
}

// example: survive
/// Pixels of an image, or -1. One bad image costs one sandbox, not the program.
int count_pixels(rlbox_sandbox_decoder& sandbox, const rlbox::rlbox_wasm2c_options& options,
                 const std::string& image) {
  try {
    auto data = text_in(sandbox, image);
    return sandbox.decode(data, image.size()).copy_and_verify([&](int pixels) {
      return pixels >= 0 && pixels <= static_cast<int>(image.size()) ? pixels : -1;
    });
  } catch (const rlbox::rlbox_wasm2c_trap_error& error) {
    log_line(error.what());
    sandbox.destroy_sandbox();
    sandbox.create_sandbox(options);
    return -1;
  }
}
// end of example

}  // namespace

TEST_CASE("options, and a trap that is survived") {
  // example: options
  rlbox::rlbox_wasm2c_options options;
  options.name = "decoder of user 7";
  options.max_memory = 16 << 20;
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;

  rlbox_sandbox_decoder sandbox;
  sandbox.create_sandbox(options);
  // end of example
  CHECK(count_pixels(sandbox, options, "Image") == 4);
  CHECK(count_pixels(sandbox, options, "bad") == -1);
  CHECK(log_text ==
        "sandbox decoder of user 7: unreachable code reached (abort, failed assertion or undefined "
        "behaviour) (module decoder, in a call of decode)\n");
  CHECK(count_pixels(sandbox, options, "Image") == 4);
}

TEST_CASE("asking instead of catching") {
  rlbox::rlbox_wasm2c_options options;
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
  rlbox_sandbox_decoder sandbox;
  sandbox.create_sandbox(options);
  CHECK_THROWS(sandbox.invoke_sandbox_function(decode, text_in(sandbox, "bad"), 3U));
  log_text.clear();
  // example: has_trapped
  auto* backend = sandbox.get_sandbox_impl();
  if (backend->has_trapped()) {
    if (backend->trap_reason() == RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS) {
      log_line("an attack?");
    }
    log_line(backend->trap_message());
    sandbox.destroy_sandbox();
    sandbox.create_sandbox(options);
  }
  // end of example
  CHECK(log_text.find("unreachable") != std::string::npos);
  CHECK(!sandbox.get_sandbox_impl()->has_trapped());
}

TEST_CASE("a call by name") {
  rlbox_sandbox_decoder sandbox;
  sandbox.create_sandbox();
  auto data = text_in(sandbox, "Image");
  // example: named
  auto pixels = sandbox.decode(data, 5U);  // by name
  auto same = sandbox.invoke_sandbox_function(decode, data, 5U);
  // end of example
  const auto number = [](int value) { return value; };
  CHECK(pixels.copy_and_verify(number) == same.copy_and_verify(number));
  sandbox.destroy_sandbox();
}

TEST_CASE("streams, arguments and environment") {
  // example: streams
  std::string printed;
  rlbox::rlbox_wasm2c_options options;
  options.standard_output =
      rlbox::rlbox_wasm2c_stream::redirect_output([&printed](const char* data, std::size_t size) {
        printed.append(data, size);  // untrusted bytes, valid during the call
        return true;                 // false: the library's write fails
      });
  options.standard_error = rlbox::rlbox_wasm2c_stream::deny();
  options.standard_input = rlbox::rlbox_wasm2c_stream::redirect_input(
      [](char*, std::size_t) { return std::size_t{0}; });  // an empty input
  options.environment = {"COLOUR=green"};
  options.arguments = {"decoder", "--fast"};
  // end of example
  rlbox_sandbox_decoder sandbox;
  sandbox.create_sandbox(options);
  sandbox.invoke_sandbox_function(describe_itself);
  sandbox.destroy_sandbox();
  CHECK(printed == "colour green\n");
}

TEST_CASE("memory limits") {
  // example: memory
  rlbox::rlbox_wasm2c_options options;
  options.max_memory = 4 << 20;         // bytes, rounded up to 64 KiB
  options.trap_on_memory_limit = true;  // otherwise malloc in the library returns null
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
  // end of example
  rlbox_sandbox_decoder sandbox;
  sandbox.create_sandbox(options);
  CHECK_FAILS_WITH("the limit is 4194304 bytes",
                   sandbox.invoke_sandbox_function(reserve_memory, 8U << 20));
  sandbox.destroy_sandbox();

  options.trap_on_memory_limit = false;
  sandbox.create_sandbox(options);
  CHECK(sandbox.invoke_sandbox_function(reserve_memory, 8U << 20).UNSAFE_unverified() == 0);
  CHECK(sandbox.get_sandbox_impl()->memory_limit_hits() == 1);
  sandbox.destroy_sandbox();

  // example: capacity
  w2c_mem_capacity capacity = rlbox_wasm2c_memory_limit(4 << 20);
  sandbox.create_sandbox(true, &capacity, "decoder");
  // end of example
  CHECK(sandbox.invoke_sandbox_function(reserve_memory, 8U << 20).UNSAFE_unverified() == 0);
}

TEST_CASE("files") {
  const std::string affixes = "SET UTF-8\n";
  const char words[] = "1\nword\n";
  const std::size_t length = sizeof words - 1;
  rlbox_sandbox_decoder sandbox;
  // example: files
  rlbox::rlbox_wasm2c_options options;
  options.files.add("/dict/en.aff", affixes);             // a copy
  options.files.add_view("/dict/en.dic", words, length);  // no copy
  options.files.allow_scratch("/tmp", 1 << 20);           // the library may write here
  sandbox.create_sandbox(options);
  // end of example
  CHECK(count_pixels(sandbox, options, "Image") == 4);
  sandbox.destroy_sandbox();
}

TEST_CASE("files, as the guide gives them") {
  const std::string affixes = "SET UTF-8\n";
  const std::string words = "1\nword\n";
  rlbox_sandbox_decoder sandbox;
  // example: guide_files
  rlbox::rlbox_wasm2c_options options;
  options.files.add("/dict/en.aff", affixes);
  options.files.add("/dict/en.dic", words);
  sandbox.create_sandbox(options);
  // end of example
  CHECK(count_pixels(sandbox, options, "Image") == 4);
  sandbox.destroy_sandbox();
}

TEST_CASE("a string without a copy, as the guide looks at one") {
  rlbox_sandbox_decoder sandbox;
  sandbox.create_sandbox();
  for (const char* const word : {"title", "author", "link", ""}) {
    const tainted_decoder<const char*> name = text_in(sandbox, word);
    // example: in_place
    const bool known = name.verify_string_in_place(
        [](std::string_view text) { return text == "title" || text == "author"; }, 256);
    // end of example
    CHECK(known == (std::string_view(word).size() > 4));
  }
  sandbox.destroy_sandbox();
}

TEST_CASE("the first lines of the readme") {
  const int input = 7;
  // example: readme
  rlbox_sandbox_mylib sandbox;
  sandbox.create_sandbox();
  tainted_mylib<int> result = sandbox.invoke_sandbox_function(parse, input);
  int checked = result.copy_and_verify([](int value) { return value >= 0 ? value : -1; });
  sandbox.destroy_sandbox();
  // end of example
  CHECK(checked == 8);
}

TEST_CASE("time") {
  rlbox_sandbox_decoder sandbox;
  // example: time
  rlbox::rlbox_wasm2c_options options;
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
  options.time_limit = std::chrono::milliseconds(200);
  sandbox.create_sandbox(options);
  std::thread watchdog([&sandbox] { sandbox.get_sandbox_impl()->interrupt(); });
  // end of example
  watchdog.join();
  CHECK_FAILS_WITH("interrupted by the application",
                   sandbox.invoke_sandbox_function(reserve_memory, 1U));
}

TEST_CASE("a stack that is not a thread's own") {
  constexpr std::size_t page = 4096;
  constexpr std::size_t bytes = 16 * page;
  void* const memory =
      mmap(nullptr, page + bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  REQUIRE(mprotect(memory, page, PROT_NONE) == 0);
  void* const lowest_address = static_cast<char*>(memory) + page;
  {
    // example: stack
    // Until this object is destroyed:
    rlbox::rlbox_wasm2c_stack coroutine_stack(lowest_address, bytes);
    // end of example
  }
  munmap(memory, page + bytes);
}

HARNESS_MAIN()
