// S12: host code runs for a library only if the thread's stack has a reserve left.
#include "guest.rlbox.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

using namespace rlbox;

namespace {

constexpr std::size_t page_bytes = 4096;

rlbox_wasm2c_options survive(std::size_t reserve = 65536) {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  options.stack_reserve = reserve;
  return options;
}

/// Memory with an inaccessible page below, and below that, memory that must stay as it is.
class guarded_stack {
  static constexpr unsigned char untouched = 0xa5;
  unsigned char* memory;
  std::size_t below_bytes;

 public:
  std::size_t bytes;
  explicit guarded_stack(std::size_t stack_bytes, std::size_t bytes_below = 1 << 20)
      : below_bytes(bytes_below), bytes(stack_bytes) {
    void* const mapping = mmap(nullptr, below_bytes + page_bytes + bytes, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) {
      std::abort();
    }
    memory = static_cast<unsigned char*>(mapping);
    std::memset(memory, untouched, below_bytes);
    mprotect(memory + below_bytes, page_bytes, PROT_NONE);
  }
  ~guarded_stack() { munmap(memory, below_bytes + page_bytes + bytes); }
  void* lowest() const { return memory + below_bytes + page_bytes; }
  bool is_intact_below() const {
    for (std::size_t i = 0; i < below_bytes; ++i) {
      if (memory[i] != untouched) {
        return false;
      }
    }
    return true;
  }
};

std::size_t least_seen = 0;
const unsigned char* stack_lowest = nullptr;

/// A callback with a frame that is four times as large as a guard page.
tainted_guest<std::uint32_t> needs_much(rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) {
  volatile unsigned char buffer[16384];
  buffer[0] = 1;
  buffer[sizeof buffer - 1] = 1;
  const auto left = static_cast<std::size_t>(const_cast<unsigned char*>(buffer) - stack_lowest);
  least_seen = left < least_seen ? left : least_seen;
  return n + buffer[0];
}

tainted_guest<std::uint32_t> needs_little(rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) {
  const auto* const here = static_cast<unsigned char*>(__builtin_frame_address(0));
  const auto left = static_cast<std::size_t>(here - stack_lowest);
  least_seen = left < least_seen ? left : least_seen;
  return n + 1U;
}

struct outcome {
  unsigned returned = 0;
  unsigned trapped = 0;
  bool other_reason = false;
};

/// Calls the callback from ever greater depths, with a fresh sandbox for each.
void go_deeper(outcome& seen, std::uint32_t step) {
  for (std::uint32_t depth = 0; depth < 100000 && seen.trapped < 20; depth += step) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive());
    {
      auto callback = sandbox.register_callback(needs_much);
      sandbox.invoke_sandbox_function(recurse_and_call, callback, depth);
      auto* backend = sandbox.get_sandbox_impl();
      if (backend->has_trapped()) {
        ++seen.trapped;
        seen.other_reason |= backend->trap_reason() != RLBOX_WASM2C_TRAP_STACK_EXHAUSTED;
      } else {
        ++seen.returned;
      }
    }
    sandbox.destroy_sandbox();
  }
}

void run_on_thread(guarded_stack& stack, void* (*body)(void*), void* argument) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack.lowest(), stack.bytes);
  if (pthread_create(&thread, &attributes, body, argument) != 0) {
    std::abort();
  }
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

ucontext_t outside;
ucontext_t inside;
void (*coroutine_body)();
void run_coroutine() { coroutine_body(); }

/// Runs a function on a stack that no thread has.
void run_on_coroutine(guarded_stack& stack, void (*body)()) {
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack.lowest();
  inside.uc_stack.ss_size = stack.bytes;
  inside.uc_link = &outside;
  coroutine_body = body;
  makecontext(&inside, run_coroutine, 0);
  swapcontext(&outside, &inside);
}

}  // namespace

