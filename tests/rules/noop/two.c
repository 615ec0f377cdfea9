#include "tests/rules/noop/two.h"

#include "tests/rules/noop/common.h"

static int step(int n) { return add(n, 2); }

int two(int n) { return step(n); }
