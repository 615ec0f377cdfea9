#include "tests/hostile/heap.h"

#include <stdlib.h>
#include <string.h>

static int malloc_mode;
static uint32_t malloc_number;
static int free_mode;
static int end_mode;
static uint32_t frees;
static uint32_t begun;
static heap_callback kept;
static volatile uint32_t never_zero = 1;
static uint32_t next;

void choose_malloc(int what, uint32_t number) {
  malloc_mode = what;
  malloc_number = number;
}
void choose_free(int what) { free_mode = what; }
void choose_end(int what) { end_mode = what; }
void keep_callback(heap_callback f) { kept = f; }
uint32_t count_of_frees(void) { return frees; }
uint32_t started(void) { return begun; }
uint32_t triple_sum(triple t) { return t.a + t.b + t.c; }

static void loop(void) {
  while (never_zero != 0) {
  }
}

static __attribute__((noinline)) uint32_t recurse(uint32_t depth) {
  return (recurse(depth + never_zero) ^ depth) * 3 + never_zero;
}

/* What each of them may do. */
static void act(int what) {
  switch (what) {
    case 't':
      __builtin_trap();
    case 'l':
      loop();
      break;
    case 'x':
      _Exit(0);
    case 'c':
      kept();
      break;
    case 'r':
      recurse(1);
      break;
    case 'g':
      while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) {
      }
      break;
    case 'w':
      *(volatile char*)0x70000000 = 1;
      break;
    default:
      break;
  }
}

/* Never reused; grows as it must. */
static void* bump(size_t size) {
  extern char __heap_base;
  if (next == 0) {
    next = ((uint32_t)(uintptr_t)&__heap_base + 15U) & ~15U;
  }
  const uint32_t at = next;
  const uint64_t end = (uint64_t)at + ((size + 15U) & ~(size_t)15U);
  const uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) << 16;
  if (end > have &&
      __builtin_wasm_memory_grow(0, (size_t)((end - have + 65535U) >> 16)) == (size_t)-1) {
    return NULL;
  }
  next = (uint32_t)end;
  return (void*)(uintptr_t)at;
}

void* malloc(size_t size) {
  switch (malloc_mode) {
    case 'n': /* this address */
      return (void*)(uintptr_t)malloc_number;
    case 'e': /* that many bytes before the end of memory */
      return (void*)(uintptr_t)((uint32_t)__builtin_wasm_memory_size(0) * 65536U - malloc_number);
    default:
      act(malloc_mode);
      return bump(size);
  }
}
void free(void* p) {
  (void)p;
  ++frees;
  act(free_mode);
}
void* calloc(size_t count, size_t size) {
  const size_t bytes = count * size;
  void* const p = malloc(bytes);
  return p != NULL ? memset(p, 0, bytes) : NULL;
}
void* realloc(void* old, size_t size) {
  void* const p = malloc(size);
  return old != NULL && p != NULL ? memcpy(p, old, size) : p;
}

/* The environment tells what to do at the beginning. */
__attribute__((constructor)) static void begin(void) {
  const char* const what = getenv("BEGIN");
  begun = 1;
  act(what != NULL ? what[0] : 0);
}
__attribute__((destructor)) static void end(void) { act(end_mode); }
