#include "tests/rules/shared/one.h"

#include <stdio.h>

int one(int number) {
  printf("one %d\n", number);
  return number + 1;
}
