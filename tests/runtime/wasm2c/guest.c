#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __wasm__
#include <wasi/api.h>
#endif

uint32_t add(uint32_t a, uint32_t b) { return a + b; }
int8_t same_i8(int8_t value) { return value; }
uint8_t same_u8(uint8_t value) { return value; }
int16_t same_i16(int16_t value) { return value; }
long same_long(long value) { return value; }
uint64_t same_u64(uint64_t value) { return value; }
int64_t same_i64(int64_t value) { return value; }
float same_float(float value) { return value; }
double same_double(double value) { return value; }
size_t same_size(size_t value) { return value; }
int left_out(int count, ...) { return count; }
long long mix(int8_t a, double b, long long c, float d, uint16_t e) {
  return a + (long long)b + c + (long long)d + e;
}

point make_point(int x, long y, double z) {
  point p = {x, y, z};
  return p;
}
double sum_point(point p, int factor) { return (p.x + p.y + p.z) * factor; }
point swap_points(point a, point b, int first) { return first ? a : b; }
only_int same_only_int(only_int s) { return s; }
only_double half_only_double(only_double s) {
  s.value /= 2;
  return s;
}
only_nested same_only_nested(only_nested s) { return s; }

long twice_long(long value) { return 2 * value; }
uint32_t triple(uint32_t value) { return 3 * value; }
static uint32_t plus_one(uint32_t value) { return value + 1; }
static uint32_t plus_two(uint32_t value) { return value + 2; }
long apply_long(long_function f, long value) { return f(value); }
uint32_t apply(number_function f, uint32_t value) { return f(value); }
number_function own_function(int which) {
  return which == 1 ? plus_one : which == 2 ? plus_two : NULL;
}
int is_own_function(number_function f, int which) { return f == own_function(which); }
void fill_operations(operations* o) {
  o->call = plus_two;
  o->argument = 40;
}
uint32_t run_operations(operations* o) { return o->call(o->argument); }
operations* any_pointer(uint32_t address) { return (operations*)(uintptr_t)address; }

void call_text(text_function f) { f(7, "text of the library"); }
double call_double(double_function f) { return f(1.5, 2.5f, -3, -4); }
double call_point(point_function f) {
  point p = {1, 2, 3.5};
  p = f(p, 10);
  return p.x + p.y + p.z;
}
int call_only(only_function f) {
  only_int s = {20};
  return f(s).value;
}
uint32_t call_many(number_function f, uint32_t times) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < times; i++) {
    sum += f(i);
  }
  return sum;
}

void write_at(uint32_t address, uint32_t value) { *(volatile uint32_t*)(uintptr_t)address = value; }
uint32_t read_at(uint32_t address) { return *(volatile uint32_t*)(uintptr_t)address; }
uint32_t divide(uint32_t a, uint32_t b) {
  volatile uint32_t divisor = b;
  return a / divisor;
}
void abort_here(void) { abort(); }
void call_bad_pointer(uint32_t index) { ((void (*)(double, double))(uintptr_t)index)(1, 2); }
__attribute__((noinline)) uint32_t use_stack(uint32_t depth) {
  volatile char space[1024];
  space[depth % 1024] = (char)depth;
  return depth == 0 ? 0 : use_stack(depth - 1) + (uint32_t)space[depth % 1024];
}
/* Needs no memory of the sandbox, only the stack that the host's compiler uses. No compiler makes a
 * loop of the result. */
static volatile uint32_t never_zero = 1;
__attribute__((noinline)) uint32_t use_host_stack(uint32_t depth) {
  return depth == 0 ? 1 : (use_host_stack(depth - never_zero) ^ never_zero) * 3;
}
/* Keeps so many values across the call that a frame of the host's stack is larger than a page. */
#define FOUR(f, n) f(n##0) f(n##1) f(n##2) f(n##3)
#define SIXTEEN(f, n) FOUR(f, n##0) FOUR(f, n##1) FOUR(f, n##2) FOUR(f, n##3)
#define SIXTY_FOUR(f, n) SIXTEEN(f, n##0) SIXTEEN(f, n##1) SIXTEEN(f, n##2) SIXTEEN(f, n##3)
// clang-format off
#define THOUSAND(f)                                                         \
  SIXTY_FOUR(f, a0) SIXTY_FOUR(f, a1) SIXTY_FOUR(f, a2) SIXTY_FOUR(f, a3)   \
  SIXTY_FOUR(f, b0) SIXTY_FOUR(f, b1) SIXTY_FOUR(f, b2) SIXTY_FOUR(f, b3)   \
  SIXTY_FOUR(f, c0) SIXTY_FOUR(f, c1) SIXTY_FOUR(f, c2) SIXTY_FOUR(f, c3)   \
  SIXTY_FOUR(f, d0) SIXTY_FOUR(f, d1) SIXTY_FOUR(f, d2) SIXTY_FOUR(f, d3)
