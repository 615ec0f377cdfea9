#include "tests/rules/flags/below.h"

#if defined BROKEN_BELOW || defined BROKEN_LOCALLY
#error "drop_copts reaches the library's deps"
#endif
#if GRAPH != 3
#error "copts reach the library's deps"
#endif
#if ELEMENTS != 4 || !defined WITH_EXTRA
#error "defines reach the library's deps"
#endif

/* A warning, and no error without -Werror. */
int below(int x) {
  int unused_without_werror;
  return x + (int)sizeof(WORDS);
}
