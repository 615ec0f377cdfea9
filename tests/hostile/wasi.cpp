// The system, as the library sees it, with addresses and counts of the library's choice.
#include "tests/hostile/box.hpp"

using namespace hostile;

namespace {

constexpr std::uint32_t last = 0xFFFFFFFFU;
constexpr std::uint32_t result = 1024;

/// Something other than success came back.
bool failed(const t<std::uint32_t>& error) {
  return error.copy_and_verify([](std::uint32_t n) { return n != 0; });
}

std::uint32_t vectors_of(box_type& box, std::uint32_t address, std::uint32_t size) {
  return box.invoke_sandbox_function(vectors_for, address, size).copy_and_verify(as_it_is);
}

}  // namespace

BEHAVIOUR("H-WAS-01", "reads random bytes into memory that it does not have",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_random, end_of(box) - 4, 8U);
}

BEHAVIOUR("H-WAS-02", "reads 4 GiB of random bytes", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(wasi_random, 0U, last);
}

BEHAVIOUR("H-WAS-03", "writes from a buffer behind the end", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 1U, vectors_of(box, end_of(box) - 4, 8U), 1U, result);
}

BEHAVIOUR("H-WAS-04", "writes from a buffer whose end overflows", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 1U, vectors_of(box, last - 4, last), 1U, result);
}

BEHAVIOUR("H-WAS-05", "writes with vectors behind the end", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 1U, end_of(box) - 4, 1U, result);
}

BEHAVIOUR("H-WAS-06", "writes with 2^32-1 vectors",
          {"trap: out-of-bounds", "trap: out-of-bounds"}) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 1U, 4096U, last, result);
}

BEHAVIOUR("H-WAS-07", "writes with a number of vectors whose bytes overflow 32 bits",
          traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(wasi_write, 1U, 4096U, 0x20000001U, result);
}

BEHAVIOUR("H-WAS-08", "writes with a result behind the end", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 1U, vectors_of(box, 4096U, 1U), 1U, last - 1);
}

BEHAVIOUR("H-WAS-09", "writes to descriptors that it does not have", harmless()) {
  auto& box = box_of(k);
  const std::uint32_t vectors = vectors_of(box, 4096U, 1U);
  for (const std::uint32_t fd : {3U, 4U, 5U, 100U, 0x7FFFFFFFU, last}) {
    REQUIRE(failed(box.invoke_sandbox_function(wasi_write, fd, vectors, 1U, result)));
  }
}

BEHAVIOUR("H-WAS-10", "writes to its standard input", harmless()) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 0U, vectors_of(box, 4096U, 1U), 1U, result);
}

BEHAVIOUR("H-WAS-11", "reads the application's standard input", harmless()) {
  auto& box = box_of(k);
  REQUIRE(
      failed(box.invoke_sandbox_function(wasi_read, 0U, vectors_of(box, 4096U, 16U), 1U, result)));
}

BEHAVIOUR("H-WAS-12", "reads into a buffer behind the end from an input that is allowed",
          traps(out_of_bounds)) {
  k.options.standard_input =
      rlbox_wasm2c_stream::redirect_input([](char* to, std::size_t capacity) {
        std::memset(to, 1, capacity);
        return capacity;
      });
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_read, 0U, vectors_of(box, end_of(box) - 4, 8U), 1U, result);
}

BEHAVIOUR("H-WAS-13", "reads from an input that says it filled more than there was", harmless()) {
  k.options.standard_input =
      rlbox_wasm2c_stream::redirect_input([](char* to, std::size_t capacity) {
        std::memset(to, 1, capacity);
        return capacity;
      });
  auto& box = box_of(k);
  REQUIRE(!failed(
      box.invoke_sandbox_function(wasi_read, 0U, vectors_of(box, 70000U, 16U), 1U, result)));
}

BEHAVIOUR("H-WAS-14", "asks a clock for a result behind the end", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_clock, 0U, std::uint64_t{0}, end_of(box) - 4);
}

