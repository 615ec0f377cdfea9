#include "other.h"

#include <stdlib.h>

static uint32_t calls;

uint32_t add_in_other(uint32_t a, uint32_t b) {
  calls++;
  return a + b + 1000;
}
uint32_t call_other(uint32_t (*f)(uint32_t), uint32_t value) { return f(value) + calls; }
void fail_in_other(void) { abort(); }

uint32_t _begins(uint32_t value) { return value + 1; }
uint32_t ends_(uint32_t value) { return value + 2; }
uint32_t two__in_it(uint32_t value) { return value + 3; }
