/* A library whose names are hard to offer as members of a sandbox. */
#ifndef RLBOX_TESTS_RUNTIME_NAMED_NAMES_H_
#define RLBOX_TESTS_RUNTIME_NAMED_NAMES_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define NAMED_NOEXCEPT noexcept
extern "C" {
#else
#define NAMED_NOEXCEPT
#endif

/* Adds two numbers. */
int named_add(int first, int second);

// Counts the calls: café */ #error "not a comment"
void named_count(void);
int named_counted(void);

struct named_point {
  int x;
  double y;
};
struct named_one {
  int only;
};
struct named_point named_move(struct named_point point, int by);
struct named_one named_more(struct named_one one);
void named_move_all(struct named_point* points, size_t count, int by);

typedef int (*named_visit)(int value, void* context);
typedef int (*named_step)(int);
int named_each(const int* values, size_t count, named_visit visit, void* context);
named_step named_double_step(void);
int named_apply(int (*step)(int), int value);

int64_t named_wide(int64_t value, const int64_t* more);
float named_half(float value);
char* named_find(char* text, int wanted);
int named_noexcept(int value) NAMED_NOEXCEPT;
int named_zero_noexcept(void) NAMED_NOEXCEPT;
int named_renamed(int value) __asm__("named_in_objects");
int named_print(const char* format, ...);
__attribute__((deprecated("a test"))) int named_deprecated(int value);

/* A variable and a parameter of one name. */
extern int named_variable;
int named_shadow(int named_variable, int named_add, int (*named_count)(void), int argument_1);

/* RLBox's names keep RLBox's meaning. */
int create_sandbox(int value);
int malloc_in_sandbox(int value);
int state(int value);
int impl_malloc_in_sandbox(int size);

/* The backends' names are free. */
int has_trapped(int value);
int interrupt(int value);
int create(int value);
int memory(int value);
int call(int rlbox_1, int rlbox_base);

/* Names that are macros. */
#define named_macro named_macro
int named_macro(int value);
#define named_sum(a, b) "not a call"(a, b)
int(named_sum)(int a, int b);
#define named_old named_new
int named_old(int value);
int named_parameters(int major_number, int minor_number, int const_);
#define major_number 1 +
#define minor_number(x) "x" x
#define const_ "const"

/* What C++ cannot see, or cannot call by this name. */
#ifndef __cplusplus
int named_only_c(int value);
int named_other_count(int value);
int new (int template);
#else
int named_other_count(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
