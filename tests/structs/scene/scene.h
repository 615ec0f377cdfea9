/* Ten C++ classes behind a C interface. */
#ifndef RLBOX_TESTS_SCENE_H_
#define RLBOX_TESTS_SCENE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct scene scene;
typedef struct shape shape;

typedef struct vec2 {
  double x, y;
} vec2;
typedef struct bounds {
  vec2 corners[2];
  uint8_t empty;
} bounds;
enum shape_kind { SHAPE_CIRCLE = 1, SHAPE_RECTANGLE, SHAPE_POLYGON };
typedef struct shape_info {
  enum shape_kind kind;
  const char* name; /* owned by the shape */
  double area;
  uint64_t serial;
  shape* of;
} shape_info;
/* Returns whether to go on. */
typedef int (*shape_visitor)(const shape_info* info, void* context);

scene* scene_new(const char* title);
void scene_free(scene* of);
/* 0 if there is no such shape already. */
uint64_t scene_add_circle(scene* to, const char* name, vec2 center, double radius);
uint64_t scene_add_rectangle(scene* to, const char* name, bounds box);
uint64_t scene_add_polygon(scene* to, const char* name, const vec2* points, size_t count);
shape* scene_find(scene* in, const char* name);
shape_info shape_describe(const shape* of);
bounds scene_bounds(const scene* of);
double scene_area(const scene* of);
/* The names of the shapes, sorted and with their scene's title; valid until the next call. */
const char* scene_names(scene* of);
int scene_visit(const scene* of, shape_visitor visitor, void* context);
/* The product of two matrices of three rows, by a class template. */
void scene_multiply(const double left[9], const double right[9], double result[9]);

/* What a global constructor left behind, and how many objects there are. */
const char* scene_built_with(void);
int scene_live_objects(void);
/* The next value of a static local, which starts at what a constructor computes. */
int scene_sequence(void);

#ifdef __cplusplus
}

/* Not extern "C", so left out. */
int scene_cxx_only(const scene& of);
#endif

#endif
