// Threads, processes, and signal handlers of the application.
#include "tests/hostile/box.hpp"

#include <atomic>
#include <chrono>
#include <csetjmp>
#include <csignal>
#include <exception>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace hostile;

namespace {

int ran = 0;

t<std::uint32_t> same(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n;
}
t<std::uint32_t> other(box_type&, t<std::uint32_t> n) { return n + 1U; }

/// Runs `body` in a child process; its status as waitpid gives it.
template <typename F>
int in_a_child(F&& body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    body();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

volatile std::sig_atomic_t signals = 0;
std::jmp_buf back;

}  // namespace

// ---- threads ----

BEHAVIOUR("H-THR-01", "traps on a thread while another thread uses another sandbox",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  auto& second = box_of(k);
  std::atomic<bool> stop{false};
  std::atomic<std::uint32_t> sum{0};
  std::thread worker([&] {
    while (!stop) {
      sum = second.invoke_sandbox_function(add, 1U, 2U).copy_and_verify(as_it_is);
    }
  });
  quietly(k, [&] { box.invoke_sandbox_function(store8, 0x70000000U, 1U); });
  stop = true;
  worker.join();
  REQUIRE(sum == 3 || sum == 0);
}

BEHAVIOUR("H-THR-02", "is used by one thread after the other", harmless()) {
  auto& box = box_of(k);
  for (std::uint32_t i = 0; i < 20; ++i) {
    std::thread thread([&] {
      REQUIRE(box.invoke_sandbox_function(add, i, 1U).copy_and_verify(as_it_is) == i + 1);
    });
    thread.join();
  }
}

BEHAVIOUR("H-THR-03", "runs while another thread registers callbacks", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(keep, callback);
  std::atomic<bool> running{true};
  std::thread thread([&] {
    for (int i = 0; i < 100; ++i) {
      box.invoke_sandbox_function(call_kept_times, 1U, 100U);
    }
    running = false;
  });
  while (running) {
    auto more = box.register_callback(other);
  }
  thread.join();
}

BEHAVIOUR("H-THR-04", "traps in eight sandboxes on eight threads", traps(out_of_bounds)) {
  if (!k.survive) {
    box_of(k).invoke_sandbox_function(store8, 0x70000000U, 1U);
    return;
  }
  std::vector<box_type*> boxes;
  for (int i = 0; i < 8; ++i) {
    boxes.push_back(&box_of(k));
  }
  std::vector<std::thread> threads;
  for (box_type* const box : boxes) {
    threads.emplace_back(
        [&k, box] { quietly(k, [&] { box->invoke_sandbox_function(store8, 0x70000000U, 1U); }); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (box_type* const box : boxes) {
    REQUIRE(box->get_sandbox_impl()->has_trapped());
  }
}

BEHAVIOUR("H-THR-05", "calls a callback that uses the sandbox on another thread",
          refused("refused: RLBox: a call into a sandbox began before a call by another thread")) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
#if defined(RLBOX_USE_EXCEPTIONS)
        std::exception_ptr error;
        std::thread thread([&] {
          try {
            sandbox.invoke_sandbox_function(add, 2U, 3U);
          } catch (...) {
            error = std::current_exception();
          }
        });
        thread.join();
        if (error) {
          std::rethrow_exception(error);
        }
#else
        std::thread thread([&] { sandbox.invoke_sandbox_function(add, 2U, 3U); });
        thread.join();
#endif
        return n;
      });
  box.invoke_sandbox_function(call_number, callback, 7U);
}

BEHAVIOUR("H-THR-06", "is destroyed by a thread that did not create it", harmless()) {
  box_type box;
  box.create_sandbox(k.options);
  std::thread thread([&] { box.destroy_sandbox(); });
  thread.join();
  box.create_sandbox(k.options);
  box.destroy_sandbox();
}

BEHAVIOUR("H-THR-07", "runs when another thread destroys the sandbox", not_destroyed()) {
  auto& box = box_of(k);
  static std::atomic<bool> inside{false};
  static std::atomic<bool> leave_now{false};
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    inside = true;
    while (!leave_now) {
      std::this_thread::yield();
    }
    return n;
  });
  std::thread thread([&] { box.invoke_sandbox_function(call_number, callback, 1U); });
  while (!inside) {
    std::this_thread::yield();
  }
#if defined(RLBOX_USE_EXCEPTIONS)
  try {
    box.destroy_sandbox();
  } catch (...) {
    leave_now = true;
    thread.join();
    throw;
  }
#else
  box.destroy_sandbox();
#endif
  leave_now = true;
  thread.join();
}

// ---- processes ----