BEHAVIOUR("H-WAS-15", "asks clocks that do not exist", harmless()) {
  auto& box = box_of(k);
  for (const std::uint32_t id : {4U, 5U, 11U, 0x7FFFFFFFU, last}) {
    REQUIRE(failed(box.invoke_sandbox_function(wasi_clock, id, ~std::uint64_t{0}, result)));
  }
}

BEHAVIOUR("H-WAS-16", "asks for a clock's resolution at its last address", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(wasi_clock_res, 1U, last);
}

BEHAVIOUR("H-WAS-17", "asks for arguments behind the end", traps(out_of_bounds)) {
  k.options.arguments = {"program", "an argument"};
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_arguments, end_of(box) - 4, 4096U);
}

BEHAVIOUR("H-WAS-18", "asks for the text of arguments behind the end", traps(out_of_bounds)) {
  k.options.arguments = {"program", "an argument"};
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_arguments, 4096U, end_of(box) - 4);
}

BEHAVIOUR("H-WAS-19", "asks for the sizes of arguments at its last address", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(wasi_argument_sizes, last, last);
}

BEHAVIOUR("H-WAS-20", "asks for the environment behind the end", traps(out_of_bounds)) {
  k.options.environment = {"COLOUR=green"};
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_environment, end_of(box) - 1, 4096U);
}

BEHAVIOUR("H-WAS-21", "asks for arguments and their text at one address", harmless()) {
  k.options.arguments = {"program", "an argument"};
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_arguments, 70000U, 70000U);
}

BEHAVIOUR("S4-b", "looks for the application's environment", harmless()) {
  setenv("SECRET", "of the application", 1);
  auto& box = box_of(k);
  auto name = box.malloc_in_sandbox<char>(16);
  rlbox::strncpy(box, name, "SECRET", 16);
  REQUIRE(box.invoke_sandbox_function(environment, sandbox_const_cast<const char*>(name)) ==
          nullptr);
}

BEHAVIOUR("S4-c", "opens a file of the application's", harmless()) {
  auto& box = box_of(k);
  auto path = box.malloc_in_sandbox<char>(16);
  rlbox::strncpy(box, path, "/etc/passwd", 16);
  const int fd = box.invoke_sandbox_function(open_file, sandbox_const_cast<const char*>(path))
                     .copy_and_verify(as_it_is);
  REQUIRE(fd < 0);
}

BEHAVIOUR("S4-d", "opens a file by the system's own function", harmless()) {
  auto& box = box_of(k);
  for (const std::uint32_t fd : {0U, 3U, 4U, last}) {
    REQUIRE(failed(box.invoke_sandbox_function(wasi_open, fd, 0U, last, last)));
  }
}

BEHAVIOUR("S4-e", "closes the application's standard streams", harmless()) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_close, 0U);
  box.invoke_sandbox_function(wasi_close, 1U);
  box.invoke_sandbox_function(wasi_close, 2U);
  REQUIRE(std::printf("the application still prints\n") > 0);
  REQUIRE(std::fflush(stdout) == 0);
}

BEHAVIOUR("H-WAS-22", "closes descriptors that it does not have", harmless()) {
  auto& box = box_of(k);
  for (const std::uint32_t fd : {3U, 4U, 1000U, last}) {
    REQUIRE(failed(box.invoke_sandbox_function(wasi_close, fd)));
  }
}

BEHAVIOUR("H-WAS-23", "seeks everywhere", harmless()) {
  auto& box = box_of(k);
  for (const std::uint32_t fd : {0U, 1U, 2U, 3U, last}) {
    REQUIRE(
        failed(box.invoke_sandbox_function(wasi_seek, fd, ~std::uint64_t{0}, 0xFFFFFFU, result)));
  }
}

BEHAVIOUR("H-WAS-24", "asks what a descriptor is, with a result behind the end",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_fdstat, 1U, end_of(box) - 8);
}

