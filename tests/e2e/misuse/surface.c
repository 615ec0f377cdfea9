#include <stdarg.h>

#include "surface.h"

#ifdef IS_STATIC
static int __attribute__((used)) helper(int x) { return x + 1; }
#endif

#ifdef VARIADIC_ONLY
int print_all(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_end(arguments);
  return 0;
}
#endif

#if defined(MUCH_DATA)
static volatile char much_data[1 << 20] = {1};
int use_record(const struct record* r) { return much_data[r != 0]; }
#elif defined(MANY_FUNCTIONS)
static int one(int x) { return x + 1; }
static int two(int x) { return x + 2; }
static int three(int x) { return x + 3; }
static int (*volatile operations[])(int) = {one, two, three};
int use_record(const struct record* r) { return operations[r != 0](1); }
#elif defined(BIT_FIELD) || defined(FLEXIBLE_ARRAY) || defined(PACKED) || defined(UNION_MEMBER)
int use_record(struct record r) { return sizeof r != 0; }
#else
int use_record(const struct record* r) { return r != 0; }
#endif
