#include "lib.h"

int answer_part(int);

int answer(void) { return answer_part(1) + 1; }
