#include "decoder.h"

#include <stdio.h>
#include <stdlib.h>

int decode(const char* data, size_t size) {
  if (size == 0 || data[0] != 'I') {
    abort();
  }
  printf("decoding %zu bytes\n", size);
  return (int)(size - 1);
}

int parse(int input) { return input + 1; }

int reserve_memory(size_t bytes) {
  char* volatile memory = malloc(bytes);
  return memory != NULL;
}

void describe_itself(void) {
  const char* colour = getenv("COLOUR");
  printf("colour %s\n", colour != NULL ? colour : "(none)");
}
