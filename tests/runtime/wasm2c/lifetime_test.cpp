// Creation, destruction, limits; 10^5 cycles without growth.
#define RLBOX_USE_EXCEPTIONS
#include "guest.rlbox.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include <unistd.h>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

using namespace rlbox;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// A field of /proc/self/statm in pages: 0 total, 1 resident. 0 where there is no such file.
long memory_pages_of_process(int field) {
  long values[2] = {0, 0};
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &values[0], &values[1]) != 2) {
      values[0] = values[1] = 0;
    }
    std::fclose(file);
  }
  return values[field];
}

/// How many mappings the process has. 0 where there is no such file.
long mappings_of_process() {
  long lines = 0;
  if (std::FILE* file = std::fopen("/proc/self/maps", "r")) {
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) {
      lines += c == '\n' ? 1 : 0;
    }
    std::fclose(file);
  }
  return lines;
}

}  // namespace

TEST_CASE("many cycles of creation and destruction do not grow the process") {
  const int cycles = sanitized ? 2000 : 100000;
  long resident = 0;
  long total = 0;
  long mappings = 0;
  for (int i = 0; i < cycles; ++i) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox();
    if (i % 1000 == 0) {
      CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
    }
    sandbox.destroy_sandbox();
    if (i == 1000) {
      resident = memory_pages_of_process(1);
      total = memory_pages_of_process(0);
      mappings = mappings_of_process();
    }
  }
  CHECK(mappings_of_process() <= mappings + (sanitized ? 64 : 4));
  if (!sanitized) {
    CHECK(memory_pages_of_process(1) <= resident + 64);
    CHECK(memory_pages_of_process(0) <= total + 64);
  }
}

