#include "compiler.h"

int compiler(void) {
#ifdef STAND_IN_WASI_SDK
  return STAND_IN_WASI_SDK;
#else
  return 0;
#endif
}
