// The trap policy `survive`: a trap is a failed call, and the application goes on.
// Built with and without RLBOX_USE_EXCEPTIONS.
#include "guest.rlbox.h"

#include <thread>
#include <vector>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"
#include "tests/runtime/wasm2c/guest_structs.hpp"

using namespace rlbox;

namespace {

rlbox_wasm2c_options survive(const char* name) {
  rlbox_wasm2c_options options;
  options.name = name;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  return options;
}

/// The same, and with a limit of memory that is a trap.
rlbox_wasm2c_options survive_everything(const char* name) {
  rlbox_wasm2c_options options = survive(name);
  options.max_memory = 16 << 20;
  options.trap_on_memory_limit = true;
  return options;
}

/// Runs a call that traps; false if it did not fail as it should.
template <typename F>
bool fails_with(rlbox_sandbox_guest& sandbox, rlbox_wasm2c_trap_reason reason, F&& call) {
#ifdef RLBOX_USE_EXCEPTIONS
  bool thrown = false;
  try {
    call();
  } catch (const rlbox_wasm2c_trap_error& error) {
    thrown = error.reason() == reason && std::strstr(error.what(), "sandbox survivor") != nullptr;
  }
#else
  call();
  const bool thrown = true;
#endif
  auto* backend = sandbox.get_sandbox_impl();
  return thrown && backend->has_trapped() && backend->trap_reason() == reason &&
         std::strstr(backend->trap_message(), "sandbox survivor") != nullptr;
}

/// Creates, traps, destroys and creates again.
template <typename F>
void check_survival(rlbox_wasm2c_trap_reason reason, F&& trap) {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(survive_everything("survivor"));
  auto text = sandbox.malloc_in_sandbox<char>(64);
  CHECK(fails_with(sandbox, reason, [&] { trap(sandbox); }));
  // No more library code runs, whatever is tried.
  CHECK(fails_with(sandbox, reason, [&] { sandbox.invoke_sandbox_function(add, 1U, 2U); }));
  sandbox.free_in_sandbox(text);
  sandbox.destroy_sandbox();
  sandbox.create_sandbox(survive("survivor"));
  CHECK(!sandbox.get_sandbox_impl()->has_trapped());
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  sandbox.destroy_sandbox();
}

}  // namespace

namespace {

/// Every kind of trap that a call can end in.
struct kind {
  rlbox_wasm2c_trap_reason reason;
  void (*trap)(rlbox_sandbox_guest& sandbox);
};
const kind kinds[] = {
    {RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS,
     [](auto& s) { s.invoke_sandbox_function(write_at, 0x70000000U, 1U); }},
    {RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS,
     [](auto& s) { s.invoke_sandbox_function(read_at, 0x80000000U); }},
    {RLBOX_WASM2C_TRAP_UNREACHABLE, [](auto& s) { s.invoke_sandbox_function(abort_here); }},
    {RLBOX_WASM2C_TRAP_DIVISION_BY_ZERO,
     [](auto& s) { s.invoke_sandbox_function(divide, 1U, 0U); }},
    {RLBOX_WASM2C_TRAP_BAD_INDIRECT_CALL,
     [](auto& s) { s.invoke_sandbox_function(call_bad_pointer, 1U); }},
#if !defined(__SANITIZE_THREAD__)  // it keeps a stack of its own, which is not that deep
    {RLBOX_WASM2C_TRAP_STACK_EXHAUSTED,
     [](auto& s) { s.invoke_sandbox_function(use_stack, 100000000U); }},
    {RLBOX_WASM2C_TRAP_STACK_EXHAUSTED,
     [](auto& s) { s.invoke_sandbox_function(use_host_stack, 100000000U); }},
#endif
    {RLBOX_WASM2C_TRAP_GUEST_EXIT, [](auto& s) { s.invoke_sandbox_function(exit_here, 1); }},
    {RLBOX_WASM2C_TRAP_MEMORY_LIMIT,
     [](auto& s) { s.invoke_sandbox_function(grow_memory, 1000U); }},
};

}  // namespace

TEST_CASE("every kind of trap is survived") {
  for (const kind& one : kinds) {
    check_survival(one.reason, one.trap);
  }
}

