#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* the other names of setjmp */
#endif
#include "tests/setjmp/jumps.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

static jmp_buf outer;
static jmp_buf kept;

/* ---- simple ones ---- */
NOINLINE static void jump(int value) { longjmp(outer, value); }

static int32_t simple(int32_t seed) {
  const int result = setjmp(outer);
  if (result != 0) {
    return 1000 + result;
  }
  jump(seed);
  return -1;
}

static int32_t from_the_deep(int32_t seed);
NOINLINE static int32_t descend(int32_t depth, int32_t value) {
  if (depth == 0) {
    longjmp(outer, value);
  }
  return descend(depth - 1, value) + 1;
}
static int32_t from_the_deep(int32_t seed) {
  switch (setjmp(outer)) {
    case 0:
      return descend(500 + seed % 7, 3);
    case 3:
      return 33 + seed;
    default:
      return -1;
  }
}

/* What has changed since setjmp is volatile; what has not changed need not be. */
static int32_t locals(int32_t seed) {
  volatile int32_t changed = seed;
  int32_t unchanged = seed * 3;
  volatile double number = 0.5;
  if (setjmp(outer) == 0) {
    changed += 7;
    number *= 3;
    jump(1);
  }
  return changed * 100 + unchanged + (int32_t)(number * 10);
}

/* Once more and once more, to the same place. */
static int32_t again(int32_t seed) {
  volatile int32_t rounds = 0;
  const int result = setjmp(outer);
  if (rounds < 5 + (seed & 3)) {
    rounds = rounds + 1;
    jump(rounds + 40);
  }
  return result * 100 + rounds;
}

/* ---- nested ---- */
NOINLINE static int32_t middle(int32_t seed, jmp_buf* to) {
  jmp_buf own;
  volatile int32_t seen = 0;
  const int result = setjmp(own);
  if (result == 0) {
    if (seed % 2 != 0) {
      longjmp(own, 5);
    }
    longjmp(*to, 9);
  }
  seen = seen + result;
  longjmp(*to, 10 + seen);
}

static int32_t nested(int32_t seed) {
  jmp_buf first;
  jmp_buf second;
  volatile int32_t sum = seed;
  int result = setjmp(first);
  if (result == 0) {
    result = setjmp(second);
    if (result == 0) {
      return middle(seed, &second);
    }
    sum = sum + 1000 * result;
    return middle(seed + 1, &first);
  }
  return sum + result;
}

/* Through functions that wait for jumps of their own. */
NOINLINE static int32_t wait(int32_t depth, jmp_buf* goal) {
  jmp_buf own;
  volatile int32_t passed = depth;
  if (setjmp(own) != 0) {
    return -1000 - passed;
  }
  if (depth == 0) {
    longjmp(*goal, 77);
  }
  return wait(depth - 1, goal) + passed;
}
static int32_t through_others(int32_t seed) {
  jmp_buf goal;
  const int result = setjmp(goal);
  return result != 0 ? result + seed : wait(10 + (seed & 15), &goal);
}

/* Each level hands the jump on to the one above it. */
NOINLINE static int32_t hand_on(int32_t depth, jmp_buf* up) {
  jmp_buf own;
  const int result = setjmp(own);
  if (result != 0) {
    longjmp(*up, result + 1);
  }
  if (depth == 0) {
    longjmp(own, 1);
  }
  return hand_on(depth - 1, &own);
}
static int32_t step_by_step(int32_t seed) {
  jmp_buf own;
  const int result = setjmp(own);
  return result != 0 ? result : hand_on(20 + (seed & 7), &own);
}

/* ---- a library that reports errors as libpng and libjpeg do ---- */
typedef struct reader {
  jmp_buf on_error;
  void (*error)(struct reader*, const char*);
  char message[32];
  int32_t left;
  char* buffer;
  int32_t released;
} reader;

static void fail(reader* r, const char* message) {
  strncpy(r->message, message, sizeof r->message - 1);
  longjmp(r->on_error, 1);
}
NOINLINE static int32_t next(reader* r) {
  if (--r->left < 0) {
    r->error(r, "the data ends too early");
  }
  return r->left;
}
NOINLINE static void parse(reader* r, int32_t size) {
  r->buffer = malloc((size_t)size);
  for (int32_t i = 0; i < size; ++i) {
    r->buffer[i] = (char)(next(r) + i);
  }
}
static int32_t error_handling(int32_t seed) {
  reader* const r = calloc(1, sizeof *r);
  r->error = fail;
  r->left = seed & 31;
  int32_t result = 0;
  if (setjmp(r->on_error) != 0) {
    free(r->buffer);
    result = -(int32_t)strlen(r->message);
    free(r);
    return result;
  }
  parse(r, 16);
  for (int32_t i = 0; i < 16; ++i) {
    result = result * 3 + r->buffer[i];
  }
  free(r->buffer);
  free(r);
  return result;
}

