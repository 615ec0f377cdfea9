#include "tests/hostile/outlaw.h"

uint32_t tail_function(uint32_t a, uint32_t b);

__asm__(".tabletype __indirect_function_table, funcref\n");

unsigned long long o_call_wide(o_wide_callback f, unsigned long long n) { return f(n); }
unsigned long long o_call_pointer(o_pointer_callback f, uint32_t p) { return f((int*)p); }
unsigned long long o_call_index_wide(uint32_t index, unsigned long long n) {
  return ((o_wide_callback)index)(n);
}
uint32_t o_call_index_plain(uint32_t index, uint32_t n) { return ((o_plain_callback)index)(n); }
uint32_t o_call_plain(o_plain_callback f, uint32_t n) { return f(n); }
uint32_t o_wide_index(o_wide_callback f) { return (uint32_t)(uintptr_t)f; }
uint32_t o_plain_index(o_plain_callback f) { return (uint32_t)(uintptr_t)f; }

static unsigned long long own_wide(unsigned long long n) { return n; }
uint32_t o_own_index(void) {
  const o_wide_callback volatile own = own_wide;
  return (uint32_t)(uintptr_t)own;
}
void o_copy_entry(uint32_t from, uint32_t to) {
  __asm__ volatile(
      "local.get %0\n local.get %1\n table.get __indirect_function_table\n"
      "table.set __indirect_function_table" ::"r"(to),
      "r"(from));
}
void o_clear_entry(uint32_t index) {
  __asm__ volatile(
      "local.get %0\n ref.null_func\n table.set __indirect_function_table" ::"r"(index));
}
uint32_t o_table_size(void) {
  uint32_t size;
  __asm__ volatile("table.size __indirect_function_table\n local.set %0" : "=r"(size));
  return size;
}
uint32_t o_table_grow(uint32_t entries) {
  uint32_t old;
  __asm__ volatile(
      "ref.null_func\n local.get %1\n table.grow __indirect_function_table\n local.set %0"
      : "=r"(old)
      : "r"(entries));
  return old;
}
void o_table_grow_often(uint32_t entries, uint32_t times) {
  for (uint32_t i = 0; i < times; ++i) {
    o_table_grow(entries);
  }
}
void o_table_fill(uint32_t from, uint32_t count) {
  __asm__ volatile(
      "local.get %0\n ref.null_func\n local.get %1\n table.fill __indirect_function_table" ::"r"(
          from),
      "r"(count));
}
void o_table_copy(uint32_t to, uint32_t from, uint32_t count) {
  __asm__ volatile(
      "local.get %0\n local.get %1\n local.get %2\n"
      "table.copy __indirect_function_table, __indirect_function_table" ::"r"(to),
      "r"(from), "r"(count));
}

static uint32_t own_throw(uint32_t n) { __builtin_wasm_throw(1, (void*)n); }
uint32_t o_throw_index(void) { return (uint32_t)(uintptr_t)own_throw; }
uint32_t o_catch_index(uint32_t index, uint32_t n) {
  return o_catch_everything((o_plain_callback)index, n);
}

uint32_t o_call_two(o_two_callback f, uint32_t a, uint32_t b) { return f(a, b); }
uint32_t o_two_index(o_two_callback f) { return (uint32_t)(uintptr_t)f; }

void o_put_tail_function(uint32_t index) {
  const o_two_callback volatile own = tail_function;
  o_copy_entry((uint32_t)(uintptr_t)own, index);
}