TEST_CASE("the memory limit can be a trap, which is survived") {
  rlbox_sandbox_guest sandbox;
  rlbox_wasm2c_options options = survive("survivor");
  options.max_memory = 1 << 20;
  options.trap_on_memory_limit = true;
  sandbox.create_sandbox(options);
  CHECK(fails_with(sandbox, RLBOX_WASM2C_TRAP_MEMORY_LIMIT,
                   [&] { sandbox.invoke_sandbox_function(grow_memory, 100U); }));
  CHECK(std::strstr(sandbox.get_sandbox_impl()->trap_message(), "1048576 bytes") != nullptr);
  sandbox.destroy_sandbox();
}

TEST_CASE("a trap again and again leaves nothing behind") {
  for (int i = 0; i < 2000; ++i) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive("survivor"));
    if (!fails_with(sandbox, RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS,
                    [&] { sandbox.invoke_sandbox_function(read_at, 0x80000000U); })) {
      CHECK(false);
      break;
    }
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("a trap inside a callback's nested call fails the nested call") {
  static bool inner_failed = false;
  inner_failed = false;
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(survive("survivor"));
  auto callback = sandbox.register_callback(
      +[](rlbox_sandbox_guest& s, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
        if (n.UNSAFE_unverified() == 2) {
          inner_failed = fails_with(s, RLBOX_WASM2C_TRAP_UNREACHABLE,
                                    [&] { s.invoke_sandbox_function(abort_here); });
        }
        return n;
      });
  // The guest goes on after the callback returned, as it is only the inner call that was given up.
  CHECK(sandbox.invoke_sandbox_function(call_many, callback, 4U).UNSAFE_unverified() == 6);
  CHECK(inner_failed);
  callback.unregister();
  sandbox.destroy_sandbox();
}

TEST_CASE("several threads go through every kind of trap at once, each in its own sandbox") {
  constexpr int threads_count = 4;
  constexpr int rounds = 10;
  constexpr int kinds_count = sizeof kinds / sizeof kinds[0];
  std::vector<std::thread> threads;
  std::vector<int> good(threads_count, 0);
  for (int t = 0; t < threads_count; ++t) {
    threads.emplace_back([&good, t] {
      for (int i = 0; i < rounds * kinds_count; ++i) {
        const kind& one = kinds[(i + t) % kinds_count];  // different kinds at a time
        rlbox_sandbox_guest sandbox;
        sandbox.create_sandbox(survive_everything("survivor"));
        good[static_cast<std::size_t>(t)] +=
            fails_with(sandbox, one.reason, [&] { one.trap(sandbox); }) ? 1 : 0;
        sandbox.destroy_sandbox();
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const int count : good) {
    CHECK(count == rounds * kinds_count);
  }
}

namespace {

/// Whether a failed check of the framework says `text`; otherwise what `call` did stands.
template <typename F>
child_result in_child(F&& call) {
  return run_child([&] {
#ifdef RLBOX_USE_EXCEPTIONS
    try {
      call();
    } catch (const std::exception& error) {
      std::printf("refused: %s\n", error.what());
    }
#else
    call();
#endif
  });
}

}  // namespace

// ThreadSanitizer's own functions, called in each frame, do not survive the end of the stack.
#if !defined(__SANITIZE_THREAD__)
TEST_CASE("S5: an overflow of the thread's stack is a trap, however large the frames are") {
  for (const bool large : {false, true}) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive("survivor"));
    CHECK(fails_with(sandbox, RLBOX_WASM2C_TRAP_STACK_EXHAUSTED, [&] {
      if (large) {
        sandbox.invoke_sandbox_function(use_large_frames, 10000000U);
      } else {
        sandbox.invoke_sandbox_function(use_host_stack, 100000000U);
      }
    }));
    sandbox.destroy_sandbox();
  }
}
#endif

TEST_CASE("M4: the application follows a wild pointer of the library's and goes on") {
  // Each reads or writes through a pointer that is wild: 4 bytes before the memory's end, far
  // behind it, or misaligned.
  void (*const uses[])(tainted_guest<operations*>) = {
      [](tainted_guest<operations*> p) { RLBOX_UNUSED(p->argument.UNSAFE_unverified()); },
      [](tainted_guest<operations*> p) { p->argument = 7U; },
      [](tainted_guest<operations*> p) { RLBOX_UNUSED((*p).argument.UNSAFE_unverified()); },
      [](tainted_guest<operations*> p) { RLBOX_UNUSED(p[0].argument.UNSAFE_unverified()); },
      [](tainted_guest<operations*> p) { p[5].argument = 7U; },
  };
  for (const auto use : uses) {
    for (const std::uint32_t where : {0U, 1U, 2U, 3U}) {
      rlbox_sandbox_guest sandbox;
      sandbox.create_sandbox(survive("survivor"));
      const auto end = static_cast<std::uint32_t>(sandbox.get_total_memory());
      const std::uint32_t addresses[] = {end - 4, end + 65536, 0xfffffff8U, end / 2 + 1};
      auto wild = sandbox.invoke_sandbox_function(any_pointer, addresses[where]);
      CHECK(!sandbox.get_sandbox_impl()->has_trapped());
#ifdef RLBOX_USE_EXCEPTIONS
      CHECK_THROWS(use(wild));
#else
      use(wild);
#endif
      CHECK(sandbox.get_sandbox_impl()->has_trapped());
      CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS);
      CHECK(std::strstr(sandbox.get_sandbox_impl()->trap_message(), "by the application") !=
            nullptr);
      sandbox.destroy_sandbox();
    }
  }
}

