#include <math.h>
#include <stdio.h>

#include "greeting.h"

int main(void) {
  printf("%s %.1f\n", greeting(), sqrt(2.25));
  return 0;
}
