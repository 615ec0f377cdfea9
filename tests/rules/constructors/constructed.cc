#include "tests/rules/constructors/constructed.h"

namespace {

volatile int count = 0;

struct Constructed {
  Constructed() { count = count + 1; }
};

const Constructed object;

}  // namespace

int constructions(void) { return count; }
