// The memory functions of wasm-rt.h, called as generated code calls them.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

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

/// A table of a sandbox with the default options, for a module that asks for so many entries.
wasm_rt_funcref_table_t make_table(std::uint32_t elements) {
  wasm_rt_funcref_table_t table{};
  rlbox_wasm2c_record record{};
  const rlbox::rlbox_wasm2c_options options;
  record.max_table = options.max_table;
  record.spare_entries = options.max_callbacks;
  const auto allocate = [&] { wasm_rt_allocate_funcref_table(&table, elements, UINT32_MAX); };
  CHECK(trap_of(allocate, record) == RLBOX_WASM2C_TRAP_NONE);
  return table;
}

/// The bytes of a table, host's entries included.
std::size_t bytes_of(const wasm_rt_funcref_table_t& table) {
  return table.max_size * sizeof(wasm_rt_funcref_t);
}

bool is_empty(const wasm_rt_funcref_table_t& table) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(table.data);
  bool empty = true;
  for (std::size_t i = 0; i < bytes_of(table); ++i) {
    empty = empty && bytes[i] == 0;
  }
  return empty;
}

/// True if the page that the address is in takes memory.
bool is_resident(const void* address) {
  const auto size = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  unsigned char state = 1;
  void* const start = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(address) & -size);
  CHECK(mincore(start, 1, &state) == 0);
  return (state & 1U) != 0;
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

TEST_CASE("a table without functions of the library's own takes no memory") {
  constexpr std::size_t some = 1000;
  std::vector<wasm_rt_funcref_table_t> tables;
  while (tables.size() < some) {
    tables.push_back(make_table(1));
  }
  std::size_t resident = 0;
  for (const auto& table : tables) {
    CHECK(table.size == 1);
    CHECK(table.max_size == 65);
    resident += is_resident(table.data) || is_resident(&table.data[64]) ? 1 : 0;
  }
  CHECK(resident == 0);
  for (auto& table : tables) {
    wasm_rt_free_funcref_table(&table);
    CHECK(table.data == nullptr);
    CHECK(table.max_size == 0);
  }
}

TEST_CASE("a table is empty, whatever a table at its place held before") {
  wasm_rt_funcref_table_t first = make_table(1);
  wasm_rt_funcref_table_t second = make_table(1);
  const wasm_rt_funcref_t* const place = first.data;
  for (const std::size_t written : {std::size_t{0}, bytes_of(first) / 2, bytes_of(first) - 1}) {
    reinterpret_cast<unsigned char*>(first.data)[written] = 1;
    wasm_rt_free_funcref_table(&first);
    first = make_table(1);
    CHECK(first.data == place);
    CHECK(is_empty(first));
  }
  std::memset(first.data, 0xff, bytes_of(first));
  CHECK(is_empty(second));
  wasm_rt_free_funcref_table(&first);
  wasm_rt_free_funcref_table(&second);
}

TEST_CASE("any number of tables, and tables of any size, are apart") {
  // More than there are sandboxes in 47 bits of address space.
  constexpr std::uint32_t many = 17000;
  std::vector<wasm_rt_funcref_table_t> tables;
  for (std::uint32_t i = 0; i < many; ++i) {
    tables.push_back(make_table(i % 1000 == 999 ? 2 + i / 1000 : i % 2));
    tables.back().data[0].module_instance = &tables;
    tables.back().data[tables.back().max_size - 1].module_instance = &tables;
  }
  bool apart = true;
  for (auto& table : tables) {
    auto*& first = table.data[0].module_instance;
    auto*& last = table.data[table.max_size - 1].module_instance;
    apart = apart && first == &tables && last == &tables;
    first = last = nullptr;  // a table that overlaps with this one misses its mark
    apart = apart && is_empty(table);
  }
  CHECK(apart);
  for (auto& table : tables) {
    wasm_rt_free_funcref_table(&table);
  }
}

HARNESS_MAIN()
