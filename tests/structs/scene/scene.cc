#include "scene.h"

#include "shapes.h"

namespace {

// Built before the first call, destroyed after the last one.
class Builder {
 public:
  Builder() {
    for (const char* part : {"a", "global", "constructor"}) {
      if (!text.empty()) text += ' ';
      text += part;
    }
  }
  std::string text;
};
const Builder builder;

Measure measure(const shape& of) {
  Measure measure;
  of.accept(measure);
  return measure;
}

}  // namespace

int scene_cxx_only(const scene& of) { return static_cast<int>(of.shapes().size()); }

extern "C" {

scene* scene_new(const char* title) { return new scene(title); }
void scene_free(scene* of) { delete of; }

uint64_t scene_add_circle(scene* to, const char* name, vec2 center, double radius) {
  return to->add(std::make_unique<Circle>(name, center, radius));
}
uint64_t scene_add_rectangle(scene* to, const char* name, bounds box) {
  return to->add(std::make_unique<Rectangle>(name, box));
}
uint64_t scene_add_polygon(scene* to, const char* name, const vec2* points, size_t count) {
  return to->add(std::make_unique<Polygon>(name, std::vector<vec2>(points, points + count)));
}

shape* scene_find(scene* in, const char* name) { return const_cast<shape*>(in->find(name)); }

shape_info shape_describe(const shape* of) {
  const Measure measured = measure(*of);
  return {measured.kind, of->name().text().c_str(), measured.area, of->serial(),
          const_cast<shape*>(of)};
}

bounds scene_bounds(const scene* of) {
  Measure all;
  for (const auto& entry : of->shapes()) entry.second->accept(all);
  return all.box;
}

double scene_area(const scene* of) {
  Measure all;
  for (const auto& entry : of->shapes()) entry.second->accept(all);
  return all.area;
}

const char* scene_names(scene* of) { return of->names().c_str(); }

int scene_visit(const scene* of, shape_visitor visitor, void* context) {
  int visited = 0;
  for (const auto& entry : of->shapes()) {
    const shape_info info = shape_describe(entry.second.get());
    visited++;
    if (!visitor(&info, context)) break;
  }
  return visited;
}

void scene_multiply(const double left[9], const double right[9], double result[9]) {
  (Matrix<double, 3>(left) * Matrix<double, 3>(right)).copy_to(result);
}

const char* scene_built_with(void) { return builder.text.c_str(); }
int scene_live_objects(void) { return Counted::live(); }

int scene_sequence(void) {
  static int next = static_cast<int>(std::string(3, 'x').append("yz").size());
  return next++;
}
}
