#include "tests/hostile/hostile.h"

#include <assert.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT(type, address) (*(volatile type*)(uintptr_t)(address))

uint32_t add(uint32_t a, uint32_t b) { return a + b; }

/* ---- pointers ---- */
char* chars_at(uint32_t address) { return (char*)address; }
const char* text_at(uint32_t address) { return (const char*)address; }
int* ints_at(uint32_t address) { return (int*)address; }
long* longs_at(uint32_t address) { return (long*)address; }
double* doubles_at(uint32_t address) { return (double*)address; }
void* anything_at(uint32_t address) { return (void*)address; }
char** pointers_at(uint32_t address) { return (char**)address; }
uint32_t memory_end(void) { return (uint32_t)__builtin_wasm_memory_size(0) * 65536U; }

/* ---- values ---- */
uint32_t number(uint32_t value) { return value; }
int32_t signed_number(int32_t value) { return value; }
uint64_t wide_number(uint64_t value) { return value; }
int64_t signed_wide_number(int64_t value) { return value; }
size_t size(uint32_t value) { return value; }
long long_number(uint32_t value) { return (long)value; }
/* Functions of another type: the calling convention leaves the upper bits to the callee. */
#define ALIAS(result, name, parameters, body)                                       \
  __asm__(".globl " #name                                                           \
          "\n"                                                                      \
          ".type " #name ",@function\n" #name ":\n.functype " #name " (" parameters \
          ") -> (" result ")\n" body "end_function\n")
