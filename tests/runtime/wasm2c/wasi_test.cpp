// What a library sees of the system, and how output gets out (D1, S4, C8).
#include "guest.rlbox.h"

#include <cctype>
#include <cerrno>
#include <chrono>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

using namespace rlbox;

namespace {

tainted_guest<const char*> text_in(rlbox_sandbox_guest& s, const char* text) {
  const auto size = static_cast<unsigned>(std::strlen(text) + 1);
  auto p = s.malloc_in_sandbox<char>(size);
  rlbox::strncpy(s, p, text, size);
  return sandbox_const_cast<const char*>(p);
}

/// Creates a sandbox with options, runs `body` and destroys it.
template <typename F>
void with_sandbox(const rlbox_wasm2c_options& options, F&& body) {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(options);
  body(sandbox);
  sandbox.destroy_sandbox();
}

constexpr int guest_badf = 8;
constexpr int guest_spipe = 70;

}  // namespace

TEST_CASE("D1: output reaches a pipe, in order, also without a newline at the end") {
  const child_result result = run_child([] {
    std::printf("host 1\n");
    with_sandbox({}, [](auto& s) {
      s.invoke_sandbox_function(print_lines, 3);
      std::printf("host 2\n");
      s.invoke_sandbox_function(print_without_newline, text_in(s, "end"));
    });
    std::printf("\nhost 3\n");
  });
  CHECK(result.status == 0);
  CHECK(result.output == "host 1\nline 0\nline 1\nline 2\nhost 2\nend\nhost 3\n");
}

TEST_CASE("C6: constructors of the library run before the first call") {
  with_sandbox(
      {}, [](auto& s) { CHECK(s.invoke_sandbox_function(constructed).UNSAFE_unverified() == 42); });
}

TEST_CASE("S4: output can be denied or redirected, per stream and sandbox") {
  std::string out;
  std::string err;
  rlbox_wasm2c_options options;
  options.standard_output =
      rlbox_wasm2c_stream::redirect_output([&](const char* data, std::size_t size) {
        out.append(data, size);
        return true;
      });
  options.standard_error =
      rlbox_wasm2c_stream::redirect_output([&](const char* data, std::size_t size) {
        err.append(data, size);
        return true;
      });
  with_sandbox(options, [](auto& s) {
    s.invoke_sandbox_function(print_lines, 2);
    s.invoke_sandbox_function(print_error, text_in(s, "problem"));
  });
  CHECK(out == "line 0\nline 1\n");
  CHECK(err == "problem\n");

  const child_result denied = run_child([] {
    rlbox_wasm2c_options silent;
    silent.standard_output = rlbox_wasm2c_stream::deny();
    with_sandbox(silent, [](auto& s) { s.invoke_sandbox_function(print_lines, 2); });
    std::printf("host\n");
  });
  CHECK(denied.output == "host\n");
}

TEST_CASE("S4: input is denied by default and can be allowed or redirected") {
  with_sandbox({}, [](auto& s) {
    CHECK(s.invoke_sandbox_function(read_byte).UNSAFE_unverified() == -1000 - guest_badf);
  });
  rlbox_wasm2c_options options;
  std::string input = "ab";
  options.standard_input =
      rlbox_wasm2c_stream::redirect_input([&](char* data, std::size_t capacity) {
        const std::size_t count = input.size() < capacity ? input.size() : capacity;
        std::memcpy(data, input.data(), count);
        input.erase(0, count);
        return count;
      });
  with_sandbox(options, [](auto& s) {
    CHECK(s.invoke_sandbox_function(read_byte).UNSAFE_unverified() == 'a');
    CHECK(s.invoke_sandbox_function(read_byte).UNSAFE_unverified() == 'b');
    CHECK(s.invoke_sandbox_function(read_byte).UNSAFE_unverified() == -1);
  });
}

namespace {

/// What a child prints whose library prints to both streams, with a policy for each.
std::string printed_with(const rlbox_wasm2c_stream& out, const rlbox_wasm2c_stream& err) {
  rlbox_wasm2c_options options;
  options.standard_output = out;
  options.standard_error = err;
  return run_child([&] {
           with_sandbox(options, [](auto& s) {
             s.invoke_sandbox_function(print_lines, 1);
             s.invoke_sandbox_function(print_error, text_in(s, "problem"));
           });
         })
      .output;
}

rlbox_wasm2c_stream in_capitals() {
  return rlbox_wasm2c_stream::redirect_output([](const char* data, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      std::putchar(std::toupper(data[i]));
    }
    return true;
  });
}

}  // namespace