#ifndef RLBOX_USE_EXCEPTIONS
TEST_CASE("M4: any number of wild pointers, read and written, within one call") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(survive("survivor"));
  static unsigned calls = 0;
  calls = 0;
  {
    auto follow =
        sandbox.register_callback(+[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) {
          ++calls;
          return n;
        });
    auto first = sandbox.invoke_sandbox_function(any_pointer, 0x10000000U);
    // More pages than a process can have mappings, two for each of these.
    for (std::uint32_t i = 0; i < 45000; ++i) {
      auto* const place = first.UNSAFE_unverified() + std::size_t{i} * 8192;
      auto wild = first;
      std::memcpy(static_cast<void*>(&wild), &place, sizeof place);
      if (i % 3 == 0) {
        wild->argument = 1U;
      } else {
        RLBOX_UNUSED(wild->argument.UNSAFE_unverified());
      }
    }
    CHECK(sandbox.get_sandbox_impl()->has_trapped());
    sandbox.invoke_sandbox_function(apply, follow, 1U);
    CHECK(calls == 0);
  }
  sandbox.destroy_sandbox();
}
#endif

TEST_CASE("M4: pages that wild pointers made accessible are gone with the sandbox") {
  // The next sandbox gets the same address space; its guard area must be whole.
  for (int i = 0; i < 40; ++i) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive("survivor"));
    const auto returned = sandbox.invoke_sandbox_function(own_function, 0);
    RLBOX_UNUSED(returned);
    auto* const behind = static_cast<volatile unsigned char*>(sandbox.get_memory_location()) +
                         sandbox.get_total_memory() + 4096;
    CHECK(*behind == 0);
    *behind = 1;
    CHECK(sandbox.get_sandbox_impl()->has_trapped());
    sandbox.destroy_sandbox();
    sandbox.create_sandbox(survive("survivor"));
    CHECK(fails_with(sandbox, RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS, [&] {
      sandbox.invoke_sandbox_function(
          read_at, static_cast<std::uint32_t>(sandbox.get_total_memory()) + 4096U);
    }));
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("M5: a callback cannot destroy the sandbox that calls it") {
  const child_result result = in_child([] {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive("survivor"));
    {
      auto destroyer =
          sandbox.register_callback(+[](rlbox_sandbox_guest& s, tainted_guest<std::uint32_t> n) {
            s.destroy_sandbox();
            return n;
          });
      sandbox.invoke_sandbox_function(apply, destroyer, 1U);
      std::printf("the callback returned\n");
    }
  });
  CHECK(result.printed("cannot be destroyed while its code is on the stack"));
  CHECK(!result.printed("the callback returned"));
}

HARNESS_MAIN()
