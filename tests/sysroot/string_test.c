/* The sysroot's string functions beside plain loops, on every alignment and up to the end of the
 * memory: the page after the text cannot be read.
 */
#include <string.h>
#include <sys/mman.h>

#include "tests/sysroot/check.h"

#define RLBOX_STRING_NAME(name) tested_##name
#include "tools/sdk/sysroot/string.c"

enum { LONGEST = 40, ROUNDS = 400000 };

/* Two pages that can be read, and one that cannot. */
static unsigned char* pages(void) {
  unsigned char* start =
      mmap(NULL, 3 * BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(start != MAP_FAILED);
  CHECK(mprotect(start + 2 * BLOCK, BLOCK, PROT_NONE) == 0);
  return start;
}

/* Where something of so many bytes stands: at the end of the memory, over the border of two pages,
 * or anywhere. */
static unsigned char* place(unsigned char* start, unsigned bytes) {
  switch (number(3)) {
    case 0:
      return start + 2 * BLOCK - bytes;
    case 1:
      return start + BLOCK - number(bytes + 1);
    default:
      return start + number(2 * BLOCK - bytes);
  }
}

/* Few different values, so that they agree for a while; bytes above 127, and their neighbours. */
static unsigned char value(void) { return (unsigned char)"\1\2\177\200\201\377"[number(6)]; }

static int sign(int number) { return (number > 0) - (number < 0); }

static int plain_order(const unsigned char* left, const unsigned char* right, size_t bytes,
                       int ends) {
  for (size_t i = 0; i < bytes; ++i) {
    if (left[i] != right[i] || (ends && left[i] == 0)) {
      return left[i] - right[i];
    }
  }
  return 0;
}

static void compare(unsigned char* left, unsigned char* right, unsigned bytes) {
  int order = plain_order(left, right, bytes, 0);
  CHECK(sign(tested_memcmp(left, right, bytes)) == sign(order));
  CHECK((tested_bcmp(left, right, bytes) != 0) == (order != 0));
  left[bytes - 1] = right[bytes - 1] = 0;
  const char* l = (const char*)left;
  const char* r = (const char*)right;
  CHECK(sign(tested_strcmp(l, r)) == sign(plain_order(left, right, bytes, 1)));
  for (unsigned most = 0; most < bytes + 12; most += 1 + number(9)) {
    unsigned seen = most < bytes ? most : bytes;
    CHECK(sign(tested_strncmp(l, r, most)) == sign(plain_order(left, right, seen, 1)));
  }
  CHECK(tested_strncmp(l, r, SIZE_MAX) == tested_strcmp(l, r));
}

static void look(unsigned char* text, unsigned bytes) {
  unsigned char wanted = value();
  unsigned at = 0;
  while (at < bytes && text[at] != wanted) {
    ++at;
  }
  void* found = at < bytes ? text + at : NULL;
  CHECK(tested_memchr(text, wanted, bytes) == found);
  CHECK(tested_memchr(text, wanted - 256, bytes) == found); /* an int, of which a byte counts */
  if (found != NULL) {
    CHECK(tested_memchr(text, wanted, at) == NULL);
    CHECK(tested_memchr(text, wanted, SIZE_MAX) == found);
  }
  text[bytes - 1] = 0;
  CHECK(tested_strlen((const char*)text) == strlen((const char*)text));
}

int main(void) {
  unsigned char* one = pages();
  unsigned char* other = pages();
  for (unsigned round = 0; round < ROUNDS; ++round) {
    unsigned bytes = 1 + number(LONGEST);
    unsigned char* left = place(one, bytes);
    unsigned char* right = place(other, bytes);
    /* Zeros, or not, before and after: they count for nothing. */
    memset(one, (int)number(2), 2 * BLOCK);
    memset(other, (int)number(2), 2 * BLOCK);
    unsigned equal = number(3) == 0 ? bytes : number(bytes);
    for (unsigned i = 0; i < bytes; ++i) {
      left[i] = number(30) == 0 ? 0 : value();
      right[i] = i < equal ? left[i] : value();
    }
    compare(left, right, bytes);
    look(left, bytes);
  }
  CHECK(tested_memcmp(one, other, 0) == 0);
  CHECK(tested_memchr(one, 1, 0) == NULL);
  CHECK(tested_strncmp("a", "b", 0) == 0);
  return 0;
}
