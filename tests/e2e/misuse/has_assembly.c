#include "lib.h"

int answer(void) {
  int result;
  __asm__("movl $42, %0" : "=a"(result));
  return result;
}
