/* Tail calls: the attribute of one function gives them to the whole file. */
#include "tests/hostile/outlaw.h"

#define TAIL __attribute__((target("tail-call")))

static volatile uint32_t never_zero = 1;
static uint32_t result;

uint32_t tail_target(uint32_t a, uint32_t b);
uint32_t tail_function(uint32_t a, uint32_t b);

/* Functions that are called by tail calls, of one type. */
TAIL __attribute__((noinline)) uint32_t tail_target(uint32_t a, uint32_t b) {
  result = a + b + never_zero;
  return result;
}
TAIL uint32_t tail_function(uint32_t a, uint32_t b) {
  result = 1000 + a;
  __attribute__((musttail)) return tail_target(a, b);
}
TAIL uint32_t o_tail_call_index(uint32_t index, uint32_t n) {
  __attribute__((musttail)) return ((o_two_callback)index)(index, n);
}
/* To functions that make tail calls themselves. */
TAIL static uint32_t pong(uint32_t a, uint32_t b);
TAIL static __attribute__((noinline)) uint32_t ping(uint32_t a, uint32_t b) {
  result = a;
  if (a == 0) {
    return b;
  }
  __attribute__((musttail)) return pong(a - never_zero, b + 1);
}
TAIL static __attribute__((noinline)) uint32_t pong(uint32_t a, uint32_t b) {
  result = b;
  if (a == 0) {
    return b;
  }
  __attribute__((musttail)) return ping(a - never_zero, b + 1);
}
TAIL uint32_t o_tail_call(uint32_t a, uint32_t b) { __attribute__((musttail)) return ping(a, b); }
uint32_t o_result(void) { return result; }