ALIAS("i32", short_number, "i32", "local.get 0\n");
ALIAS("i32", char_number, "i32", "local.get 0\n");
ALIAS("i32", boolean, "i32", "local.get 0\n");
colour colour_of(uint32_t value) { return (colour)value; }
double floating(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
float small_floating(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* ---- memory ---- */
void fill(uint32_t address, uint32_t count, uint32_t value) {
  for (uint32_t i = 0; i < count; ++i) {
    AT(char, address + i) = (char)value;
  }
}
void store8(uint32_t address, uint32_t value) { AT(uint8_t, address) = (uint8_t)value; }
void store16(uint32_t address, uint32_t value) { AT(uint16_t, address) = (uint16_t)value; }
void store32(uint32_t address, uint32_t value) { AT(uint32_t, address) = value; }
void store64(uint32_t address, uint64_t value) { AT(uint64_t, address) = value; }
uint32_t load8(uint32_t address) { return AT(uint8_t, address); }
uint64_t load64(uint32_t address) { return AT(uint64_t, address); }
double load_double(uint32_t address) { return AT(double, address); }
/* The largest constant offset that the policy allows: address + 4 GiB - 16, in 64 bits. */
void store8_far(uint32_t address) {
  __asm__ volatile("local.get %0\n i32.const 65\n i32.store8 4294967280" ::"r"(address));
}
void store64_far(uint32_t address) {
  __asm__ volatile("local.get %0\n i64.const 65\n i64.store 4294967280" ::"r"(address));
}
uint64_t load64_far(uint32_t address) {
  uint64_t result;
  __asm__ volatile("local.get %1\n i64.load 4294967280\n local.set %0"
                   : "=r"(result)
                   : "r"(address));
  return result;
}
void memory_fill(uint32_t address, uint32_t value, uint32_t count) {
  __asm__ volatile("local.get %0\n local.get %1\n local.get %2\n memory.fill 0" ::"r"(address),
                   "r"(value), "r"(count));
}
void memory_copy(uint32_t to, uint32_t from, uint32_t count) {
  __asm__ volatile("local.get %0\n local.get %1\n local.get %2\n memory.copy 0, 0" ::"r"(to),
                   "r"(from), "r"(count));
}
uint32_t grow(uint32_t pages) { return (uint32_t)__builtin_wasm_memory_grow(0, pages); }
uint32_t grow_and_touch(uint32_t pages) {
  const uint32_t old = grow(pages);
  if (old == UINT32_MAX) {
    return 0;
  }
  for (uint32_t page = old; page < old + pages; ++page) {
    AT(char, page * 65536U) = 1;
  }
  return old;
}
uint32_t grow_until_refused(uint32_t pages) {
  uint32_t times = 0;
  while (grow(pages) != UINT32_MAX) {
    ++times;
  }
  return times;
}
uint32_t malloc_until_refused(uint32_t bytes) {
  uint32_t times = 0;
  void* volatile memory;
  do {
    memory = malloc(bytes);
    ++times;
  } while (memory != NULL);
  return times;
}

/* ---- structs ---- */
record* records_at(uint32_t address) { return (record*)address; }
record record_of(uint32_t address) { return *(record*)address; }
int record_id(record r) { return r.id; }
pair pair_of(uint32_t first, uint32_t second) {
  const pair result = {first, second};
  return result;
}
uint32_t pair_sum(pair p) { return p.first + p.second; }
padded padded_of(uint32_t value) {
  padded result;
  memset(&result, (int)value, sizeof result);
  return result;
}
static uint32_t bytes_not(const volatile char* bytes, uint32_t count, uint32_t expected) {
  uint32_t others = 0;
  for (uint32_t i = 0; i < count; ++i) {
    others += (uint8_t)bytes[i] != expected;
  }
  return others;
}
uint32_t padded_bytes_not(padded p, uint32_t expected) {
  /* By reference in the C ABI: the bytes are the host's, with the padding. */
  return bytes_not((const volatile char*)&p, sizeof p, expected);
}
uint32_t padded_at_bytes_not(padded* p, uint32_t expected) {
  return bytes_not((const volatile char*)p, sizeof *p, expected);
}
void loop_records(uint32_t address) { ((record*)address)->next = (record*)address; }
uint32_t deep_pair_sum(pair p, uint32_t stack_pointer) {
  set_stack_pointer(stack_pointer);
  return p.first;
}

/* ---- callbacks ---- */
static number_callback kept;
static volatile uint32_t never_zero = 1;

uint32_t call_number(number_callback f, uint32_t n) { return f(n); }
void call_pointer(pointer_callback f, uint32_t address) { f((int*)address); }
void call_text(text_callback f, uint32_t address) { f((const char*)address); }
void call_size(size_callback f, uint32_t address, uint32_t bytes) { f((char*)address, bytes); }
void call_record(record_callback f, uint32_t address) { f(*(record*)address); }
uint32_t call_bool(bool_callback f, uint32_t bits) {
  return ((uint32_t (*)(uint32_t))(uintptr_t)f)(bits);
}
uint32_t call_finder(finder_callback f, uint32_t index) {
  return (uint32_t)(uintptr_t)f((number_callback)index);
}
double call_double(double_callback f, uint64_t bits) { return f(floating(bits)); }
void keep(number_callback f) { kept = f; }
uint32_t index_of(number_callback f) { return (uint32_t)(uintptr_t)f; }
uint32_t call_kept(uint32_t n) { return kept(n); }
uint32_t call_kept_times(uint32_t n, uint32_t times) {
  for (uint32_t i = 0; i < times; ++i) {
    n = kept(n);
  }
  return n;
}
__attribute__((noinline)) uint32_t call_kept_deeply(uint32_t depth, uint32_t n) {
  return depth == 0 ? kept(n) : (call_kept_deeply(depth - never_zero, n) ^ depth) * 3 + never_zero;
}
/* Deeper and deeper until the thread's stack is used up; the callback is tried at each depth. */
__attribute__((noinline)) uint32_t call_kept_at_the_end_of_the_host_stack(uint32_t n) {
  n = kept(n);
  return (call_kept_at_the_end_of_the_host_stack(n + never_zero) ^ n) * 3 + never_zero;
}
uint32_t call_kept_then_trap(uint32_t n) {
  kept(n);
  __builtin_trap();
}
uint32_t call_index(uint32_t index, uint32_t n) { return ((number_callback)index)(n); }
void call_index_as_plain(uint32_t index) { ((plain_callback)index)(); }
double call_index_as_double(uint32_t index) { return ((double_callback)index)(1.0); }
uint64_t call_index_as_wide(uint32_t index, uint64_t n) { return ((wide_callback)index)(n); }
uint32_t call_index_as_two(uint32_t index, uint32_t a, uint32_t b) {
  return ((two_callback)index)(a, b);
}
number_callback function_at(uint32_t index) { return (number_callback)index; }
int call_action(record* r, int n) { return r->act(n); }
uint32_t twice(uint32_t n) { return 2 * n; }
uint32_t own_index(void) {
  const number_callback volatile own = twice;
  return (uint32_t)(uintptr_t)own;
}
uint32_t store_index(uint32_t address, number_callback f) {
  AT(uint32_t, address) = (uint32_t)(uintptr_t)f;
  return address;
}

/* ---- traps ---- */
uint32_t divide(uint32_t a, uint32_t b) { return a / b; }
int32_t divide_signed(int32_t a, int32_t b) { return a / b; }
int32_t remainder_of(int32_t a, int32_t b) { return a % b; }
int64_t divide_wide(int64_t a, int64_t b) { return a / b; }
int32_t convert(uint64_t bits) {
  const double value = floating(bits);
  int32_t result;
  __asm__ volatile("local.get %1\n i32.trunc_f64_s\n local.set %0" : "=r"(result) : "r"(value));
  return result;
}
void give_up(void) { abort(); }
#undef NDEBUG
#include <assert.h>
void fail_an_assertion(void) { assert(never_zero == 0 && "an assertion of the library"); }
void leave(int code) { exit(code); }
void leave_quickly(int code) { _Exit(code); }
__attribute__((noinline)) uint32_t recurse(uint32_t depth) {
  volatile char space[4096];
  space[depth % 4096] = (char)depth;
  return depth == 0 ? 0 : recurse(depth - 1) + (uint32_t)space[depth % 4096] + 1;
}
__attribute__((noinline)) uint32_t recurse_on_host(uint32_t depth) {
  return depth == 0 ? 1 : (recurse_on_host(depth - never_zero) ^ depth) * 3 + never_zero;
}
static uint32_t odd(uint32_t depth);
static __attribute__((noinline)) uint32_t even(uint32_t depth) {
  return depth == 0 ? 1 : (odd(depth - never_zero) ^ depth) * 5 + never_zero;
}
static __attribute__((noinline)) uint32_t odd(uint32_t depth) {
  return depth == 0 ? 0 : (even(depth - never_zero) ^ depth) * 7 + never_zero;
}
uint32_t mutual_recursion(uint32_t depth) { return even(depth); }
#define TEN(x, n) x(n##0) x(n##1) x(n##2) x(n##3) x(n##4) x(n##5) x(n##6) x(n##7) x(n##8) x(n##9)
#define HUNDRED(x, n) \
  TEN(x, n##0)        \
  TEN(x, n##1)        \
  TEN(x, n##2)        \
  TEN(x, n##3) TEN(x, n##4) TEN(x, n##5) TEN(x, n##6) TEN(x, n##7) TEN(x, n##8) TEN(x, n##9)
#define READ(n) const uint64_t v##n = never_zero + (uint64_t)depth;
#define MIX(n) result = result * 31 + v##n;
__attribute__((noinline)) uint64_t recurse_with_large_frames(uint32_t depth) {
  HUNDRED(READ, )
  HUNDRED(READ, 1)
  uint64_t result = depth == 0 ? 1 : recurse_with_large_frames(depth - never_zero);
  HUNDRED(MIX, )
  HUNDRED(MIX, 1)
  return result;
}
uint32_t big_frame(uint32_t bytes) {
  volatile char* const space = __builtin_alloca(bytes);
  for (uint32_t i = 0; i < bytes; i += 1024) {
    space[i] = 1;
  }
  return (uint32_t)space[0];
}
void loop_forever(void) {
  while (never_zero != 0) {
  }
}
void loop_printing(void) {
  while (never_zero != 0) {
    puts("still here");
  }
}
void loop_calling(number_callback f) {
  while (never_zero != 0) {
    f(1);
  }
}
__asm__(".globaltype __stack_pointer, i32\n");
void set_stack_pointer(uint32_t value) {
  __asm__ volatile("local.get %0\n global.set __stack_pointer" ::"r"(value));
}
uint32_t get_stack_pointer(void) {
  uint32_t value;
  __asm__ volatile("global.get __stack_pointer\n local.set %0" : "=r"(value));
  return value;
}
uint32_t trap_with_stack_pointer(uint32_t value) {
  set_stack_pointer(value);
  __builtin_trap();
}
/* A jump without longjmp: a stack pointer that moves. */
void jump_out(void) {
  set_stack_pointer(get_stack_pointer() + 4096);
  kept(1);
}
uint32_t set_stack_pointer_and_call(uint32_t value) {
  set_stack_pointer(value);
  return kept(1);
}
void call_through_null(void) {
  const plain_callback volatile nothing = NULL;
  nothing();
}

/* ---- jumps ---- */
static jmp_buf waiting;
static jmp_buf gone;
void keep_environment(void) {
  if (setjmp(gone) != 0) {
    loop_forever();
  }
}
void jump_to_kept(void) { longjmp(gone, 1); }
void jump_to_waiting(void) { longjmp(waiting, 2); }
uint32_t call_in_try(number_callback f, uint32_t n) {
  const int result = setjmp(waiting);
  return result != 0 ? 1000 + (uint32_t)result : f(n);
}
uint32_t call_kept_in_try(uint32_t n) { return call_in_try(kept, n); }
uint32_t call_or_jump(number_callback f, uint32_t round) {
  if (round == 3) {
    jump_to_waiting();
  }
  return call_in_try(f, round);
}
uint32_t call_in_try_forever(number_callback f, uint32_t n) {
  volatile uint32_t round = n;
  while (never_zero != 0) {
    if (setjmp(waiting) == 0) {
      f(round);
    }
    round = round + 1;
  }
  return round;
}
/* The environment lies in memory that the library writes: who called setjmp, and where. */
uint32_t jump_forged(uint32_t activation, uint32_t label) {
  volatile uint32_t rounds = 0;
  const int result = setjmp(waiting);
  if (result != 0) {
    rounds = rounds + 1;
    if (rounds > 3) {
      return rounds;
    }
  }
  volatile uint32_t* const words = (volatile uint32_t*)&waiting;
  if (activation != 0) {
    words[0] = activation;
  }
  words[1] = label;
  longjmp(waiting, 1);
}
__attribute__((noinline)) void throw_out(uint32_t value) { __builtin_wasm_throw(1, (void*)value); }
uint32_t throw_in_try(uint32_t value) {
  if (setjmp(waiting) != 0) {
    return 1;
  }
  throw_out(value);
  return 0;
}
__attribute__((noinline)) uint32_t nest_try(uint32_t depth) {
  /* Nothing is left on the library's own stack. */
  set_stack_pointer(get_stack_pointer() + 16);
  if (setjmp(waiting) != 0) {
    return 1;
  }
  return depth == 0 ? 0 : (nest_try(depth - never_zero) ^ depth) * 3 + never_zero;
}
void jump_forever(void) {
  volatile uint32_t rounds = 0;
  setjmp(waiting);
  rounds = rounds + 1;
  if (rounds != 0 || never_zero != 0) {
    longjmp(waiting, 1);
  }
}
void end_in_try(uint32_t how) {
  if (setjmp(waiting) != 0) {
    loop_forever();
  }
  if (how == 0) {
    abort();
  } else if (how == 1) {
    exit(0);
  } else {
    AT(uint32_t, 0xfffffff0U) = 1;
  }
}

static void trap_here(void) { __builtin_trap(); }
static void print_here(void) { puts("goodbye"); }
void at_exit_trap(void) { atexit(trap_here); }
void at_exit_loop(void) { atexit(loop_forever); }
void at_exit_print(void) { atexit(print_here); }

/* ---- WASI ---- */
#define IMPORT(name, to) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) to
IMPORT(fd_write, extern uint32_t) i_write(uint32_t, uint32_t, uint32_t, uint32_t);
IMPORT(fd_read, extern uint32_t) i_read(uint32_t, uint32_t, uint32_t, uint32_t);
IMPORT(random_get, extern uint32_t) i_random(uint32_t, uint32_t);
IMPORT(clock_time_get, extern uint32_t) i_clock(uint32_t, uint64_t, uint32_t);
IMPORT(clock_res_get, extern uint32_t) i_clock_res(uint32_t, uint32_t);
IMPORT(args_get, extern uint32_t) i_args(uint32_t, uint32_t);
IMPORT(args_sizes_get, extern uint32_t) i_args_sizes(uint32_t, uint32_t);
IMPORT(environ_get, extern uint32_t) i_env(uint32_t, uint32_t);
IMPORT(environ_sizes_get, extern uint32_t) i_env_sizes(uint32_t, uint32_t);
IMPORT(fd_fdstat_get, extern uint32_t) i_fdstat(uint32_t, uint32_t);
IMPORT(fd_seek, extern uint32_t) i_seek(uint32_t, uint64_t, uint32_t, uint32_t);
IMPORT(fd_close, extern uint32_t) i_close(uint32_t);
IMPORT(fd_prestat_get, extern uint32_t) i_prestat(uint32_t, uint32_t);
IMPORT(fd_prestat_dir_name, extern uint32_t) i_prestat_name(uint32_t, uint32_t, uint32_t);
IMPORT(path_open, extern uint32_t)
i_open(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t, uint32_t);
IMPORT(proc_exit, extern void) i_exit(uint32_t);
IMPORT(sched_yield, extern uint32_t) i_yield(void);

uint32_t wasi_write(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { return i_write(a, b, c, d); }
uint32_t wasi_read(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { return i_read(a, b, c, d); }
uint32_t wasi_random(uint32_t a, uint32_t b) { return i_random(a, b); }
uint32_t wasi_clock(uint32_t a, uint64_t b, uint32_t c) { return i_clock(a, b, c); }
uint32_t wasi_clock_res(uint32_t a, uint32_t b) { return i_clock_res(a, b); }
uint32_t wasi_arguments(uint32_t a, uint32_t b) { return i_args(a, b); }
uint32_t wasi_argument_sizes(uint32_t a, uint32_t b) { return i_args_sizes(a, b); }
uint32_t wasi_environment(uint32_t a, uint32_t b) { return i_env(a, b); }
uint32_t wasi_environment_sizes(uint32_t a, uint32_t b) { return i_env_sizes(a, b); }
uint32_t wasi_fdstat(uint32_t a, uint32_t b) { return i_fdstat(a, b); }
uint32_t wasi_seek(uint32_t a, uint64_t b, uint32_t c, uint32_t d) { return i_seek(a, b, c, d); }
uint32_t wasi_close(uint32_t a) { return i_close(a); }
uint32_t wasi_prestat(uint32_t a, uint32_t b) { return i_prestat(a, b); }
uint32_t wasi_prestat_name(uint32_t a, uint32_t b, uint32_t c) { return i_prestat_name(a, b, c); }
uint32_t wasi_open(uint32_t fd, uint32_t path, uint32_t length, uint32_t result) {
  return i_open(fd, 0, path, length, 0, UINT64_MAX, UINT64_MAX, 0, result);
}
uint32_t wasi_exit(uint32_t code) {
  i_exit(code);
  return 1;
}
uint32_t wasi_yield(void) { return i_yield(); }
void print(const char* text) { fputs(text, stdout); }
void print_flood(uint32_t lines) {
  for (uint32_t i = 0; i < lines; ++i) {
    printf("a line that nobody asked for, number %u\n", i);
  }
}
int open_file(const char* path) { return open(path, O_RDONLY); }
const char* environment(const char* name) { return getenv(name); }
/* A vector of one buffer, in a place of its own. */
uint32_t vectors_for(uint32_t address, uint32_t bytes) {
  static volatile uint32_t vectors[2];
  vectors[0] = address;
  vectors[1] = bytes;
  return (uint32_t)(uintptr_t)vectors;
}

/* ---- the system, with no stack left ---- */
__attribute__((noinline)) uint32_t print_at_the_end_of_the_host_stack(uint32_t n) {
  static const char text[] = "text\n";
  i_write(1, vectors_for((uint32_t)(uintptr_t)text, 5), 1, 1024);
  return (print_at_the_end_of_the_host_stack(n + never_zero) ^ n) * 3 + never_zero;
}
__attribute__((noinline)) uint32_t grow_at_the_end_of_the_host_stack(uint32_t n) {
  grow(n % 1024 == 0);
  return (grow_at_the_end_of_the_host_stack(n + never_zero) ^ n) * 3 + never_zero;
}
__attribute__((noinline)) uint32_t random_at_the_end_of_the_host_stack(uint32_t n) {
  i_random(1024, 8);
  return (random_at_the_end_of_the_host_stack(n + never_zero) ^ n) * 3 + never_zero;
}