TEST_CASE("B4: a callback's frame cannot jump over the guard page, however deep the library is") {
  guarded_stack stack(512 << 10);
  outcome seen;
  stack_lowest = static_cast<unsigned char*>(stack.lowest());
  least_seen = stack.bytes;
  run_on_thread(
      stack,
      [](void* to) -> void* {
        go_deeper(*static_cast<outcome*>(to), 137);
        return nullptr;
      },
      &seen);
  CHECK(seen.returned > 0);
  CHECK(seen.trapped > 0);
  CHECK(!seen.other_reason);
  CHECK(stack.is_intact_below());
  CHECK(least_seen >= 65536 - 16384 - 2048);  // the frame itself, and what leads to it
}

TEST_CASE("B4, M1: a WASI function runs with the reserve, too, and leaves no lock behind") {
  guarded_stack stack(512 << 10);
  static unsigned trapped = 0;
  trapped = 0;
  run_on_thread(
      stack,
      [](void*) -> void* {
        for (std::uint32_t depth = 0; depth < 100000 && trapped < 20; depth += 311) {
          rlbox_sandbox_guest sandbox;
          sandbox.create_sandbox(survive());
          sandbox.invoke_sandbox_function(recurse_and_print, depth);
          trapped += sandbox.get_sandbox_impl()->has_trapped() ? 1 : 0;
          sandbox.destroy_sandbox();
        }
        return nullptr;
      },
      nullptr);
  CHECK(trapped > 0);
  std::printf("the lock of stdout is free\n");
  CHECK(std::fflush(stdout) == 0);
  CHECK(stack.is_intact_below());
}

TEST_CASE("S12: the reserve is an option, and the report says what was left") {
  guarded_stack stack(512 << 10);
  static std::string message;
  run_on_thread(
      stack,
      [](void*) -> void* {
        rlbox_sandbox_guest sandbox;
        sandbox.create_sandbox(survive(500 << 10));
        {
          auto callback = sandbox.register_callback(needs_much);
          sandbox.invoke_sandbox_function(recurse_and_call, callback, 1000U);
          message = sandbox.get_sandbox_impl()->trap_message();
        }
        sandbox.destroy_sandbox();
        return nullptr;
      },
      nullptr);
  CHECK(message.find("stack exhausted") != std::string::npos);
  CHECK(message.find("runs with no less than 512000") != std::string::npos);
}

TEST_CASE("S12: a reserve that is smaller or larger than the usual one holds") {
  static std::size_t reserve;
  for (const std::size_t kibibytes : {24U, 200U}) {
    reserve = kibibytes << 10;
    least_seen = SIZE_MAX;
    guarded_stack stack(512 << 10);
    stack_lowest = static_cast<unsigned char*>(stack.lowest());
    run_on_thread(
        stack,
        [](void*) -> void* {
          rlbox_sandbox_guest sandbox;
          sandbox.create_sandbox(survive(reserve));
          {
            auto callback = sandbox.register_callback(needs_little);
            for (std::uint32_t depth = 1; !sandbox.get_sandbox_impl()->has_trapped(); depth += 16) {
              sandbox.invoke_sandbox_function(recurse_and_call, callback, depth);
            }
          }
          sandbox.destroy_sandbox();
          return nullptr;
        },
        nullptr);
    // Off by the callback's own frames below, and by a step of the recursion above.
    CHECK(least_seen + 4096 >= reserve);
    CHECK(least_seen < reserve + 16384);
  }
}

TEST_CASE("S12: the main thread") {
  const child_result result = run_child([] {
    struct rlimit limit = {1 << 20, RLIM_INFINITY};
    setrlimit(RLIMIT_STACK, &limit);
    std::string program = "/proc/self/exe";
    setenv("RLBOX_TEST_MAIN_THREAD", "1", 1);
    execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
  });
  CHECK(result.printed("main thread: trapped, and callbacks ran before"));
}

