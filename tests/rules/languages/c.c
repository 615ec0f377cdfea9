#include "c.h"

int c_answer(void) { return 42; }
