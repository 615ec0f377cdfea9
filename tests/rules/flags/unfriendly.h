#ifndef UNFRIENDLY_H
#define UNFRIENDLY_H
#ifdef __cplusplus
extern "C" {
#endif

struct elements {
  int first[ELEMENTS];
  int last;
};

#ifdef WITH_EXTRA
int sum(const struct elements* elements);
#endif
int below_and_above(int x);
int on_linux(void);
int cpu_is_wasm32(void);
int cxx(int x);

#ifdef __cplusplus
}
#endif
#endif
