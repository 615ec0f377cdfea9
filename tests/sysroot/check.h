/* What the native tests of the sysroot's C files share. */
#pragma once
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                        \
    }                                                                 \
  } while (0)

static unsigned seed = 1;

/* A number below another, the same ones in each run. */
static unsigned number(unsigned below) {
  seed = seed * 1103515245U + 12345U;
  return (seed >> 8) % below;
}
