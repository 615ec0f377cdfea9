// The memory functions of wasm-rt.h, called as generated code calls them.
#include <sys/prctl.h>

#include <cstdint>
#include <cstdio>
#include <cstring>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/trap_of.hpp"
#include "wasm2c_rt_mem.h"

namespace {

constexpr std::uint32_t page = 65536;

/// True if a line of /proc/self/maps holds a text.
bool maps_hold(const char* text) {
  bool found = false;
  if (std::FILE* const file = std::fopen("/proc/self/maps", "r")) {
    char line[512];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      found = found || std::strstr(line, text) != nullptr;
    }
    std::fclose(file);
  }
  return found;
}

}  // namespace

TEST_CASE("memories that cannot be had are traps") {
  wasm_rt_memory_t memory;
  const auto reason = [&](std::uint64_t pages, std::uint64_t most, bool is64, std::uint32_t size) {
    return trap_of([&] { wasm_rt_allocate_memory(&memory, pages, most, is64, size); });
  };
  CHECK(reason(1, 65536, true, page) == RLBOX_WASM2C_TRAP_NO_MEMORY);
  CHECK(reason(1, 65536, false, 1) == RLBOX_WASM2C_TRAP_NO_MEMORY);
  CHECK(reason(3, 2, false, page) == RLBOX_WASM2C_TRAP_NO_MEMORY);
  CHECK(reason(1, 65537, false, page) == RLBOX_WASM2C_TRAP_NO_MEMORY);
  CHECK(reason(UINT64_C(0x100000001), UINT64_C(0x100000001), false, page) ==
        RLBOX_WASM2C_TRAP_NO_MEMORY);
  CHECK(reason(0, 65536, false, page) == RLBOX_WASM2C_TRAP_NONE);
  CHECK(memory.data != nullptr);
  CHECK(memory.size == 0);
  wasm_rt_free_memory(&memory);
  CHECK(memory.data == nullptr);
}

TEST_CASE("a memory grows in place up to its maximum") {
  wasm_rt_memory_t memory;
  CHECK(trap_of([&] { wasm_rt_allocate_memory(&memory, 1, 4, false, page); }) ==
        RLBOX_WASM2C_TRAP_NONE);
  std::uint8_t* const base = memory.data;
  CHECK(wasm_rt_grow_memory(&memory, 0) == 1);
  CHECK(wasm_rt_grow_memory(&memory, 2) == 1);
  CHECK(memory.pages == 3);
  CHECK(memory.size == 3 * page);
  base[3 * page - 1] = 1;
  CHECK(wasm_rt_grow_memory(&memory, 2) == UINT64_MAX);
  CHECK(wasm_rt_grow_memory(&memory, UINT64_MAX) == UINT64_MAX);
  CHECK(memory.pages == 3);
  CHECK(wasm_rt_grow_memory(&memory, 1) == 3);
  CHECK(memory.data == base);
  wasm_rt_free_memory(&memory);
}

TEST_CASE("a memory is named where the system can do that") {
  wasm_rt_memory_t memory = create_wasm2c_memory(1, nullptr, "a name of a test");
#if defined(PR_SET_VMA)
  if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, memory.data, page, "probe of a test") == 0) {
    CHECK(maps_hold("probe of a test"));
    CHECK(maps_hold("a name of a test"));
  } else {
    std::printf("skipped: the system does not name mappings\n");
  }
#endif
  destroy_wasm2c_memory(&memory);
}

HARNESS_MAIN()
