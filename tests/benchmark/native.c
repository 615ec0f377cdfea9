#include "native.h"

uint32_t native_add(uint32_t a, uint32_t b) { return a + b; }
