// Libraries that do not come back: time limits and interrupts, under both policies.
// Built with and without RLBOX_USE_EXCEPTIONS.
#include "guest.rlbox.h"

#include <atomic>
#include <cfenv>
#include <chrono>
#include <csignal>
#include <pthread.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

using namespace rlbox;
using namespace std::chrono_literals;

namespace {

rlbox_wasm2c_options limited(std::chrono::milliseconds limit) {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  options.time_limit = limit;
  options.standard_output =
      rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t) { return true; });
  return options;
}

/// Runs a call that is to be stopped; how long that took.
template <typename F>
std::chrono::steady_clock::duration stopped(F&& call) {
  const auto start = std::chrono::steady_clock::now();
#ifdef RLBOX_USE_EXCEPTIONS
  bool thrown = false;
  try {
    call();
  } catch (const rlbox_wasm2c_trap_error&) {
    thrown = true;
  }
  CHECK(thrown);
#else
  call();
#endif
  return std::chrono::steady_clock::now() - start;
}

/// Interrupts a sandbox after a while.
class interrupter {
  std::thread thread;

 public:
  explicit interrupter(rlbox_sandbox_guest& sandbox)
      : thread([&sandbox] {
          std::this_thread::sleep_for(50ms);
          sandbox.get_sandbox_impl()->interrupt();
        }) {}
  ~interrupter() { thread.join(); }
};

tainted_guest<std::uint32_t> same(rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) {
  return n;
}

}  // namespace

// First, while no handler of the runtime is installed yet.
TEST_CASE("S16: SIGURG for the application still reaches its handler") {
  static volatile std::sig_atomic_t seen = 0;
  const child_result result = run_child([] {
    std::signal(SIGURG, [](int) { seen = 1; });
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(limited(50ms));
    std::raise(SIGURG);
    std::printf("seen %d\n", static_cast<int>(seen));
    seen = 0;
#ifdef RLBOX_USE_EXCEPTIONS
    try {
      sandbox.invoke_sandbox_function(spin);
    } catch (const rlbox_wasm2c_trap_error&) {
    }
#else
    sandbox.invoke_sandbox_function(spin);
#endif
    std::printf("stopped %d\n", static_cast<int>(seen));
    sandbox.destroy_sandbox();
  });
  CHECK(result.printed("seen 1"));
  CHECK(result.printed("stopped 0"));
}

TEST_CASE("S16: a loop without end is a trap when the time is up") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(50ms));
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  const auto took = stopped([&] { sandbox.invoke_sandbox_function(spin); });
  CHECK(took >= 50ms);
  CHECK(took < 5s);
  CHECK(sandbox.get_sandbox_impl()->has_trapped());
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_TIME_LIMIT);
  CHECK(std::strstr(sandbox.get_sandbox_impl()->trap_message(), "in a call of spin") != nullptr);
  stopped([&] { sandbox.invoke_sandbox_function(add, 1U, 2U); });
  sandbox.destroy_sandbox();
  sandbox.create_sandbox(limited(50ms));
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: the time limit holds for one call, not for all of them together") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(200ms));
  for (int i = 0; i < 30; ++i) {
    std::this_thread::sleep_for(10ms);
    CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  }
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: a library that keeps calling the application is stopped, too") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(50ms));
  auto callback = sandbox.register_callback(same);
  stopped([&] { sandbox.invoke_sandbox_function(spin_calling, callback); });
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_TIME_LIMIT);
  sandbox.destroy_sandbox();
  sandbox.create_sandbox(limited(50ms));
  stopped([&] { sandbox.invoke_sandbox_function(spin_printing); });
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_TIME_LIMIT);
  sandbox.destroy_sandbox();
}

TEST_CASE("S15: a callback runs to its end, and the library stops when the callback returns") {
  static int ended = 0;
  ended = 0;
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(20ms));
  auto slow = sandbox.register_callback(
      +[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
        const auto end = std::chrono::steady_clock::now() + 200ms;
        while (std::chrono::steady_clock::now() < end) {
        }
        ++ended;
        return n;
      });
  stopped([&] { sandbox.invoke_sandbox_function(call_many, slow, 1000U); });
  CHECK(ended == 1);
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_TIME_LIMIT);
  sandbox.destroy_sandbox();
}

