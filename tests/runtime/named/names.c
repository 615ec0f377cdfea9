#include "tests/runtime/named/names.h"

#undef major_number
#undef minor_number
#undef const_
#undef named_sum

static int count;
int named_variable = 7;

int named_add(int first, int second) { return first + second; }
void named_count(void) { count++; }
int named_counted(void) { return count; }

struct named_point named_move(struct named_point point, int by) {
  point.x += by;
  point.y += by;
  return point;
}

struct named_one named_more(struct named_one one) {
  one.only++;
  return one;
}

void named_move_all(struct named_point* points, size_t number, int by) {
  for (size_t i = 0; i < number; i++) {
    points[i] = named_move(points[i], by);
  }
}

int named_each(const int* values, size_t number, named_visit visit, void* context) {
  int sum = 0;
  for (size_t i = 0; i < number; i++) {
    sum += visit(values[i], context);
  }
  return sum;
}

static int twice(int value) { return 2 * value; }
named_step named_double_step(void) { return twice; }
int named_apply(int (*step)(int), int value) { return step != NULL ? step(value) : -1; }

int64_t named_wide(int64_t value, const int64_t* more) { return value + (more ? *more : 0); }
float named_half(float value) { return value / 2; }
char* named_find(char* text, int wanted) {
  while (*text != '\0' && *text != wanted) {
    text++;
  }
  return *text != '\0' ? text : NULL;
}
int named_noexcept(int value) { return value + 1; }
int named_zero_noexcept(void) { return 5; }
int named_renamed(int value) { return value + 2; }
int named_print(const char* format, ...) { return format[0]; }
int named_deprecated(int value) { return value; }
int named_shadow(int variable, int add, int (*counted)(void), int argument) {
  return variable + add + (counted != NULL) + argument;
}

int create_sandbox(int value) { return value + 10; }
int malloc_in_sandbox(int value) { return value + 11; }
int state(int value) { return value + 12; }
int impl_malloc_in_sandbox(int size) { return size; }

int has_trapped(int value) { return value + 20; }
int interrupt(int value) { return value + 21; }
int create(int value) { return value + 22; }
int memory(int value) { return value + 23; }
int call(int first, int second) { return first - second; }

int named_macro(int value) { return value + 30; }
int named_sum(int a, int b) { return a + b; }
int named_old(int value) { return value + 31; }
int named_parameters(int major, int minor, int constant) {
  return 100 * major + 10 * minor + constant;
}

int named_only_c(int value) { return value; }
int named_other_count(int value) { return value; }
int new(int template) { return template; }