TEST_CASE("S12: a main thread whose stack has no limit") {
  const child_result result = run_child([] {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_STACK, &limit);
    std::string program = "/proc/self/exe";
    setenv("RLBOX_TEST_MAIN_THREAD", "1", 1);
    execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
  });
  CHECK(result.printed("main thread: trapped, and callbacks ran before"));
}

namespace {
/// Calls a sandbox in a signal handler on an alternate stack.
child_result call_in_handler(const guarded_stack& stack, std::size_t skipped) {
  return run_child([&] {
    static rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive());
    static auto callback = sandbox.register_callback(needs_much);
    stack_t signals{};
    signals.ss_size = stack.bytes - skipped;
    signals.ss_sp = static_cast<unsigned char*>(stack.lowest()) + skipped;
    sigaltstack(&signals, nullptr);
    struct sigaction action{};
    action.sa_flags = SA_ONSTACK;
    action.sa_handler = [](int) {
      sandbox.invoke_sandbox_function(apply, callback, 1U);
      std::printf("%s\n", sandbox.get_sandbox_impl()->trap_message());
      std::fflush(stdout);
      _exit(0);
    };
    sigaction(SIGUSR1, &action, nullptr);
    std::raise(SIGUSR1);
  });
}
}  // namespace

TEST_CASE("S12: a signal handler on a small stack of its own") {
  guarded_stack stack(32 << 10);
  CHECK(call_in_handler(stack, 0).printed("stack exhausted"));
}

TEST_CASE("S11: a signal handler on a stack without a guard page is refused") {
  guarded_stack stack(128 << 10);
  const child_result result = call_in_handler(stack, 64 << 10);
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed("alternate stack without a guard page"));
}

TEST_CASE("S12: a coroutine's stack has to be named, and is then like any other") {
  static outcome seen;
  guarded_stack memory(512 << 10);
  const child_result unnamed = run_child([&] {
    static rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive());
    run_on_coroutine(memory, [] { sandbox.invoke_sandbox_function(add, 1U, 2U); });
  });
  CHECK(unnamed.signal == SIGABRT);
  CHECK(unnamed.printed("name the stack with rlbox_wasm2c_stack"));
  {
    rlbox_wasm2c_stack named(memory.lowest(), memory.bytes);
    run_on_coroutine(memory, [] { go_deeper(seen, 137); });
  }
  CHECK(seen.returned > 0);
  CHECK(seen.trapped > 0);
  CHECK(!seen.other_reason);
  CHECK(memory.is_intact_below());
  // Back on the thread's own stack, all is as before.
  outcome again;
  go_deeper(again, 50000);
  CHECK(again.returned > 0);
}

TEST_CASE("S15: calls of two coroutines into one sandbox do not cross") {
  // The second call begins while the first is in a callback. If the first went on then, a trap of
  // its library would jump into the frames of the second.
  static guarded_stack* second = nullptr;
  guarded_stack one(256 << 10);
  guarded_stack two(256 << 10);
  second = &two;
  const child_result result = run_child([&] {
    static rlbox_wasm2c_stack named_one(one.lowest(), one.bytes);
    static rlbox_wasm2c_stack named_two(two.lowest(), two.bytes);
    static rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive());
    static auto callback =
        sandbox.register_callback(+[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) {
          static ucontext_t within;
          ucontext_t outer = inside;
          ucontext_t caller = outside;
          getcontext(&within);
          within.uc_stack.ss_sp = second->lowest();
          within.uc_stack.ss_size = second->bytes;
          within.uc_link = &outside;
          makecontext(&within, +[] { sandbox.invoke_sandbox_function(add, 1U, 2U); }, 0);
          swapcontext(&outside, &within);
          inside = outer;
          outside = caller;
          return n;
        });
    run_on_coroutine(one, [] { sandbox.invoke_sandbox_function(apply, callback, 1U); });
  });
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed("on another stack had returned"));
}