BEHAVIOUR("H-WAS-25", "asks for directories that were opened for it", harmless()) {
  auto& box = box_of(k);
  for (const std::uint32_t fd : {0U, 3U, 4U, last}) {
    REQUIRE(failed(box.invoke_sandbox_function(wasi_prestat, fd, last)));
    REQUIRE(failed(box.invoke_sandbox_function(wasi_prestat_name, fd, last, last)));
  }
}

BEHAVIOUR("H-WAS-26", "yields", harmless()) {
  REQUIRE(!failed(box_of(k).invoke_sandbox_function(wasi_yield)));
}

BEHAVIOUR("H-WAS-27", "writes nothing, from nowhere, with no vectors", harmless()) {
  auto& box = box_of(k);
  REQUIRE(!failed(box.invoke_sandbox_function(wasi_write, 1U, 0U, 0U, result)));
}

BEHAVIOUR("H-WAS-28", "writes an empty buffer at its last address", {"", ""}) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_write, 1U, vectors_of(box, last, 0U), 1U, result);
}

// ---- output ----

BEHAVIOUR("H-OUT-01", "prints 100 000 lines into a function that refuses after the first",
          harmless()) {
  static int lines = 0;
  k.options.standard_output = rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t) {
    ++lines;
    return lines <= 1;
  });
  box_of(k).invoke_sandbox_function(print_flood, 100000U);
}

BEHAVIOUR("S16-c", "prints without end, and the embedder's limit is reported", harmless()) {
  static std::size_t bytes = 0;
  k.options.max_output = 10000;
  k.options.standard_output =
      rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t size) {
        bytes += size;
        return true;
      });
  box_of(k).invoke_sandbox_function(print_flood, 100000U);
  REQUIRE(bytes <= 10000);
  REQUIRE(bytes > 5000);
}

BEHAVIOUR("H-OUT-02", "prints to streams that are denied", harmless()) {
  k.options.standard_output = rlbox_wasm2c_stream::deny();
  k.options.standard_error = rlbox_wasm2c_stream::deny();
  auto& box = box_of(k);
  box.invoke_sandbox_function(print_flood, 100U);
  REQUIRE(
      failed(box.invoke_sandbox_function(wasi_write, 1U, vectors_of(box, 4096U, 1U), 1U, result)));
}

BEHAVIOUR("H-OUT-03", "prints text with escape sequences into a function that looks at it",
          harmless()) {
  static bool seen = false;
  k.options.standard_output =
      rlbox_wasm2c_stream::redirect_output([](const char* data, std::size_t size) {
        const std::string text(data, size);
        seen = seen || text.find('\x1b') != std::string::npos;
        return true;
      });
  auto& box = box_of(k);
  auto text = box.malloc_in_sandbox<char>(16);
  rlbox::strncpy(box, text, "\x1b]0;title\a", 16);
  box.invoke_sandbox_function(print, sandbox_const_cast<const char*>(text));
  box.destroy_sandbox();
  box.create_sandbox(k.options);
  REQUIRE(seen);
}

BEHAVIOUR("H-OUT-04", "calls itself through the function that its output goes to", harmless()) {
  static box_type* self = nullptr;
  static int depth = 0;
  k.options.standard_output = rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t) {
    if (depth < 3) {
      ++depth;
      self->invoke_sandbox_function(print_flood, 1U);
    }
    return true;
  });
  auto& box = box_of(k);
  self = &box;
  box.invoke_sandbox_function(print_flood, 10U);
}

BEHAVIOUR("S17-e", "looks at what the system leaves in its memory", harmless()) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(memory_fill, 70000U, 0xA7U, 64U);
  box.invoke_sandbox_function(wasi_fdstat, 1U, 70000U);
  // 24 bytes of fdstat, the padding included, and nothing behind them.
  for (std::uint32_t at = 70024; at < 70064; ++at) {
    REQUIRE(box.invoke_sandbox_function(load8, at).copy_and_verify(as_it_is) == 0xA7);
  }
  const auto flags = box.invoke_sandbox_function(load64, 70000U).copy_and_verify(as_it_is);
  REQUIRE((flags >> 32) == 0 || (flags >> 32) == 0xA7A7A7A7U);
}
