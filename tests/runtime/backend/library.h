#ifndef RLBOX_TESTS_BACKEND_LIBRARY_H_
#define RLBOX_TESTS_BACKEND_LIBRARY_H_
/* What the application knows of the library: declarations only. The functions exist as code of the
   arena (arena_library.hpp), where the types have other sizes. */

struct record {
  short kind;
  long size;
  const char* name;
  int counts[3];
};
typedef int (*reducer)(int, int, void*);

#ifdef __cplusplus
extern "C" {
#endif
int add(int a, int b);
unsigned long wide(unsigned long a, unsigned long long b);
double scale(double value, float factor);
long sum(const int* values, unsigned count);
void fill(struct record* r, const char* name);
struct record* find(struct record* records, unsigned count, short kind);
int reduce(reducer f, const int* values, unsigned count, void* context);
reducer get_adder(void);
int adder(int a, int b, void* context);
int missing(int);
#ifdef __cplusplus
}
#endif
#endif
