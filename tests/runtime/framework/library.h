#ifndef RLBOX_TESTS_LIBRARY_H_
#define RLBOX_TESTS_LIBRARY_H_
/* A small C library for the backends without isolation. */
#ifdef __cplusplus
extern "C" {
#define LIBRARY_NOEXCEPT noexcept
#else
#define LIBRARY_NOEXCEPT
#endif

enum library_color { LIBRARY_RED = 1, LIBRARY_GREEN = 7 };

struct library_point {
  int x;
  long y;
};

typedef int (*library_callback)(int, void*);

void library_reset(void);
int library_calls(void);
int library_add(int a, int b);
int library_twice(int value) LIBRARY_NOEXCEPT;
unsigned long library_wide(unsigned long a, unsigned long long b);
double library_mix(float a, double b, char c);
enum library_color library_next_color(enum library_color color);
int* library_same_pointer(int* p);
int library_is_null(const void* p);
const char* library_text(void);
struct library_point library_move(struct library_point p, int dx, long dy);
long library_sum_point(const struct library_point* p);
int library_call(library_callback f, int value, void* context);
int library_call_twice(library_callback f, int value, void* context);
int library_sum(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k);

#ifdef __cplusplus
}
#endif
#endif
