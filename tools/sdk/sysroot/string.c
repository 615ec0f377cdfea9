/* memcmp, memchr, strcmp, strncmp and strlen, eight bytes at a time.
 *
 * They take the place of functions that come with zig 0.17 and look at one byte, or at four. The
 * host of a sandbox has registers of eight bytes, whatever the size of a pointer in the sandbox is.
 *
 * Functions that look for an end read up to seven bytes beyond it, never beyond the block of BLOCK
 * bytes that the end is in: the size of the memory is a multiple of BLOCK.
 */
#include <stddef.h>
#include <stdint.h>

#ifndef RLBOX_STRING_NAME /* a test gives the functions other names */
#define RLBOX_STRING_NAME(name) name
#endif

typedef uint64_t word;

enum { WORD = sizeof(word), BLOCK = 4096 };

#define ONES UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

static word load(const void* from) {
  word value;
  __builtin_memcpy(&value, from, WORD);
  return value;
}

/* Not 0 if a byte is 0; the lowest bit that is set belongs to the first such byte. */
static word zeros(word value) { return (value - ONES) & ~value & HIGH_BITS; }

/* The number of the byte that the lowest set bit is in. */
static unsigned first_byte(word bits) { return (unsigned)__builtin_ctzll(bits) / 8; }

static int order_of_byte(word left, word right, unsigned number) {
  return (int)(left >> number * 8 & 255) - (int)(right >> number * 8 & 255);
}

/* Whether a word can be read without leaving the block. */
static int fits(const unsigned char* at) { return ((uintptr_t)at & (BLOCK - 1)) <= BLOCK - WORD; }

int RLBOX_STRING_NAME(memcmp)(const void* left, const void* right, size_t bytes) {
  const unsigned char* l = left;
  const unsigned char* r = right;
  size_t at = 0;
  if (bytes < WORD) {
    for (; at < bytes; at++) {
      if (l[at] != r[at]) {
        return l[at] - r[at];
      }
    }
    return 0;
  }
  for (;;) {
    word a = load(l + at);
    word b = load(r + at);
    if (a != b) {
      return order_of_byte(a, b, first_byte(a ^ b));
    }
    if (at == bytes - WORD) {
      return 0;
    }
    /* The last word overlaps the one before. */
    at = bytes - at < 2 * WORD ? bytes - WORD : at + WORD;
  }
}

int RLBOX_STRING_NAME(bcmp)(const void* left, const void* right, size_t bytes) {
  return RLBOX_STRING_NAME(memcmp)(left, right, bytes);
}

size_t RLBOX_STRING_NAME(strlen)(const char* text) {
  size_t before = (uintptr_t)text % WORD;
  const char* at = text - before;
  /* The bytes before the text count as something else than the end. */
  word end = zeros(load(at) | ((UINT64_C(1) << before * 8) - 1));
  while (end == 0) {
    at += WORD;
    end = zeros(load(at));
  }
  return (size_t)(at - text) + first_byte(end);
}

void* RLBOX_STRING_NAME(memchr)(const void* where, int byte, size_t bytes) {
  const unsigned char* at = where;
  const word wanted = ONES * (unsigned char)byte;
  while (bytes != 0) {
    size_t piece = 1;
    if (fits(at)) {
      word found = zeros(load(at) ^ wanted);
      if (found != 0) {
        unsigned number = first_byte(found);
        return number < bytes ? (void*)(at + number) : NULL;
      }
      piece = bytes < WORD ? bytes : WORD;
    } else if (*at == (unsigned char)byte) {
      return (void*)at;
    }
    at += piece;
    bytes -= piece;
  }
  return NULL;
}

int RLBOX_STRING_NAME(strncmp)(const char* left, const char* right, size_t bytes) {
  const unsigned char* l = (const unsigned char*)left;
  const unsigned char* r = (const unsigned char*)right;
  while (bytes != 0) {
    size_t piece = 1;
    if (fits(l) && fits(r)) {
      word a = load(l);
      word b = load(r);
      /* Where they differ, or where both end. */
      word stop = (a ^ b) | zeros(a);
      if (stop != 0) {
        unsigned number = first_byte(stop);
        return number < bytes ? order_of_byte(a, b, number) : 0;
      }
      piece = bytes < WORD ? bytes : WORD;
    } else if (*l != *r || *l == 0) {
      return *l - *r;
    }
    l += piece;
    r += piece;
    bytes -= piece;
  }
  return 0;
}

int RLBOX_STRING_NAME(strcmp)(const char* left, const char* right) {
  return RLBOX_STRING_NAME(strncmp)(left, right, SIZE_MAX);
}