TEST_CASE("S4: each output can be allowed, denied or redirected, whatever the other is") {
  const auto allow = rlbox_wasm2c_stream::allow();
  const auto deny = rlbox_wasm2c_stream::deny();
  CHECK(printed_with({}, {}) == printed_with(allow, allow));
  CHECK(printed_with(allow, deny) == "line 0\n");
  CHECK(printed_with(deny, allow) == "problem\n");
  CHECK(printed_with(deny, deny).empty());
  CHECK(printed_with(deny, in_capitals()) == "PROBLEM\n");
  CHECK(printed_with(in_capitals(), deny) == "LINE 0\n");
  CHECK(printed_with(in_capitals(), in_capitals()) == "LINE 0\nPROBLEM\n");
}

TEST_CASE("S4: input that is allowed is the application's") {
  const child_result result = run_child([] {
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "xy", 2) != 2 || close(ends[1]) != 0) {
      _exit(1);
    }
    dup2(ends[0], 0);
    rlbox_wasm2c_options options;
    options.standard_input = rlbox_wasm2c_stream::allow();
    with_sandbox(options, [](auto& s) {
      std::printf("%c", s.invoke_sandbox_function(read_byte).UNSAFE_unverified());
    });
    std::printf("%c", std::getchar());  // from the same buffer
  });
  CHECK(result.output == "xy");
}

TEST_CASE("standard output is a terminal to the library, so that it buffers by line") {
  with_sandbox({}, [](auto& s) {
    CHECK(s.invoke_sandbox_function(has_terminal, 1).UNSAFE_unverified() == 1);
    CHECK(s.invoke_sandbox_function(has_terminal, 0).UNSAFE_unverified() == 0);
    CHECK(s.invoke_sandbox_function(seek_output).UNSAFE_unverified() == guest_spipe);
    CHECK(s.invoke_sandbox_function(yield_and_close).UNSAFE_unverified() == 0);
  });
}

TEST_CASE("files cannot be opened") {
  with_sandbox({}, [](auto& s) {
    CHECK(s.invoke_sandbox_function(open_file, text_in(s, "/etc/passwd")).UNSAFE_unverified() != 0);
  });
}

TEST_CASE("arguments and environment are what the application gives, by default nothing") {
  with_sandbox({}, [](auto& s) {
    CHECK(s.invoke_sandbox_function(argument_count).UNSAFE_unverified() == 0);
    CHECK(s.invoke_sandbox_function(environment, text_in(s, "PATH")) == nullptr);
  });
  rlbox_wasm2c_options options;
  options.arguments = {"program", "-x"};
  options.environment = {"COLOUR=green", "SIZE=7"};
  with_sandbox(options, [](auto& s) {
    CHECK(s.invoke_sandbox_function(argument_count).UNSAFE_unverified() == 2);
    auto value = s.invoke_sandbox_function(environment, text_in(s, "COLOUR"));
    CHECK(value.copy_and_verify_string([](std::string text) { return text; }) == "green");
  });
}

TEST_CASE("C8: clocks have the system's epochs") {
  with_sandbox({}, [](auto& s) {
    const auto guest = s.invoke_sandbox_function(now, 0).UNSAFE_unverified();
    const auto host = std::chrono::duration_cast<std::chrono::nanoseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    CHECK(guest <= host);
    CHECK(host - guest < 10000000000);
    const auto first = s.invoke_sandbox_function(now, 1).UNSAFE_unverified();
    CHECK(first > 0);
    CHECK(s.invoke_sandbox_function(now, 1).UNSAFE_unverified() >= first);
  });
}

TEST_CASE("random bytes come from the system") {
  with_sandbox({}, [](auto& s) {
    auto p = s.template malloc_in_sandbox<unsigned char>(64);
    rlbox::memset(s, p, 0, 64U);
    CHECK(s.invoke_sandbox_function(random_bytes, p, 64U).UNSAFE_unverified() == 0);
    int zeros = 0;
    for (int i = 0; i < 64; ++i) {
      zeros += p[i].UNSAFE_unverified() == 0 ? 1 : 0;
    }
    CHECK(zeros < 16);
  });
}

HARNESS_MAIN()