TEST_CASE("S11: an overflow of a coroutine's stack by the library itself is a trap") {
  static bool trapped;
  static std::string message;
  guarded_stack memory(256 << 10);
  rlbox_wasm2c_stack named(memory.lowest(), memory.bytes);
  run_on_coroutine(memory, [] {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(survive());
    sandbox.invoke_sandbox_function(use_host_stack, 100000000U);
    trapped = sandbox.get_sandbox_impl()->has_trapped();
    message = sandbox.get_sandbox_impl()->trap_message();
    sandbox.destroy_sandbox();
  });
  CHECK(trapped);
  CHECK(message.find("stack exhausted") != std::string::npos);
  CHECK(memory.is_intact_below());
}

TEST_CASE("S11: memory that happens not to be mapped is no guard") {
  void* const mapping =
      mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(mapping != MAP_FAILED);
  REQUIRE(munmap(mapping, 1 << 19) == 0);
  void* const upper = static_cast<char*>(mapping) + (1 << 19);
  const child_result refused = run_child([&] { rlbox_wasm2c_stack named(upper, 1 << 19); });
  CHECK(refused.signal == SIGABRT);
  CHECK(refused.printed("no guard page"));
  munmap(upper, 1 << 19);
}

TEST_CASE("S12: a stack in the lowest gigabyte is refused") {
  constexpr std::size_t bytes = 1 << 18;
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  void* const low = reinterpret_cast<void*>(std::uintptr_t{0x20000000});
  const child_result refused = run_child([&] {
    if (mmap(low, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
             -1, 0) != low ||
        mprotect(low, page_bytes, PROT_NONE) != 0) {
      std::printf("no memory there\n");
      std::exit(1);
    }
    rlbox_wasm2c_stack named(low, bytes);
  });
  CHECK(refused.signal == SIGABRT);
  CHECK(refused.printed("lowest gigabyte"));
  CHECK(refused.printed("allocate the stack with mmap"));
}

TEST_CASE("S12: a smaller stack in the place of a larger one is looked at again") {
  static outcome seen;
  guarded_stack memory(1 << 20);
  {
    rlbox_wasm2c_stack large(memory.lowest(), memory.bytes);
    run_on_coroutine(memory, [] {
      rlbox_sandbox_guest sandbox;
      sandbox.create_sandbox(survive());
      sandbox.destroy_sandbox();
    });
  }
  // The upper part of the same memory, with a guard page of its own.
  auto* const lowest = static_cast<unsigned char*>(memory.lowest()) + (1 << 19);
  REQUIRE(mprotect(lowest - page_bytes, page_bytes, PROT_NONE) == 0);
  stack_lowest = lowest;
  least_seen = memory.bytes;
  {
    rlbox_wasm2c_stack small(lowest, 1 << 19);
    run_on_coroutine(memory, [] { go_deeper(seen, 137); });
  }
  CHECK(seen.trapped > 0);
  CHECK(least_seen >= 65536 - 16384 - 2048);
}

TEST_CASE("S12: the reserve is that of the stack that the sandbox is called on now") {
  const child_result result = run_child([] {
    guarded_stack one(512 << 10);
    guarded_stack two(512 << 10);
    const bool one_is_lower = one.lowest() < two.lowest();
    static guarded_stack* lower;
    static guarded_stack* upper;
    lower = one_is_lower ? &one : &two;
    upper = one_is_lower ? &two : &one;
    static rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox();  // a trap ends the program, and calls are plain
    static auto callback = sandbox.register_callback(needs_little);
    static const auto call = [](void*) -> void* {
      sandbox.invoke_sandbox_function(recurse_and_call, callback, 1U);
      sandbox.invoke_sandbox_function(recurse_and_call, callback, 1U);
      return nullptr;
    };
    const auto call_on_both = [](void*) -> void* {
      call(nullptr);
      for (std::uint32_t depth = 1;; depth += 16) {
        // The lower stack's limit would let a callback run on the last bytes of the upper one.
        run_on_thread(*lower, call, nullptr);
        least_seen = SIZE_MAX;
        sandbox.invoke_sandbox_function(recurse_and_call, callback, depth);
        if (least_seen < 60000) {
          std::printf("a callback ran with %zu bytes left\n", least_seen);
          std::exit(0);
        }
      }
    };
    stack_lowest = static_cast<unsigned char*>(upper->lowest());
    run_on_thread(*upper, call_on_both, nullptr);
  });
  CHECK(result.printed("code of the application runs with no less than 65536"));
}