/* ---- the edges ---- */
static int32_t other_names(int32_t seed) {
  jmp_buf plain;
  sigjmp_buf with_mask;
  volatile int32_t sum = seed;
  if (_setjmp(plain) == 0) {
    _longjmp(plain, 2);
  }
  const int result = sigsetjmp(with_mask, 1);
  if (result == 0) {
    sum = sum + 100;
    siglongjmp(with_mask, 4);
  }
  return sum * 10 + result;
}

static int32_t zero_becomes_one(int32_t seed) {
  const int result = setjmp(outer);
  if (result != 0) {
    return result + seed;
  }
  jump(0);
  return -1;
}

static int32_t in_conditions(int32_t seed) {
  volatile int32_t count = 0;
  while (setjmp(outer) < 4 + (seed & 1)) {
    count = count + 1;
    jump(count);
  }
  return !setjmp(outer) ? count : -1;
}

static int32_t copied(int32_t seed) {
  jmp_buf first;
  const int result = setjmp(first);
  if (result != 0) {
    return result + seed;
  }
  jmp_buf second;
  memcpy(&second, &first, sizeof first);
  longjmp(second, 21);
}

static int order(const void* a, const void* b) {
  const int32_t left = *(const int32_t*)a;
  const int32_t right = *(const int32_t*)b;
  if (left == 13 || right == 13) {
    longjmp(outer, 13);
  }
  return left < right ? -1 : left > right;
}
static int32_t out_of_qsort(int32_t seed) {
  int32_t values[] = {5, 3, 9, seed & 15, 7, 1};
  if (setjmp(outer) != 0) {
    return -13;
  }
  qsort(values, 6, sizeof *values, order);
  int32_t result = 0;
  for (int i = 0; i < 6; ++i) {
    result = result * 10 + values[i];
  }
  return result;
}

int32_t jumps_case(int32_t which, int32_t seed) {
  static int32_t (*const cases[JUMPS_CASES])(int32_t) = {
      simple,       from_the_deep,  locals,           again,         nested, through_others,
      step_by_step, error_handling, zero_becomes_one, in_conditions, copied, out_of_qsort,
      other_names,
  };
  return which >= 0 && which < JUMPS_CASES ? cases[which](seed) : 0;
}

/* ---- with the application ---- */
static int waits = 0;

int32_t jumps_call(jumps_callback f, int32_t n) {
  waits = 1;
  if (setjmp(outer) != 0) {
    return -1;
  }
  const int32_t result = f(n);
  waits = 0;
  return result;
}

int32_t jumps_call_then_jump(jumps_callback f, int32_t n) {
  jmp_buf own;
  volatile int32_t result = 0;
  if (setjmp(own) == 0) {
    result = f(n);
    longjmp(own, 1);
  }
  return 100 + result;
}

int32_t jumps_out(int32_t value) {
  if (waits != 0) {
    jump(value);
  }
  return value;
}

void jumps_keep(void) {
  if (setjmp(kept) != 0) {
    abort();
  }
}
void jumps_to_kept(void) { longjmp(kept, 1); }

int32_t jumps_print(int32_t n) {
  waits = 1;
  if (setjmp(outer) != 0) {
    return -1;
  }
  puts("a line");
  fflush(stdout);
  waits = 0;
  return n;
}

int32_t jumps_step(int32_t which) { return which == 0 ? jumps_print(1) : jumps_out(1); }

int32_t jumps_trap(int32_t depth) {
  jmp_buf own;
  if (setjmp(own) != 0) {
    return 1;
  }
  if (depth == 0) {
    __builtin_trap();
  }
  return jumps_trap(depth - 1) + 1;
}

int32_t jumps_often(int32_t n) {
  volatile int32_t count = 0;
  if (setjmp(outer) >= 0 && count < n) {
    count = count + 1;
    jump(1);
  }
  return count;
}

int32_t jumps_nothing(int32_t n) { return n; }
