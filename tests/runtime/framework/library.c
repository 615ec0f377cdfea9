#include "library.h"

static int calls;

void library_reset(void) { calls = 0; }
int library_calls(void) { return calls; }
int library_add(int a, int b) {
  calls++;
  return a + b;
}
int library_twice(int value) { return 2 * value; }
unsigned long library_wide(unsigned long a, unsigned long long b) { return a + (unsigned long)b; }
double library_mix(float a, double b, char c) { return (double)a + b + c; }
enum library_color library_next_color(enum library_color color) {
  return color == LIBRARY_RED ? LIBRARY_GREEN : LIBRARY_RED;
}
int* library_same_pointer(int* p) { return p; }
int library_is_null(const void* p) { return p == 0; }
const char* library_text(void) { return "text of the library"; }
struct library_point library_move(struct library_point p, int dx, long dy) {
  p.x += dx;
  p.y += dy;
  return p;
}
long library_sum_point(const struct library_point* p) { return p->x + p->y; }
int library_call(library_callback f, int value, void* context) { return f(value, context); }
int library_call_twice(library_callback f, int value, void* context) {
  return f(f(value, context), context);
}
int library_sum(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k) {
  return a + b + c + d + e + f + g + h + i + j + k;
}