TEST_CASE("S12: a handler's call on a stack of its own sets no limit for another stack") {
  // As if a signal had come after a call has looked at its stack, and before it notes the limit.
  const auto see = [](std::uintptr_t low, std::size_t bytes) {
    rlbox_wasm2c_thread.stack_low = low;
    rlbox_wasm2c_thread.stack_bytes = bytes;
    rlbox_wasm2c_thread.roomy_low = low + RLBOX_WASM2C_USUAL_RESERVE;
    rlbox_wasm2c_thread.roomy_bytes = bytes - RLBOX_WASM2C_USUAL_RESERVE;
  };
  const guarded_stack other(1 << 20);
  rlbox_wasm2c_enter_thread();
  for (const std::size_t reserve : {std::size_t{1000}, std::size_t{65536}, std::size_t{200000}}) {
    rlbox_wasm2c_record record{};
    record.stack_reserve = reserve;
    see(reinterpret_cast<std::uintptr_t>(other.lowest()), other.bytes);
    rlbox_wasm2c_note_limit(&record);
    CHECK(record.stack_limit == RLBOX_WASM2C_NO_STACK);
    rlbox_wasm2c_need_stack(&record);
    CHECK(rlbox_wasm2c_knows_stack());
    rlbox_wasm2c_note_limit(&record);
    CHECK(record.stack_limit >= rlbox_wasm2c_thread.stack_low + reserve);
    CHECK(rlbox_wasm2c_has_stack(&record));
  }
}

TEST_CASE("S12: a stack without a guard page is refused") {
  guarded_stack memory(256 << 10);
  auto* const in_the_middle = static_cast<unsigned char*>(memory.lowest()) + 65536;
  const child_result refused = run_child([&] { rlbox_wasm2c_stack named(in_the_middle, 65536); });
  CHECK(refused.signal == SIGABRT);
  CHECK(refused.printed("no guard page"));
  const child_result result = run_child([&] {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, in_the_middle, 131072);
    pthread_create(
        &thread, &attributes,
        [](void*) -> void* {
          rlbox_sandbox_guest sandbox;
          sandbox.create_sandbox(survive());
          return nullptr;
        },
        nullptr);
    pthread_join(thread, nullptr);
  });
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed("without a guard area below its stack"));
}

namespace {
/// What the tests of the main thread run instead of tests.
struct main_thread_run {
  main_thread_run() {
    if (std::getenv("RLBOX_TEST_MAIN_THREAD") != nullptr) {
      outcome seen;
      for (std::uint32_t depth = 0; depth < 8000000; depth = depth * 2 + 1) {
        rlbox_sandbox_guest sandbox;
        sandbox.create_sandbox(survive());
        {
          auto callback = sandbox.register_callback(needs_much);
          sandbox.invoke_sandbox_function(recurse_and_call, callback, depth);
          auto* backend = sandbox.get_sandbox_impl();
          seen.trapped += backend->has_trapped() ? 1 : 0;
          seen.returned += backend->has_trapped() ? 0 : 1;
        }
        sandbox.destroy_sandbox();
      }
      std::printf("main thread: %s, and %s\n", seen.trapped > 0 ? "trapped" : "did not trap",
                  seen.returned > 0 ? "callbacks ran before" : "no callback ran");
      std::fflush(stdout);
      _exit(0);
    }
  }
} main_thread;
}  // namespace

HARNESS_MAIN()
