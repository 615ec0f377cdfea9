#include "tests/examples/hostile.h"

#include <stdint.h>
#include <stdlib.h>

void write_far_away(unsigned address) { *(volatile char*)(uintptr_t)address = 1; }

// Below address 0 of the sandbox: an index that a parser did not check.
void write_before_a_buffer(int distance) {
  static char buffer[16];
  *(volatile char*)(buffer - distance) = 1;
}

unsigned recurse(unsigned depth) {
  volatile char frame[4096];
  frame[depth % sizeof(frame)] = (char)depth;
  return depth == 0 ? 0 : recurse(depth - 1) + (unsigned)frame[depth % sizeof(frame)] + 1;
}

static int takes_nothing(void) { return 1; }

void call_a_wrong_function(void) {
  double (*volatile function)(double) = (double (*)(double))(uintptr_t)takes_nothing;
  function(1.0);
}

int divide(int a, int b) { return a / b; }

void give_up(void) { abort(); }

void leave(int code) { exit(code); }
