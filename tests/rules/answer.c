#include "tests/rules/answer.h"

int answer(void) { return 42; }
