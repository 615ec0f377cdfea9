// Four sandboxes in one translation unit, two of which use the same struct.
#include "geo.rlbox.h"
#include "ledger.rlbox.h"
#include "scene.rlbox.h"
#include "shared.rlbox.h"

#include "tests/runtime/harness.hpp"

TEST_CASE("a struct of two libraries") {
  rlbox_sandbox_scene scenes;
  rlbox_sandbox_shared shares;
  rlbox_sandbox_ledger ledgers;
  scenes.create_sandbox();
  shares.create_sandbox();
  ledgers.create_sandbox();
  rlbox_sandbox_geo places;
  places.create_sandbox();
  CHECK(places.invoke_sandbox_function(geo_count).UNSAFE_unverified() == 0);

  tainted_shared<segment> line{};
  line.to.x = 3;
  line.to.y = -4;
  auto p = shares.malloc_in_sandbox<segment>();
  *p = line;
  CHECK(shares.invoke_sandbox_function(shared_length, p).UNSAFE_unverified() == 5);
  const vec2 middle = shares.invoke_sandbox_function(shared_middle, line).UNSAFE_unverified();
  CHECK(middle.x == 1.5 && middle.y == -2);

  auto name = scenes.malloc_in_sandbox<char>(2);
  name[0] = 'n';
  auto scene = scenes.invoke_sandbox_function(scene_new, name);
  tainted_scene<vec2> center{};
  center.x = middle.x;
  center.y = middle.y;
  scenes.invoke_sandbox_function(scene_add_circle, scene, name, center, 1.0);
  const bounds box = scenes.invoke_sandbox_function(scene_bounds, scene).UNSAFE_unverified();
  CHECK(box.corners[0].x == 0.5 && box.corners[1].y == -1);

  const money debt =
      ledgers.invoke_sandbox_function(money_make, -3, EUR).unverified_safe_because("a test");
  CHECK(debt.sign == '-' && debt.cents == 3);
}

HARNESS_MAIN()