BEHAVIOUR("H-FRK-01", "traps in a child process", harmless()) {
  auto& box = box_of(k);
  const int status = in_a_child([&] {
    quietly(k, [&] { box.invoke_sandbox_function(store8, 0x70000000U, 1U); });
    _exit(box.get_sandbox_impl()->has_trapped() ? 7 : 1);
  });
  REQUIRE(k.survive ? WIFEXITED(status) && WEXITSTATUS(status) == 7
                    : WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  REQUIRE(box.invoke_sandbox_function(add, 1U, 2U).copy_and_verify(as_it_is) == 3);
}

BEHAVIOUR("H-FRK-02", "calls a callback that forks", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    const int status = in_a_child([] {});
    return status == 0 ? n : t<std::uint32_t>(0U);
  });
  REQUIRE(box.invoke_sandbox_function(call_number, callback, 7U).copy_and_verify(as_it_is) == 7);
}

// AddressSanitizer can hang when a child of a process with several threads makes a thread.
#if !defined(__SANITIZE_ADDRESS__)
BEHAVIOUR("H-FRK-03", "loops for ever in a child process, which has a time limit", harmless()) {
  k.options.time_limit = std::chrono::milliseconds(100);
  auto& box = box_of(k);
  const int status = in_a_child([&] {
    quietly(k, [&] { box.invoke_sandbox_function(loop_forever); });
    _exit(box.get_sandbox_impl()->has_trapped() ? 7 : 1);
  });
  REQUIRE(k.survive ? WIFEXITED(status) && WEXITSTATUS(status) == 7
                    : WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
#endif

BEHAVIOUR("H-FRK-04", "writes in a child process; the parent's memory is its own", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<int>();
  *p = 1;
  const int status = in_a_child([&] { *p = 2; });
  REQUIRE(status == 0);
  REQUIRE(p->copy_and_verify(as_it_is) == 1);
}

// ---- signals ----

BEHAVIOUR("H-SIG-01", "traps where the application has a handler for SIGSEGV from before",
          traps(out_of_bounds)) {
  // Sandboxes exist already: the application chains, as the documentation says.
  static struct sigaction before;
  struct sigaction mine{};
  mine.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  mine.sa_sigaction = +[](int number, siginfo_t* info, void* context) {
    ++signals;
    before.sa_sigaction(number, info, context);
  };
  sigaction(SIGSEGV, &mine, &before);
  box_of(k).invoke_sandbox_function(store8, 0x70000000U, 1U);
}

BEHAVIOUR("minor-ignored-signal", "is in a process that ignores SIGSEGV, which somebody sends",
          harmless()) {
  if (sanitized) {  // the sanitizer's own handler ignores nothing
    return;
  }
  if (std::getenv("HOSTILE_INNER") != nullptr) {
    box_of(k);
    kill(getpid(), SIGSEGV);
    return;
  }
  // This program again, which ignores the signal from its start.
  const int status = in_a_child([&] {
    std::signal(SIGSEGV, SIG_IGN);
    setenv("HOSTILE_INNER", "1", 1);
    execl("/proc/self/exe", "hostile", "minor-ignored-signal", k.survive ? "survive" : "abort",
          static_cast<char*>(nullptr));
  });
  REQUIRE(status == 0);
}

BEHAVIOUR("H-SIG-02", "runs when the application's timer interrupts it", harmless()) {
  std::signal(SIGALRM, [](int) { signals = signals + 1; });
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(keep, callback);
  ualarm(1000, 1000);
  for (int i = 0; i < 200; ++i) {
    box.invoke_sandbox_function(call_kept_times, 1U, 1000U);
  }
  ualarm(0, 0);
  REQUIRE(ran == 200000);
}

BEHAVIOUR("H-SIG-03", "runs when a signal's handler uses another sandbox", harmless()) {
  static box_type* second = nullptr;
  auto& a = box_of(k);
  auto& b = box_of(k);
  second = &b;
  std::signal(SIGUSR1, [](int) {
    signals =
        static_cast<int>(second->invoke_sandbox_function(add, 2U, 3U).copy_and_verify(as_it_is));
  });
  auto callback = a.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    raise(SIGUSR1);
    return n;
  });
  REQUIRE(a.invoke_sandbox_function(call_number, callback, 7U).copy_and_verify(as_it_is) == 7);
  REQUIRE(signals == 5);
}

BEHAVIOUR("H-SIG-04", "is left by the application's own longjmp out of a callback", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    // Between functions of the callback only: no frame of the library is jumped over.
    if (setjmp(back) == 0) {
      std::longjmp(back, 1);
    }
    return n;
  });
  REQUIRE(box.invoke_sandbox_function(call_number, callback, 7U).copy_and_verify(as_it_is) == 7);
}
