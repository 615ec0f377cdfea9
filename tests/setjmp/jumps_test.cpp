// What traps, callbacks, nested calls and exceptions of the application do while try blocks of a
// library are entered. Built with and without RLBOX_USE_EXCEPTIONS.
#include "jumps.rlbox.h"
#include "tests/setjmp/jumps.h"

#include <csignal>
#include <stdexcept>
#include <thread>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"
#include "wasm2c_rt_minwasi.h"

using namespace rlbox;

namespace {

using box_type = rlbox_sandbox_jumps;
template <typename T>
using t = tainted_jumps<T>;

rlbox_wasm2c_options survive() {
  rlbox_wasm2c_options options;
  options.name = "jumper";
  options.traps = rlbox_wasm2c_trap_policy::survive;
  return options;
}

/// A call that may trap; true if it did, with this reason.
template <typename F>
bool traps(box_type& box, rlbox_wasm2c_trap_reason reason, F&& call) {
#ifdef RLBOX_USE_EXCEPTIONS
  try {
    call();
  } catch (const rlbox_wasm2c_trap_error& error) {
    return error.reason() == reason;
  }
  RLBOX_UNUSED(box);
  return false;
#else
  call();
  return box.get_sandbox_impl()->has_trapped() && box.get_sandbox_impl()->trap_reason() == reason;
#endif
}

std::int32_t nothing(box_type& box, std::int32_t n) {
  return box.invoke_sandbox_function(jumps_nothing, n).UNSAFE_unverified();
}

box_type* second = nullptr;

t<std::int32_t> twice(box_type&, t<std::int32_t> n) { return n + n; }
/// A jump in the nested call: to the frame of the outer call, over the application's.
t<std::int32_t> jump_in_nested_call(box_type& box, t<std::int32_t> n) {
  return box.invoke_sandbox_function(jumps_out, n.UNSAFE_unverified());
}
/// Try blocks in the nested call.
t<std::int32_t> nested_cases(box_type& box, t<std::int32_t> n) {
  return box.invoke_sandbox_function(jumps_case, 4, n.UNSAFE_unverified());
}
/// A jump in another sandbox, which has no try block.
t<std::int32_t> jump_in_second(box_type&, t<std::int32_t> n) {
  second->invoke_sandbox_function(jumps_to_kept);
  return n;
}
/// A trap in another sandbox; this one goes on.
t<std::int32_t> trap_in_second(box_type&, t<std::int32_t> n) {
#ifdef RLBOX_USE_EXCEPTIONS
  try {
    second->invoke_sandbox_function(jumps_trap, 3);
  } catch (const rlbox_wasm2c_trap_error&) {
  }
#else
  second->invoke_sandbox_function(jumps_trap, 3);
#endif
  return n;
}
/// A trap in a nested call of the same sandbox, which the application keeps to itself.
t<std::int32_t> trap_in_nested_call(box_type& box, t<std::int32_t> n) {
#ifdef RLBOX_USE_EXCEPTIONS
  try {
    box.invoke_sandbox_function(jumps_trap, 3);
  } catch (const rlbox_wasm2c_trap_error&) {
  }
#else
  box.invoke_sandbox_function(jumps_trap, 3);
#endif
  return n;
}

}  // namespace

TEST_CASE("S18: jumps work again and again") {
  box_type box;
  box.create_sandbox(survive());
  for (int i = 0; i < 3; ++i) {
    CHECK(box.invoke_sandbox_function(jumps_often, 10000).UNSAFE_unverified() == 10000);
    CHECK(box.invoke_sandbox_function(jumps_case, 7, 3).UNSAFE_unverified() == -23);
  }
  box.destroy_sandbox();
}

TEST_CASE("S18: a jump to a function that has returned is a trap") {
  box_type box;
  box.create_sandbox(survive());
  box.invoke_sandbox_function(jumps_keep);
  CHECK(traps(box, RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION,
              [&] { box.invoke_sandbox_function(jumps_to_kept); }));
  CHECK(std::strstr(box.get_sandbox_impl()->trap_message(),
                    "uncaught exception: longjmp to a function that has returned") != nullptr);
  box.destroy_sandbox();
}

