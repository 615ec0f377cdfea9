// A C++ library of ten classes behind a C interface, sandboxed without a list of exports or
// structs.
#include "scene.rlbox.h"

#include <cmath>
#include <memory>
#include <string>

#include "tests/runtime/harness.hpp"

namespace {

std::string copy(tainted_scene<const char*> from) {
  return from.copy_and_verify_string(
      [](std::unique_ptr<char[]> s) { return std::string(s.get()); });
}

struct fixture {
  rlbox_sandbox_scene sandbox;
  tainted_scene<scene*> all;

  fixture() {
    sandbox.create_sandbox();
    all = sandbox.invoke_sandbox_function(scene_new, text("title"));
  }
  ~fixture() { sandbox.destroy_sandbox(); }

  tainted_scene<const char*> text(const std::string& from) {
    const auto size = static_cast<uint32_t>(from.size() + 1);
    auto to = sandbox.malloc_in_sandbox<char>(size);
    rlbox::memcpy(sandbox, to, from.c_str(), size);
    return to;
  }
  static tainted_scene<vec2> point(double x, double y) {
    tainted_scene<vec2> made{};
    made.x = x;
    made.y = y;
    return made;
  }
  uint64_t add_circle(const std::string& name, double x, double y, double radius) {
    return sandbox.invoke_sandbox_function(scene_add_circle, all, text(name), point(x, y), radius)
        .UNSAFE_unverified();
  }
  uint64_t add_box(const std::string& name, double x, double y) {
    tainted_scene<bounds> box{};
    box.corners[1] = point(x, y);
    return sandbox.invoke_sandbox_function(scene_add_rectangle, all, text(name), box)
        .UNSAFE_unverified();
  }
  uint64_t add_triangle(const std::string& name) {
    auto points = sandbox.malloc_in_sandbox<vec2>(3);
    points[0] = point(0, 0);
    points[1] = point(-4, 0);
    points[2].x = 0.0;
    points[2].y = -3.0;
    return sandbox.invoke_sandbox_function(scene_add_polygon, all, text(name), points, 3)
        .UNSAFE_unverified();
  }
  int live() { return sandbox.invoke_sandbox_function(scene_live_objects).UNSAFE_unverified(); }
};

}  // namespace

TEST_CASE_METHOD(fixture, "global constructors and static locals") {
  CHECK(copy(sandbox.invoke_sandbox_function(scene_built_with)) == "a global constructor");
  auto next = [&] { return sandbox.invoke_sandbox_function(scene_sequence).UNSAFE_unverified(); };
  const int first = next();
  CHECK(first >= 5);
  CHECK(next() == first + 1);
}

TEST_CASE_METHOD(fixture, "virtual functions, maps and vectors") {
  const uint64_t serial = add_circle("c", 1, 1, 2);
  CHECK(serial > uint64_t{1} << 40);
  CHECK(add_circle("c", 0, 0, 1) == 0);
  CHECK(add_box("a box with a name that no small string holds", 3, 2) == serial + 2);
  CHECK(add_triangle("b") == serial + 3);
  CHECK(std::abs(sandbox.invoke_sandbox_function(scene_area, all).UNSAFE_unverified() -
                 (4 * std::acos(-1.0) + 6 + 6)) < 1e-9);
  CHECK(copy(sandbox.invoke_sandbox_function(scene_names, all)) ==
        "title: a box with a name that no small string holds b c");
  const auto box = sandbox.invoke_sandbox_function(scene_bounds, all).UNSAFE_unverified();
  CHECK(box.corners[0].x == -4 && box.corners[0].y == -3);
  CHECK(box.corners[1].x == 3 && box.corners[1].y == 3 && !box.empty);
}

TEST_CASE_METHOD(fixture, "structs with strings, enums, 64-bit numbers and opaque pointers") {
  const uint64_t serial = add_triangle("triangle");
  const auto found = sandbox.invoke_sandbox_function(scene_find, all, text("triangle"));
  const auto info = sandbox.invoke_sandbox_function(shape_describe, found);
  CHECK(info.kind.UNSAFE_unverified() == SHAPE_POLYGON);
  CHECK(info.area.UNSAFE_unverified() == 6);
  CHECK(info.serial.UNSAFE_unverified() == serial);
  CHECK(copy(info.name) == "triangle");
  CHECK((info.of == found).unverified_safe_because("a test"));
  CHECK(sandbox.invoke_sandbox_function(scene_find, all, text("none")) == nullptr);
}

namespace {

std::string visited;
tainted_scene<int> visit(rlbox_sandbox_scene& sandbox, tainted_scene<const shape_info*> info,
                         tainted_scene<void*> context) {
  visited += copy(info->name) + " ";
  auto count = rlbox::sandbox_reinterpret_cast<int*>(context);
  *count = *count + 1;
  // into the library again while it iterates
  return sandbox.invoke_sandbox_function(shape_describe, info->of).kind.UNSAFE_unverified() ==
                 SHAPE_CIRCLE
             ? 0
             : 1;
}

}  // namespace

TEST_CASE_METHOD(fixture, "callbacks") {
  add_triangle("1");
  add_box("2", 1, 1);
  add_circle("3", 0, 0, 1);
  add_box("4", 1, 1);
  auto callback = sandbox.register_callback(visit);
  auto count = sandbox.malloc_in_sandbox<int>();
  *count = 0;
  visited.clear();
  const auto steps = sandbox.invoke_sandbox_function(scene_visit, all, callback,
                                                     rlbox::sandbox_reinterpret_cast<void*>(count));
  CHECK(steps.UNSAFE_unverified() == 3);
  CHECK(visited == "1 2 3 ");
  CHECK((*count).UNSAFE_unverified() == 3);
}

TEST_CASE_METHOD(fixture, "templates") {
  auto matrices = sandbox.malloc_in_sandbox<double>(27);
  for (int i = 0; i < 9; i++) {
    matrices[i] = static_cast<double>(i);
    matrices[9 + i] = static_cast<double>(i % 4 == 0 ? 2 : 0);
  }
  sandbox.invoke_sandbox_function(scene_multiply, matrices, matrices + 9, matrices + 18);
  for (int i = 0; i < 9; i++) CHECK(matrices[18 + i].UNSAFE_unverified() == 2 * i);
}

TEST_CASE_METHOD(fixture, "strings and objects of many calls") {
  const int before = live();
  for (int i = 0; i < 300; i++) {
    CHECK(add_circle("a name too long for a small string: " + std::to_string(i), i, i, 1) != 0);
  }
  // a shape, its name and the name in the map
  CHECK(live() == before + 900);
  CHECK(copy(sandbox.invoke_sandbox_function(scene_names, all)).size() > 300 * 36);
  sandbox.invoke_sandbox_function(scene_free, all);
  CHECK(live() == before - 1);
}

HARNESS_MAIN()