// clang-format on
static volatile uint64_t source[1024];
#define READ(name) uint64_t name = source[__COUNTER__ % 1024];
#define MIX(name) result = (result ^ name) * 3;
__attribute__((noinline)) uint64_t use_large_frames(uint32_t depth) {
  THOUSAND(READ)
  uint64_t result = depth == 0 ? 1 : use_large_frames(depth - 1);
  THOUSAND(MIX)
  return result;
}
void exit_here(int code) { exit(code); }
void spin(void) {
  while (never_zero) {
  }
}
/* With depth 0: spins in a frame of the host's stack that is larger than a page and holds what it
 * held before. Both ways are in one loop, so the frame is there on either. */
void spin_in_large_frame(uint32_t depth) {
  while (never_zero) {
    if (depth != 0) {
      THOUSAND(READ)
      uint64_t result = use_host_stack(depth);
      THOUSAND(MIX)
      depth = (uint32_t)result;
    }
  }
}
void spin_printing(void) {
  while (never_zero) {
    printf("x\n");
  }
}
void spin_calling(number_function f) {
  while (never_zero) {
    f(never_zero);
  }
}
void call_then_spin(number_function f) {
  f(1);
  spin();
}
__attribute__((noinline)) uint32_t recurse_and_call(number_function f, uint32_t depth) {
  return depth == 0 ? f(depth) : (recurse_and_call(f, depth - never_zero) ^ never_zero) * 3;
}
__attribute__((noinline)) uint32_t recurse_and_print(uint32_t depth) {
  if (depth == 0) {
    printf("printed\n");
    return 1;
  }
  return (recurse_and_print(depth - never_zero) ^ never_zero) * 3;
}
void call_then_abort(number_function f) {
  f(1);
  abort();
}
#ifdef __wasm__
uint32_t grow_memory(uint32_t pages) { return (uint32_t)__builtin_wasm_memory_grow(0, pages); }
uint32_t memory_pages(void) { return (uint32_t)__builtin_wasm_memory_size(0); }
#else
uint32_t grow_memory(uint32_t pages) { return pages; }
uint32_t memory_pages(void) { return 0; }
#endif

static int constructor_ran;
__attribute__((constructor)) static void construct(void) { constructor_ran = 42; }
int constructed(void) { return constructor_ran; }
void print_without_newline(const char* text) { printf("%s", text); }
void print_unfinished(const char* text) {
  printf("%s", text);
  fflush(stdout);
}
void print_lines(int count) {
  for (int i = 0; i < count; i++) {
    printf("line %d\n", i);
  }
}
void print_error(const char* text) { fprintf(stderr, "%s\n", text); }

int has_terminal(int fd) { return isatty(fd); }
int open_file(const char* path) {
  int fd = open(path, O_RDONLY);
  return fd >= 0 ? 0 : errno;
}
int read_byte(void) {
  unsigned char byte = 0;
  ssize_t count = read(0, &byte, 1);
  return count == 1 ? byte : count == 0 ? -1 : -1000 - errno;
}
#ifdef __wasm__
int argument_count(void) {
  size_t count = 0;
  size_t bytes = 0;
  return __wasi_args_sizes_get(&count, &bytes) == 0 ? (int)count : -1;
}
#else
int argument_count(void) { return 0; }
#endif
char* environment(const char* name) { return getenv(name); }
int64_t now(int clock) {
  struct timespec time;
  clockid_t id = clock == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  return clock_gettime(id, &time) == 0 ? (int64_t)time.tv_sec * 1000000000 + time.tv_nsec : -1;
}
int random_bytes(unsigned char* to, size_t count) { return getentropy(to, count); }
int seek_output(void) { return lseek(1, 0, SEEK_CUR) == -1 ? errno : 0; }
int yield_and_close(void) { return sched_yield() == 0 ? 0 : errno; }
