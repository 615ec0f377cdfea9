/* Runs a little program for a machine with registers: a switch in a loop. */
#include "input.h"
#include "work.h"

enum { op_set, op_add, op_mul, op_xor, op_load, op_store, op_less, op_jump_if, op_end };
typedef struct {
  unsigned char op, a, b, c;
  int value;
} instruction;

static const instruction program[] = {
    {op_set, 0, 0, 0, 0}, {op_set, 1, 0, 0, 1}, {op_set, 2, 0, 0, 20000}, {op_set, 3, 0, 0, 17},
    {op_mul, 4, 0, 3, 0}, {op_xor, 4, 4, 5, 0}, {op_store, 4, 0, 0, 0},   {op_load, 5, 4, 0, 0},
    {op_add, 5, 5, 4, 0}, {op_add, 0, 0, 1, 0}, {op_less, 6, 0, 2, 0},    {op_jump_if, 6, 0, 0, 4},
    {op_end, 0, 0, 0, 0},
};

static unsigned run(void) {
  static uint32_t memory[1024];
  uint32_t r[8] = {0};
  for (const instruction* at = program;;) {
    const instruction i = *at++;
    switch (i.op) {
      case op_set:
        r[i.a] = (uint32_t)i.value;
        break;
      case op_add:
        r[i.a] = r[i.b] + r[i.c];
        break;
      case op_mul:
        r[i.a] = r[i.b] * r[i.c];
        break;
      case op_xor:
        r[i.a] = r[i.b] ^ r[i.c];
        break;
      case op_load:
        r[i.a] = memory[r[i.b] % 1024];
        break;
      case op_store:
        memory[r[i.b] % 1024] = r[i.a];
        break;
      case op_less:
        r[i.a] = r[i.b] < r[i.c];
        break;
      case op_jump_if:
        at = r[i.a] != 0 ? program + i.value : at;
        break;
      default:
        return r[5];
    }
  }
}

unsigned work(unsigned rounds) {
  unsigned sum = 0;
  for (unsigned round = 0; round < rounds; round++) {
    sum = add(sum, run());
  }
  return sum;
}
