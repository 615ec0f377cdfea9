#include "tests/rules/noop/common.h"

int add(int a, int b) { return a + b; }