TEST_CASE("S18: the report of such a jump") {
  const child_result result = run_child([] {
    box_type box;
    box.create_sandbox();
    box.invoke_sandbox_function(jumps_keep);
    box.invoke_sandbox_function(jumps_to_kept);
  });
  CHECK(result.signal == SIGABRT);
  CHECK(
      result.printed("sandbox jumps: uncaught exception: longjmp to a function that has returned "
                     "or that belongs to another call (module jumps, in a call of jumps_to_kept)"));
}

TEST_CASE("S18: a trap under try blocks is no exception") {
  for (const std::int32_t depth : {0, 1, 50}) {
    box_type box;
    box.create_sandbox(survive());
    CHECK(traps(box, RLBOX_WASM2C_TRAP_UNREACHABLE,
                [&] { box.invoke_sandbox_function(jumps_trap, depth); }));
    box.destroy_sandbox();
    // A later sandbox finds no try block of the one before.
    box.create_sandbox(survive());
    CHECK(traps(box, RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION,
                [&] { box.invoke_sandbox_function(jumps_to_kept); }));
    box.destroy_sandbox();
  }
}

TEST_CASE("S18: callbacks and nested calls under try blocks") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(twice);
  CHECK(box.invoke_sandbox_function(jumps_call, callback, 21).UNSAFE_unverified() == 42);
  CHECK(box.invoke_sandbox_function(jumps_call_then_jump, callback, 21).UNSAFE_unverified() == 142);
  auto nested = box.register_callback(nested_cases);
  const std::int32_t expected = box.invoke_sandbox_function(jumps_case, 4, 3).UNSAFE_unverified();
  CHECK(box.invoke_sandbox_function(jumps_call, nested, 3).UNSAFE_unverified() == expected);
  CHECK(box.invoke_sandbox_function(jumps_call_then_jump, nested, 3).UNSAFE_unverified() ==
        expected + 100);
  nested.unregister();
  callback.unregister();
  box.destroy_sandbox();
}

TEST_CASE("S18: a jump over the application is a trap") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(jump_in_nested_call);
  CHECK(traps(box, RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION,
              [&] { box.invoke_sandbox_function(jumps_call, callback, 7); }));
  callback.unregister();
  box.destroy_sandbox();
}

TEST_CASE("S18: a jump into another sandbox is a trap") {
  box_type box;
  box_type other;
  second = &other;
  box.create_sandbox(survive());
  other.create_sandbox(survive());
  auto callback = box.register_callback(jump_in_second);
#ifdef RLBOX_USE_EXCEPTIONS
  CHECK(traps(other, RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION,
              [&] { box.invoke_sandbox_function(jumps_call, callback, 7); }));
#else
  CHECK(box.invoke_sandbox_function(jumps_call, callback, 7).UNSAFE_unverified() == 7);
#endif
  CHECK(other.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION);
  CHECK(!box.get_sandbox_impl()->has_trapped());
  CHECK(nothing(box, 5) == 5);
  callback.unregister();
  box.destroy_sandbox();
  other.destroy_sandbox();
}

TEST_CASE("S18: try blocks outlive the trap of another sandbox") {
  box_type box;
  box_type other;
  second = &other;
  box.create_sandbox(survive());
  other.create_sandbox(survive());
  auto callback = box.register_callback(trap_in_second);
  CHECK(box.invoke_sandbox_function(jumps_call_then_jump, callback, 7).UNSAFE_unverified() == 107);
  CHECK(other.get_sandbox_impl()->has_trapped());
  callback.unregister();
  box.destroy_sandbox();
  other.destroy_sandbox();
}

TEST_CASE("S18: try blocks of a nested call end with its trap") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(trap_in_nested_call);
  // The outer call goes on to its jump, which finds its own try block.
  CHECK(box.invoke_sandbox_function(jumps_call_then_jump, callback, 7).UNSAFE_unverified() == 107);
  CHECK(box.get_sandbox_impl()->has_trapped());
  callback.unregister();
  box.destroy_sandbox();
}

#ifdef RLBOX_USE_EXCEPTIONS

namespace {

t<std::int32_t> throws(box_type&, t<std::int32_t>) { throw std::runtime_error("of the host"); }
/// A nested call that is left by an exception, which goes no further.
t<std::int32_t> catches(box_type& box, t<std::int32_t> n) {
  auto callback = box.register_callback(throws);
  bool caught = false;
  try {
    box.invoke_sandbox_function(jumps_call, callback, 1);
  } catch (const std::runtime_error&) {
    caught = true;
  }
  callback.unregister();
  return caught ? n : t<std::int32_t>(-5);
}

}  // namespace

