// Traps that end the process: each says why, in which sandbox and in which function (S4, S5).
#include "guest.rlbox.h"

#include <csignal>

#include <fcntl.h>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/box.hpp"

using namespace rlbox;

namespace {

void expect_trap(const child_result& result, const char* reason, const char* function) {
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed("sandbox box: "));
  CHECK(result.printed(reason));
  CHECK(result.printed("module guest"));
  CHECK(result.printed((std::string("in a call of ") + function).c_str()));
  if (!result.printed(reason)) {
    std::fprintf(stderr, "  it printed: %s\n", result.output.c_str());
  }
}

/// The application's own fault reached whoever handled it before: the system, or a sanitizer.
bool ended_by_fault(const child_result& result) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return result.status != 0 && (result.printed("Sanitizer") || result.printed("runtime error"));
#else
  return result.signal == SIGSEGV;
#endif
}

}  // namespace

TEST_CASE("S5: an access behind the memory's end is reported with its sandbox") {
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(write_at, 0x70000000U, 1U); }),
              "out-of-bounds memory access: address 0x70000000", "write_at");
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(read_at, 0x90000000U); }),
              "out-of-bounds memory access", "read_at");
}

TEST_CASE("S5: the last addresses of the reservation are guarded") {
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(write_at, 0xfffffffcU, 1U); }),
              "address 0xfffffffc", "write_at");
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(write_at, 0xfffffffeU, 1U); }),
              "address 0x", "write_at");
}

TEST_CASE("S5: abort, division by zero and a bad function pointer are reported") {
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(abort_here); }), "unreachable",
              "abort_here");
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(divide, 1U, 0U); }),
              "division by zero", "divide");
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(call_bad_pointer, 1U); }),
              "function pointer", "call_bad_pointer");
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(call_bad_pointer, 100000U); }),
              "function pointer", "call_bad_pointer");
}

TEST_CASE("S5: exhaustion of either stack is reported") {
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(use_stack, 100000000U); }),
              "stack exhausted", "use_stack");
  expect_trap(in_box([](auto& s) { s.invoke_sandbox_function(use_host_stack, 100000000U); }),
              "stack exhausted", "use_host_stack");
}

TEST_CASE("S5: a trap after a callback that called into the sandbox names the function it is in") {
  expect_trap(in_box([](auto& s) {
                auto callback = s.register_callback(
                    +[](rlbox_sandbox_guest& same, tainted_guest<std::uint32_t> n) {
                      return same.invoke_sandbox_function(add, n, 1U);
                    });
                s.invoke_sandbox_function(call_then_abort, callback);
              }),
              "unreachable", "call_then_abort");
}

TEST_CASE("S4: exit in the library does not end the process quietly") {
  const child_result result = in_box([](auto& s) { s.invoke_sandbox_function(exit_here, 3); });
  expect_trap(result, "called exit: exit code 3", "exit_here");
  CHECK(result.status == -1);
}

TEST_CASE("D1: what was printed before a trap is not lost") {
  const child_result result = in_box([](auto& s) {
    s.invoke_sandbox_function(print_lines, 2);
    s.invoke_sandbox_function(abort_here);
  });
  CHECK(result.printed("line 0\nline 1\nsandbox box: "));
}

TEST_CASE("D1: a report begins a line, also after a library's unfinished one") {
  const auto print_and = [](auto end) {
    return in_box([=](auto& s) {
      auto text = s.template malloc_in_sandbox<char>(4);
      rlbox::memcpy(s, text, "...", 4);
      s.invoke_sandbox_function(print_unfinished, sandbox_const_cast<const char*>(text));
      end(s);
    });
  };
  const child_result stopped = print_and([](auto& s) { s.invoke_sandbox_function(abort_here); });
  CHECK(stopped.printed("...\nsandbox box: unreachable"));

  const child_result elsewhere = print_and([](auto& s) {
    std::fflush(stdout);
    dup2(open("/dev/null", O_WRONLY), 1);
    s.invoke_sandbox_function(abort_here);
  });
  CHECK(elsewhere.output.rfind("...sandbox box: unreachable", 0) == 0);

  const child_result finished = print_and([](auto& s) {
    s.invoke_sandbox_function(print_lines, 1);
    s.invoke_sandbox_function(abort_here);
  });
  CHECK(finished.printed("...line 0\nsandbox box: unreachable"));
}

TEST_CASE("faults of the application keep their meaning") {
  const child_result null_access = in_box([](auto&) {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  });
  CHECK(ended_by_fault(null_access));
  CHECK(!null_access.printed("sandbox box"));

  const child_result handled = run_child([] {
    std::signal(SIGSEGV, [](int) {
      (void)!write(1, "own handler\n", 12);
      _exit(7);
    });
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox();
    // Not null, which UBSan would report before the processor does.
    volatile int* volatile nowhere = reinterpret_cast<volatile int*>(64);
    *nowhere = 1;
  });
  CHECK(handled.status == 7);
  CHECK(handled.printed("own handler"));

  const child_result sent = in_box([](auto&) { raise(SIGSEGV); });
  CHECK(ended_by_fault(sent));
}

TEST_CASE("an access of the application to guarded memory names the sandbox") {
  const child_result result = in_box([](auto& s) {
    auto* end = static_cast<volatile char*>(s.get_memory_location()) + s.get_total_memory();
    *end = 1;
  });
  CHECK(ended_by_fault(result));
  CHECK(result.printed("sandbox box: out-of-bounds memory access by the application"));
}

TEST_CASE("a stale pointer into a destroyed sandbox faults") {
  const child_result result = run_child([] {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox();
    auto* memory = static_cast<volatile char*>(sandbox.get_memory_location());
    sandbox.destroy_sandbox();
    memory[0] = 1;
  });
  CHECK(ended_by_fault(result));
}

HARNESS_MAIN()
