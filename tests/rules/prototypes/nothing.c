#include "tests/rules/prototypes/disagrees.h"

void add_one(int x);

int nothing(int x, int really) {
  if (really) add_one(x);
  return x;
}