TEST_CASE(
    "S15: a callback that catches the failure of its inner call still ends with the outer one") {
  static int inner_failures = 0;
  inner_failures = 0;
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(50ms));
  auto nested = sandbox.register_callback(
      +[](rlbox_sandbox_guest& s, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
        stopped([&] { s.invoke_sandbox_function(spin); });
        ++inner_failures;
        return n;
      });
  stopped([&] { sandbox.invoke_sandbox_function(call_many, nested, 1000U); });
  CHECK(inner_failures == 1);
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: another thread interrupts a call") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(0ms));
  {
    interrupter thread(sandbox);
    stopped([&] { sandbox.invoke_sandbox_function(spin); });
  }
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_INTERRUPTED);
  stopped([&] { sandbox.invoke_sandbox_function(add, 1U, 2U); });
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: an interrupt between calls stops the next one") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(0ms));
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  sandbox.get_sandbox_impl()->interrupt();
  stopped([&] { sandbox.invoke_sandbox_function(add, 1U, 2U); });
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_INTERRUPTED);
  sandbox.destroy_sandbox();
}

TEST_CASE("S15: interrupts at any moment leave the application as it was") {
  // Calls that are as short as can be, so that the signal arrives everywhere around them.
  for (int round = 0; round < 200; ++round) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(limited(0ms));
    auto callback = sandbox.register_callback(
        +[](rlbox_sandbox_guest& s,
            tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
          std::vector<int> memory(n.UNSAFE_unverified() % 64 + 1);  // takes malloc's lock
#ifdef RLBOX_USE_EXCEPTIONS
          try {
            s.invoke_sandbox_function(add, 1U, 2U);
          } catch (const rlbox_wasm2c_trap_error&) {
          }
#else
          s.invoke_sandbox_function(add, 1U, 2U);
#endif
          return n;
        });
    std::thread thread([&sandbox, round] {
      std::this_thread::sleep_for(std::chrono::microseconds(round * 7 % 500));
      sandbox.get_sandbox_impl()->interrupt();
    });
    stopped([&] { sandbox.invoke_sandbox_function(spin_calling, callback); });
    thread.join();
    CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_INTERRUPTED);
    CHECK(rlbox_wasm2c_get_active() == &rlbox_wasm2c_host);
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("S16: no interrupt is lost when a call begins at the same moment") {
  for (int round = 0; round < 300; ++round) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(limited(0ms));
    std::atomic<bool> ready{false};
    std::thread thread([&] {
      ready = true;
      stopped([&] { sandbox.invoke_sandbox_function(spin); });
    });
    while (!ready) {
    }
    for (volatile int i = 0; i < round % 50 * 20; i = i + 1) {
    }
    sandbox.get_sandbox_impl()->interrupt();
    thread.join();  // or the test times out
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("S16: a thread that blocks all signals has a time limit all the same") {
  std::thread thread([] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(limited(50ms));
    stopped([&] { sandbox.invoke_sandbox_function(spin); });
    CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_TIME_LIMIT);
    sandbox.destroy_sandbox();
    sigset_t after;
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    CHECK(sigismember(&after, SIGURG) == 0);  // and from now on takes the signal
  });
  thread.join();
}

TEST_CASE("S16: two threads with limits of their own") {
  std::thread first([] {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(limited(100ms));
    CHECK(stopped([&] { sandbox.invoke_sandbox_function(spin); }) >= 100ms);
    sandbox.destroy_sandbox();
  });
  std::thread second([] {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(limited(30ms));
    for (int i = 0; i < 100; ++i) {
      sandbox.invoke_sandbox_function(add, 1U, 2U);
    }
    CHECK(stopped([&] { sandbox.invoke_sandbox_function(spin); }) >= 30ms);
    sandbox.destroy_sandbox();
  });
  first.join();
  second.join();
}

TEST_CASE("S16: under the policy abort the program ends with a report") {
  for (const bool interrupted : {false, true}) {
    const child_result result = run_child([interrupted] {
      rlbox_sandbox_guest sandbox;
      rlbox_wasm2c_options options;
      options.name = "box";
      options.time_limit = interrupted ? 0ms : 50ms;
      sandbox.create_sandbox(options);
      sandbox.invoke_sandbox_function(print_without_newline, nullptr);
      if (interrupted) {
        interrupter thread(sandbox);
        sandbox.invoke_sandbox_function(spin);
      } else {
        sandbox.invoke_sandbox_function(spin);
      }
    });
    CHECK(result.signal == SIGABRT);
    CHECK(result.printed(interrupted ? "sandbox box: interrupted by the application (module guest, "
                                       "in a call of spin)"
                                     : "sandbox box: time limit reached (module guest, in a call "
                                       "of spin)"));
  }
}

