// S11: the generated code cannot jump over the guard below a thread's stack.
#include "guest.rlbox.h"

#include <pthread.h>
#include <sys/mman.h>

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

constexpr std::size_t stack_bytes = 256 << 10;
constexpr std::size_t guard_bytes = 4096;
constexpr std::size_t below_bytes = 1 << 20;
constexpr unsigned char untouched = 0xa5;

bool trapped = false;
rlbox_wasm2c_trap_reason reason = RLBOX_WASM2C_TRAP_NONE;

void* recurse(void*) {
  rlbox_sandbox_guest sandbox;
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  sandbox.create_sandbox(options);
  sandbox.invoke_sandbox_function(use_large_frames, 1000000U);
  trapped = sandbox.get_sandbox_impl()->has_trapped();
  reason = sandbox.get_sandbox_impl()->trap_reason();
  sandbox.destroy_sandbox();
  return nullptr;
}

}  // namespace

TEST_CASE("S11: frames that are larger than the guard page fault in it all the same") {
  // From low to high addresses: memory that must not be written, the guard, the thread's stack.
  constexpr std::size_t all = below_bytes + guard_bytes + stack_bytes;
  void* const mapping =
      mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(mapping != MAP_FAILED);
  auto* const below = static_cast<unsigned char*>(mapping);
  std::memset(below, untouched, below_bytes);
  REQUIRE(mprotect(below + below_bytes, guard_bytes, PROT_NONE) == 0);

  // The last frame lies over the guard in a different way each time.
  for (std::size_t step = 0; step < 32; ++step) {
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstack(&attributes, below + below_bytes + guard_bytes,
                                  stack_bytes - step * 512) == 0);
    pthread_t thread;
    REQUIRE(pthread_create(&thread, &attributes, recurse, nullptr) == 0);
    REQUIRE(pthread_join(thread, nullptr) == 0);
    pthread_attr_destroy(&attributes);
    CHECK(trapped);
    CHECK(reason == RLBOX_WASM2C_TRAP_STACK_EXHAUSTED);
  }
  std::size_t written = 0;
  for (std::size_t i = 0; i < below_bytes; ++i) {
    written += below[i] != untouched ? 1 : 0;
  }
  CHECK(written == 0);
  munmap(mapping, all);
}

HARNESS_MAIN()
