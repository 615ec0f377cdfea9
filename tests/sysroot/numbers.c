#include "tests/sysroot/numbers.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { NUMBERS = 20000, A_LINE_FOR = 1000 };

static uint64_t state = 1;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static uint64_t hash;

static void add(const void* bytes, size_t count) {
  const unsigned char* from = bytes;
  for (size_t i = 0; i < count; ++i) {
    hash = (hash ^ from[i]) * UINT64_C(0x100000001b3);
  }
}

static void add_text(const char* text) { add(text, strlen(text)); }

static void add_double(double value) { add(&value, sizeof value); }

static void add_float(float value) { add(&value, sizeof value); }

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static unsigned bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* A double of any size, or one as programs have them. */
static double a_double(void) {
  uint64_t bits = next();
  double value;
  memcpy(&value, &bits, sizeof value);
  switch (next() % 4) {
    case 0:
      return (double)(int64_t)bits / 4096.0;
    case 1:
      return (double)(bits >> 40) / 1000.0;
    default:
      return isfinite(value) ? value : 0.0;
  }
}

static void print_and_read(double value) {
  static const char* const formats[] = {"%.17g", "%.15g", "%.9e", "%+.0e", "%-30.3g|", "%a"};
  char text[64];
  /* The digit before the point of a subnormal number in hexadecimal is the system's choice. */
  const size_t count = sizeof formats / sizeof *formats - (fabs(value) < 3e-308 ? 1 : 0);
  for (size_t i = 0; i < count; ++i) {
    snprintf(text, sizeof text, formats[i], value);
    add_text(text);
    add_double(strtod(text, NULL));
    add_float(strtof(text, NULL));
    double scanned = 0;
    float narrow = 0;
    int read = 0;
    sscanf(text, "%lf%n", &scanned, &read);
    sscanf(text, "%f", &narrow);
    add_double(scanned);
    add_float(narrow);
    add(&read, sizeof read);
  }
  if (fabs(value) < 1e30) {
    snprintf(text, sizeof text, "%.20f", value);
    add_text(text);
  }
  /* Every double is a long double. */
  snprintf(text, sizeof text, "%.25Lg", (long double)value);
  add_text(text);
  wchar_t wide[64];
  swprintf(wide, sizeof wide / sizeof *wide, L"%.17g", value);
  add_double(wcstod(wide, NULL));
  add_float(wcstof(wide, NULL));
}

/* Up to 40 digits, with a point, and an exponent of up to three digits. */
static void read_digits(void) {
  char text[64];
  int length = 0;
  const int digits = 1 + (int)(next() % 40);
  const int point = (int)(next() % 40);
  for (int i = 0; i < digits; ++i) {
    if (i == point) {
      text[length++] = '.';
    }
    text[length++] = (char)('0' + next() % 10);
  }
  snprintf(text + length, sizeof text - (size_t)length, "e%d", (int)(next() % 760) - 400);
  add_double(strtod(text, NULL));
  add_float(strtof(text, NULL));
}

/* Numbers that are hard to round, too large, too small, or none. */
static const char* const hard[] = {
    "9007199254740993",
    "1.00000000000000011102230246251565404236316680908203125",
    "9007199254740992.999999999999999999999999999999999",
    "9007199254740993.00000000000000000000000000000000000000000000000000000001",
    "1.00000005960464477539062500",
    "1.000000059604644775390624999999999999999999999999999999999999",
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "-1e400",
    "2.2250738585072011e-308",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "1e-400",
    "3.4028235677973366e38",
    "0x1.fffffffffffff8p0",
    "0x1.fffffffffffff7ffffffffp0",
    "0x0.00000000000008p-1022",
    "0x1p-1074",
    "0x1p-1075",
    "-0",
    "inf",
    "-Infinity",
    ".5x",
    "1e+",
    "  7",
    "e5",
    "0.1e1000000000000",
    "1e-1000000000000",
};

static void read_hard(void) {
  for (size_t i = 0; i < sizeof hard / sizeof *hard; ++i) {
    char* end;
    double value = strtod(hard[i], &end);
    float narrow = strtof(hard[i], NULL);
    printf("%s: %016llx %08x, ", hard[i], (unsigned long long)bits_of(value),
           bits_of_float(narrow));
    printf("%d characters\n", (int)(end - hard[i]));
  }
  errno = 0;
  strtod("1e999", NULL);
  printf("%s\n", errno == ERANGE ? "too large" : "?");
  /* Halfway between two doubles, and a last digit that decides. */
  static const char halfway[] = "1.00000000000000011102230246251565404236316680908203125";
  char text[900];
  memset(text, '0', sizeof text);
  memcpy(text, halfway, sizeof halfway - 1);
  strcpy(text + sizeof text - 2, "1");
  printf("%016llx\n", (unsigned long long)bits_of(strtod(text, NULL)));
}

static void use_long_double(void) {
  long double scanned = 0;
  printf("%d", sscanf("0.375 -2.5e3", "%Lf", &scanned));
  printf(" %.3Lf %Lg %LG %.2Le\n", scanned, scanned, -scanned, scanned);
  printf("%d %.1f\n", (int)strtold("12345.75", NULL), (double)strtold("-0x.8p1", NULL));
  printf("%d\n", (int)wcstold(L"42.5", NULL));
}

void print_numbers(void) {
  read_hard();
  use_long_double();
  for (int i = 1; i <= NUMBERS; ++i) {
    print_and_read(a_double());
    read_digits();
    if (i % A_LINE_FOR == 0) {
      printf("%d: %016llx\n", i, (unsigned long long)hash);
    }
  }
}

void print_a_third(char* text, unsigned size) { snprintf(text, size, "%.30Lg", 1.0L / 3.0L); }
