/* A library that uses a struct of another one. */
#ifndef RLBOX_TESTS_SHARED_H_
#define RLBOX_TESTS_SHARED_H_

#include "scene.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct segment {
  vec2 from, to;
} segment;
double shared_length(const segment* of);
vec2 shared_middle(segment of);

#ifdef __cplusplus
}
#endif

#endif
