#include "tests/rules/noop/one.h"

#include "tests/rules/noop/common.h"

static int step(int n) { return add(n, 1); }

int one(int n) { return step(n); }
