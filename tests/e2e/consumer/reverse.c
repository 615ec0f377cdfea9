#include "reverse.h"

#include <string.h>

void reverse(char* text) {
  for (size_t i = 0, j = strlen(text); i + 1 < j; ++i) {
    --j;
    char c = text[i];
    text[i] = text[j];
    text[j] = c;
  }
}