TEST_CASE("S16: a child process has time limits, too") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(50ms));
  sandbox.invoke_sandbox_function(add, 1U, 2U);
  const child_result result = run_child([&] {
    stopped([&] { sandbox.invoke_sandbox_function(spin); });
    std::printf("reason %d\n", static_cast<int>(sandbox.get_sandbox_impl()->trap_reason()));
  });
  CHECK(result.status == 0);
  CHECK(result.printed(("reason " + std::to_string(RLBOX_WASM2C_TRAP_TIME_LIMIT)).c_str()));
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: a child of a callback has the time limit of the call") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(300ms));
  static int child = -1;
  auto forks = sandbox.register_callback(
      +[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
        if (child < 0) {
          child = fork();
        }
        return n;
      });
  stopped([&] { sandbox.invoke_sandbox_function(call_then_spin, forks); });
  if (child == 0) {
    _exit(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_TIME_LIMIT ? 7 : 8);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: a thread that blocks all signals can be interrupted") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(0ms));
  std::thread thread([&] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    stopped([&] { sandbox.invoke_sandbox_function(spin); });
  });
  std::this_thread::sleep_for(50ms);
  CHECK(sandbox.get_sandbox_impl()->interrupt());
  thread.join();
  sandbox.destroy_sandbox();
}

namespace {
std::atomic_flag handler_lock = ATOMIC_FLAG_INIT;
std::atomic<int> handler_entered{0};
std::atomic<int> handler_left{0};

/// A handler of the application that holds a lock for a while.
void on_profile(int) {
  ++handler_entered;
  while (handler_lock.test_and_set()) {
  }
  for (volatile int i = 0; i < 20000; i = i + 1) {
  }
  handler_lock.clear();
  ++handler_left;
}
}  // namespace

TEST_CASE("S15: a time limit leaves no handler of the application half done") {
  for (const int flags : {0, SA_ONSTACK}) {
    const child_result result = run_child([flags] {
      struct sigaction action{};
      action.sa_handler = on_profile;
      action.sa_flags = flags | SA_RESTART;
      sigaction(SIGPROF, &action, nullptr);
      const itimerval every = {{0, 1000}, {0, 1000}};
      setitimer(ITIMER_PROF, &every, nullptr);
      for (int i = 0; i < 20; ++i) {
        rlbox_sandbox_guest sandbox;
        sandbox.create_sandbox(limited(20ms));  // creating it must not take as long
        stopped([&] { sandbox.invoke_sandbox_function(spin); });
        sandbox.destroy_sandbox();
      }
      const itimerval never{};
      setitimer(ITIMER_PROF, &never, nullptr);
      sigset_t blocked;
      pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
      std::printf("entered some %d, left all %d, lock free %d, blocked %d\n", handler_entered > 10,
                  handler_entered == handler_left, !handler_lock.test_and_set(),
                  sigismember(&blocked, SIGPROF));
    });
    CHECK(result.printed("entered some 1, left all 1, lock free 1, blocked 0"));
    if (!result.printed("entered some 1, left all 1, lock free 1, blocked 0")) {
      std::fprintf(stderr, "flags %d signal %d: %s\n", flags, result.signal, result.output.c_str());
    }
  }
}

namespace {
/// Takes a signal some way down the stack.
[[gnu::noinline]] void take_signal(int depth) {
  volatile char space[256];
  space[0] = 1;
  if (depth != 0) {
    take_signal(depth - 1);
  } else {
    raise(SIGUSR1);
  }
  space[1] = space[0];
}
}  // namespace

TEST_CASE("S16: what a handler has left on the stack keeps no library from being stopped") {
  // At some of these depths, what is left lies in the library's frame.
  for (int depth = 0; depth < 40; depth += 3) {
    const child_result result = run_child([depth] {
      std::signal(SIGUSR1, [](int) {});
      rlbox_sandbox_guest sandbox;
      sandbox.create_sandbox(limited(20ms));
      take_signal(depth);
      sigset_t more;
      sigemptyset(&more);
      sigaddset(&more, SIGUSR2);
      pthread_sigmask(SIG_BLOCK, &more, nullptr);
      alarm(3);  // otherwise for ever
      stopped([&] { sandbox.invoke_sandbox_function(spin_in_large_frame, 0U); });
      std::printf("stopped\n");
    });
    CHECK(result.printed("stopped"));
  }
}

TEST_CASE("S15: a trap leaves the application's rounding mode as it was") {
  std::fesetround(FE_UPWARD);
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox(limited(20ms));
  stopped([&] { sandbox.invoke_sandbox_function(spin); });
  CHECK(std::fegetround() == FE_UPWARD);
  std::fesetround(FE_TONEAREST);
  sandbox.destroy_sandbox();
}

TEST_CASE("S16: output is limited") {
  std::string printed;
  rlbox_sandbox_guest sandbox;
  rlbox_wasm2c_options options = limited(0ms);
  options.max_output = 100;
  options.standard_output =
      rlbox_wasm2c_stream::redirect_output([&printed](const char* data, std::size_t size) {
        printed.append(data, size);
        return true;
      });
  sandbox.create_sandbox(options);
  sandbox.invoke_sandbox_function(print_lines, 1000);
  CHECK(printed.size() <= 100);
  CHECK(printed.size() > 50);
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