TEST_CASE("a fresh sandbox sees none of the previous one's memory") {
  for (int i = 0; i < 100; ++i) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox();
    auto p = sandbox.malloc_in_sandbox<char>(30000);
    bool clean = true;
    const char* raw = p.unverified_safe_pointer_because(30000, "test");
    for (int k = 0; k < 30000; ++k) {
      clean = clean && (raw[k] == 0 || k < 16 || k > 29980);  // the allocator's own words
    }
    CHECK(clean);
    rlbox::memset(sandbox, p, 0x5a, 30000U);
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("a fresh sandbox has the same memory whatever its predecessors wrote, and where") {
  std::vector<char> expected;
  std::uint32_t random = 1;
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;  // the library's destructors meet strange data
  for (int i = 0; i < 300; ++i) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(options);
    auto* const memory = static_cast<char*>(sandbox.get_memory_location());
    const std::size_t size = sandbox.get_total_memory();
    if (expected.empty()) {
      expected.assign(memory, memory + size);
    }
    REQUIRE(size == expected.size());
    REQUIRE(std::memcmp(memory, expected.data(), size) == 0);
    if (i % 7 == 0) {  // a memory that grows, which the next one does not see either
      CHECK(sandbox.invoke_sandbox_function(grow_memory, 3U).UNSAFE_unverified() != UINT32_MAX);
    }
    const std::size_t now = sandbox.get_total_memory();
    for (int k = i % 50 == 0 ? 2000 : i % 5; k > 0; --k) {
      random = random * 1664525 + 1013904223;
      memory[random % now] = 1;
    }
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("an object destroyed without destroy_sandbox gives everything back") {
  const long total = memory_pages_of_process(0);
  for (int i = 0; i < 1000; ++i) {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox();
  }
  CHECK(sanitized ||
        memory_pages_of_process(0) <= total + 17 * (1L << 21));  // 16 reservations are kept
}

TEST_CASE("S3: the reservation is 8 GiB whatever the limit") {
  const auto capacity = rlbox_wasm2c_memory_limit(1 << 20);
  CHECK(capacity.is_valid);
  CHECK(capacity.max_pages == 16);
  wasm_rt_memory_t memory = create_wasm2c_memory(2, &capacity, "limited");
  REQUIRE(memory.data != nullptr);
  CHECK(memory.data_end - memory.data == 0x200000000);
  CHECK(reinterpret_cast<std::uintptr_t>(memory.data) % 0x100000000 == 0);
  CHECK(memory.size == 2 * 65536);
  CHECK(memory.page_size == 65536);
  CHECK(rlbox_wasm2c_find_reservation(memory.data + 0x1ffffffff) != nullptr);
  CHECK(rlbox_wasm2c_find_reservation(memory.data + 0x200000000) !=
        rlbox_wasm2c_find_reservation(memory.data));
  CHECK(wasm_rt_grow_memory(&memory, 14) == 2);
  CHECK(wasm_rt_grow_memory(&memory, 1) == UINT64_MAX);
  CHECK(wasm_rt_grow_memory(&memory, UINT64_MAX) == UINT64_MAX);
  destroy_wasm2c_memory(&memory);
  CHECK(memory.data == nullptr);
  destroy_wasm2c_memory(&memory);
}

TEST_CASE("limits are rounded up, and impossible ones are invalid") {
  CHECK(rlbox_wasm2c_memory_limit(0).max_size == 0x100000000);
  CHECK(rlbox_wasm2c_memory_limit(1).max_pages == 1);
  CHECK(rlbox_wasm2c_memory_limit(65536).max_pages == 1);
  CHECK(rlbox_wasm2c_memory_limit(65537).max_pages == 2);
  CHECK(rlbox_wasm2c_memory_limit(0x100000000).max_pages == 65536);
  CHECK(!rlbox_wasm2c_memory_limit(0x100000001).is_valid);
  const auto tiny = rlbox_wasm2c_memory_limit(65536);
  CHECK(create_wasm2c_memory(2, &tiny, nullptr).data == nullptr);
  const auto invalid = rlbox_wasm2c_memory_limit(UINT64_MAX);
  CHECK(create_wasm2c_memory(1, &invalid, nullptr).data == nullptr);
  wasm_rt_memory_t whole = create_wasm2c_memory(65536, nullptr, nullptr);
  CHECK(whole.size == 0x100000000);
  destroy_wasm2c_memory(&whole);
}

TEST_CASE("upstream's capacity is a minimum: every valid request gives the whole 4 GiB") {
  for (const std::uint64_t bytes : {0ULL, 1ULL, 16ULL << 20, (16ULL << 20) + 1, 1ULL << 32}) {
    const auto capacity = get_valid_wasm2c_memory_capacity(bytes, true);
    CHECK(capacity.is_valid);
    CHECK(capacity.is_mem_32);
    CHECK(capacity.max_pages == 65536);
    CHECK(capacity.max_size == 0x100000000);
  }
  CHECK(!get_valid_wasm2c_memory_capacity(0x100000001, true).is_valid);
  CHECK(!get_valid_wasm2c_memory_capacity(1, false).is_valid);
  rlbox_sandbox_guest sandbox;
  const auto capacity = get_valid_wasm2c_memory_capacity((16 << 20) + 1, true);
  sandbox.create_sandbox(true, &capacity);
  CHECK(sandbox.malloc_in_sandbox<char>(32 << 20) != nullptr);
  sandbox.destroy_sandbox();
}

TEST_CASE("a maximum is honoured, counted and reported once") {
  const child_result result = run_child([] {
    rlbox_sandbox_guest sandbox;
    const auto capacity = rlbox_wasm2c_memory_limit(1 << 20);
    sandbox.create_sandbox(true, &capacity, "small");
    CHECK(sandbox.invoke_sandbox_function(grow_memory, 100U).UNSAFE_unverified() == UINT32_MAX);
    CHECK(sandbox.malloc_in_sandbox<char>(10 << 20) == nullptr);
    CHECK(sandbox.get_sandbox_impl()->memory_limit_hits() >= 2);
    CHECK(sandbox.malloc_in_sandbox<char>(1000) != nullptr);
    CHECK(sandbox.get_total_memory() <= 1 << 20);
    sandbox.destroy_sandbox();
    if (harness::failures != 0) {
      _exit(1);
    }
  });
  CHECK(result.status == 0);
  CHECK(result.output ==
        "sandbox small: memory limit of 1048576 bytes reached, the library's request for more was "
        "refused\n");
}

TEST_CASE("memory that was added belongs to the sandbox, and what was not does not") {
  rlbox_sandbox_guest sandbox;
  sandbox.create_sandbox();
  const auto* const base = static_cast<const char*>(sandbox.get_memory_location());
  const std::size_t before = sandbox.get_total_memory();
  const auto inside = [&](std::size_t offset) {
    return sandbox.is_pointer_in_sandbox_memory(base + offset) &&
           rlbox_sandbox_guest::is_in_same_sandbox(base, base + offset);
  };
  CHECK(inside(before - 1));
  CHECK(!inside(before));
  CHECK(sandbox.invoke_sandbox_function(grow_memory, 3U).UNSAFE_unverified() == before / 65536);
  CHECK(sandbox.get_total_memory() == before + 3 * 65536);
  CHECK(sandbox.get_memory_location() == base);
  CHECK(inside(before));
  CHECK(inside(before + 3 * 65536 - 1));
  CHECK(!inside(before + 3 * 65536));
  sandbox.destroy_sandbox();
}

TEST_CASE("a sandbox that cannot be created fails the check, or says so") {
  const auto tiny = rlbox_wasm2c_memory_limit(65536);  // the library needs more
  rlbox_sandbox_guest sandbox;
  CHECK(!sandbox.create_sandbox(false, &tiny));
  CHECK_FAILS_WITH("initial memory", sandbox.create_sandbox(true, &tiny));
  const auto invalid = get_valid_wasm2c_memory_capacity(1, false);
  CHECK(!sandbox.create_sandbox(false, &invalid));
  CHECK(sandbox.create_sandbox());
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  sandbox.destroy_sandbox();
}

TEST_CASE(
    "S9: exhausted guest memory is a null pointer or a failed check, never a write elsewhere") {
  rlbox_sandbox_guest sandbox;
  rlbox_wasm2c_options options;
  options.max_memory = 1 << 20;
  sandbox.create_sandbox(options);
  CHECK(sandbox.malloc_in_sandbox<char>(0xfff00000U) == nullptr);
  std::vector<char> large(2 << 20);
  bool copied = false;
  CHECK(copy_memory_or_grant_access(sandbox, large.data(), large.size(), false, copied) == nullptr);
  while (sandbox.malloc_in_sandbox<char>(1024) != nullptr) {
  }
  CHECK(sandbox.malloc_in_sandbox<long[64]>(16) == nullptr);
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
