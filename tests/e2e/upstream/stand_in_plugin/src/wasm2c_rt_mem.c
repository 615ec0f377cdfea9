/* A stand-in for a file of the RLBox project's wasm2c plugin. */
#define _GNU_SOURCE
#include "wasm2c_rt_mem.h"

#include <string.h>
#include <sys/mman.h>

#define PAGE UINT64_C(65536)
#define SLOT (UINT64_C(1) << 33)

wasm_rt_memory_t* w2c_env_memory(struct w2c_env* env) { return env->sandbox_memory_info; }

wasm_rt_funcref_table_t* w2c_env_0x5F_indirect_function_table(struct w2c_env* env) {
  return env->sandbox_callback_table;
}

w2c_mem_capacity get_valid_wasm2c_memory_capacity(uint64_t min_capacity, bool is_mem_32) {
  w2c_mem_capacity result = {is_mem_32 && min_capacity <= UINT32_MAX, is_mem_32, 65536,
                             65536 * PAGE};
  return result;
}

wasm_rt_memory_t create_wasm2c_memory(uint32_t initial_pages,
                                      const w2c_mem_capacity* custom_capacity, const char* name) {
  wasm_rt_memory_t result;
  (void)name;
  memset(&result, 0, sizeof result);
  if (custom_capacity != NULL && !custom_capacity->is_valid) return result;
  /* Twice what is needed, to cut an aligned half out of it. */
  uint8_t* start =
      mmap(NULL, 2 * SLOT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) return result;
  uint8_t* base = (uint8_t*)(((uintptr_t)start + SLOT - 1) & ~(uintptr_t)(SLOT - 1));
  if (base > start) munmap(start, (size_t)(base - start));
  munmap(base + SLOT, (size_t)(start + SLOT - base));
  if (mprotect(base, initial_pages * PAGE, PROT_READ | PROT_WRITE) != 0) {
    munmap(base, SLOT);
    return result;
  }
  result.data = base;
  result.page_size = (uint32_t)PAGE;
  result.pages = initial_pages;
  result.max_pages = 65536;
  result.size = initial_pages * PAGE;
  return result;
}

void destroy_wasm2c_memory(wasm_rt_memory_t* memory) {
  if (memory->data != NULL) munmap(memory->data, SLOT);
  memory->data = NULL;
}
