#include "checksum.h"

unsigned start_value(void);

unsigned checksum(const char* text) {
  unsigned sum = start_value();
  while (*text) sum += (unsigned char)*text++;
  return sum;
}
