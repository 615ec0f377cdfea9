/* One public header for many mistakes: each library defines one of these. */
#ifndef SURFACE_H_
#define SURFACE_H_

#ifdef MISSING_INCLUDE
#include "not_there.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#if defined(BIT_FIELD)
struct record {
  int all;
  unsigned flag : 1;
};
#elif defined(UNION_MEMBER)
struct record {
  union {
    int whole;
    float part;
  } value;
};
#elif defined(FLEXIBLE_ARRAY)
struct record {
  int length;
  char data[];
};
#elif defined(PACKED)
struct __attribute__((packed)) record {
  char tag;
  int value;
};
#elif defined(UNKNOWN_OPAQUE)
struct record {
  int value;
};
#else
struct record;
#endif

#if defined(NOTHING_DECLARED)
#define SURFACE_VERSION 1
#elif defined(CXX_ONLY) && defined(__cplusplus)
}
int use_record(const record* r);
extern "C" {
#elif defined(DECLARED_ONLY)
int not_written_yet(int x);
#elif defined(VARIADIC_ONLY)
int print_all(const char* format, ...);
#elif defined(BIT_FIELD) || defined(FLEXIBLE_ARRAY) || defined(PACKED) || defined(UNION_MEMBER)
int use_record(struct record r);
#else
int use_record(const struct record* r);
#endif

#ifdef IS_INLINE
static inline int twice(int x) { return 2 * x; }
#endif

#ifdef __cplusplus
}
#endif

#endif
