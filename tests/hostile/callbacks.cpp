// Callbacks, function pointers, and the host's stack below them.
#include "tests/hostile/box.hpp"

#include <atomic>
#include <csetjmp>
#include <deque>
#include <stdexcept>
#include <thread>

#include <pthread.h>
#include <sys/mman.h>

using namespace hostile;

namespace {

int ran = 0;

t<std::uint32_t> same(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n;
}
t<std::uint32_t> other(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n + 1U;
}

/// A frame of 16 KiB, as a callback that reads a file or formats a message has.
t<std::uint32_t> with_a_buffer(box_type&, t<std::uint32_t> n) {
  ++ran;
  char buffer[16384];
  char* volatile all = buffer;
  std::memset(all, 1, sizeof buffer);
  return n;
}

/// Runs `body` on a thread whose stack lies right above a canary, with one guard page between.
template <typename F>
bool on_a_stack_above_a_canary(F& body) {
  constexpr std::size_t page = 4096;
  constexpr std::size_t stack = 1 << 20;
  constexpr std::size_t below = 1 << 18;
  auto* const all = static_cast<unsigned char*>(mmap(nullptr, below + page + stack, PROT_READ | PROT_WRITE,
                                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  std::memset(all, 0xA7, below);
  mprotect(all + below, page, PROT_NONE);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, all + below + page, stack);
  pthread_t thread;
  pthread_create(
      &thread, &attributes,
      [](void* self) -> void* {
        (*static_cast<F*>(self))();
        return nullptr;
      },
      &body);
  pthread_join(thread, nullptr);
  for (std::size_t i = 0; i < below; ++i) {
    if (all[i] != 0xA7) {
      return false;
    }
  }
  return true;
}

/// A call that may trap, on a thread where an exception must not leave.
template <typename F>
void quietly([[maybe_unused]] kit& k, F&& call) {
#if defined(RLBOX_USE_EXCEPTIONS)
  try {
    call();
  } catch (const rlbox_wasm2c_trap_error&) {
    k.require(k.trapped(), "a sandbox that trapped says so", __LINE__);
  }
#else
  call();
#endif
}

}  // namespace

// ---- the host's stack ----

BEHAVIOUR("B4-a", "recurses on the host's stack, then calls a callback with a buffer of 16 KiB",
          traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(with_a_buffer);
  box.invoke_sandbox_function(keep, callback);
  auto body = [&] {
    quietly(k, [&] { box.invoke_sandbox_function(call_kept_at_the_end_of_the_host_stack, 1U); });
  };
  REQUIRE(on_a_stack_above_a_canary(body));
}
