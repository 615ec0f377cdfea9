/* PCRE2 finds all matches of some expressions in text. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 16 };
static char text[size];

static unsigned count_matches(const char* pattern, unsigned sum) {
  int error = 0;
  PCRE2_SIZE place = 0;
  pcre2_code* code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_CASELESS,
                                   &error, &place, NULL);
  pcre2_match_data* data = pcre2_match_data_create_from_pattern(code, NULL);
  PCRE2_SIZE at = 0;
  while (at < size && pcre2_match(code, (PCRE2_SPTR)text, size, at, 0, data, NULL) > 0) {
    const PCRE2_SIZE* found = pcre2_get_ovector_pointer(data);
    sum = add(sum, (unsigned)found[1]);
    at = found[1] > at ? found[1] : at + 1;
  }
  pcre2_match_data_free(data);
  pcre2_code_free(code);
  return sum;
}

unsigned work(unsigned rounds) {
  fill_with_text(text, size);
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    sum = count_matches("\\b(?:ba|ren)(\\w+?)(li|sun)\\b", sum);
    sum = count_matches("(\\w+) \\1", sum);
    sum = count_matches("[^aeiou\\s]{3,}|^m.*k", sum);
  }
  return sum;
}