TEST_CASE("S18: an exception of the application takes try blocks back") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(throws);
  for (int i = 0; i < 3; ++i) {
    CHECK_THROWS(box.invoke_sandbox_function(jumps_call, callback, 1));
    CHECK(box.invoke_sandbox_function(jumps_case, 4, 3).UNSAFE_unverified() != 0);
    CHECK_THROWS(box.invoke_sandbox_function(jumps_call, callback, 1));
  }
  CHECK(!box.get_sandbox_impl()->has_trapped());
  // The library believes that the function with the try block waits.
  CHECK(traps(box, RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION,
              [&] { box.invoke_sandbox_function(jumps_out, 1); }));
  callback.unregister();
  box.destroy_sandbox();
}

TEST_CASE("S18: try blocks outlive a nested call that an exception left") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(catches);
  CHECK(box.invoke_sandbox_function(jumps_call_then_jump, callback, 7).UNSAFE_unverified() == 107);
  callback.unregister();
  box.destroy_sandbox();
}

// Such functions must not throw; one that does leaves no try block behind.
TEST_CASE("S18: an exception of a stream takes try blocks back") {
  minwasi_fd_policy policy{};
  policy.mode = MINWASI_FD_REDIRECT;
  policy.write = [](void*, std::uint32_t, const void*, std::size_t) -> std::uint32_t {
    throw std::runtime_error("of the host");
  };
  std::uint8_t bytes[16] = {};
  wasm_rt_memory_t memory{};
  memory.data = bytes;
  memory.size = sizeof bytes;
  w2c_wasi__snapshot__preview1 wasi{};
  wasi.instance_memory = &memory;
  wasi.fd[1] = policy;
  rlbox_wasm2c_record record{};
  record.frame = 1;
  rlbox_wasm2c_try outer{};
  rlbox_wasm2c_try inner{};
  inner.call = record.frame;
  inner.outer_call = &outer;
  record.innermost = &inner;
  bytes[12] = 1;  // one byte at address 0, described at address 8
  rlbox_wasm2c_record* const before = rlbox_wasm2c_enter_thread();
  bool thrown = false;
  try {
    rlbox_wasm2c_set_active(&record);
    w2c_wasi__snapshot__preview1_fd_write(&wasi, 1, 8, 1, 0);
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  rlbox_wasm2c_set_active(before);
  CHECK(thrown);
  CHECK(record.innermost == &outer);
}

// RLBOX_CUSTOM_ABORT must not return. One that throws leaves no try block behind.
TEST_CASE("S18: an exception of RLBOX_CUSTOM_ABORT takes try blocks back") {
  rlbox_wasm2c_record record{};
  record.fail = [](const char*) { throw std::runtime_error("of the host"); };
  record.frame = 1;
  rlbox_wasm2c_try outer{};
  rlbox_wasm2c_try inner{};
  inner.call = record.frame;
  inner.outer_call = &outer;
  record.innermost = &inner;
  rlbox_wasm2c_record* const before = rlbox_wasm2c_enter_thread();
  bool thrown = false;
  try {
    rlbox_wasm2c_set_active(&record);
    wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  rlbox_wasm2c_set_active(before);
  CHECK(thrown);
  CHECK(record.innermost == &outer);
}

#endif

TEST_CASE("S18: threads have try blocks of their own") {
  std::thread threads[4];
  bool right[4] = {};
  for (int i = 0; i < 4; ++i) {
    threads[i] = std::thread([&right, i] {
      box_type box;
      box.create_sandbox(survive());
      const std::int32_t jumps = 2000 + i;
      right[i] = box.invoke_sandbox_function(jumps_often, jumps).UNSAFE_unverified() == jumps;
      box.destroy_sandbox();
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(right[0] && right[1] && right[2] && right[3]);
}

TEST_CASE("S18: jumps leave the signal mask alone") {
  box_type box;
  box.create_sandbox(survive());
  sigset_t blocked;
  sigset_t after;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  box.invoke_sandbox_function(jumps_often, 10);
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  CHECK(sigismember(&after, SIGUSR1) == 1);
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  box.destroy_sandbox();
}

HARNESS_MAIN()
