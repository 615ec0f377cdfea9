// A library with a C++ header: its structs are in namespaces and in classes.
#include "geo.rlbox.h"

#include <cstring>
#include <string>

#include "tests/runtime/harness.hpp"

using geo::geo_atlas;
using geo::geo_close;
using geo::geo_end;
using geo::geo_pages;
using geo::geo_place;
using geo::geo_route;
using geo::geo_run;
using geo::geo_same;
using geo::geo_seen;
using geo::geo_status_of;

namespace {
struct fixture {
  rlbox_sandbox_geo sandbox;
  fixture() { sandbox.create_sandbox(); }
  ~fixture() { sandbox.destroy_sandbox(); }
  auto place(double latitude) {
    return sandbox.invoke_sandbox_function(geo_place, latitude, geo::unit::mile);
  }
};
}  // namespace

TEST_CASE_METHOD(fixture, "enum classes, unnamed structs and static members") {
  const tainted_geo<geo::place> place = this->place(48.5);
  CHECK(place.latitude.UNSAFE_unverified() == 48.5);
  CHECK(place.in.UNSAFE_unverified() == geo::unit::mile);
  CHECK(place.seen[1].known.UNSAFE_unverified());
  CHECK(!place.seen[0].known.UNSAFE_unverified());
  CHECK(place.seen[1].seconds.UNSAFE_unverified() > int64_t{1} << 40);
  CHECK(place.letter.UNSAFE_unverified() == u'\u00e9');
  const geo::place plain = place.UNSAFE_unverified();
  CHECK(plain.seen[1].seconds > int64_t{1} << 40);

  auto p = sandbox.malloc_in_sandbox<geo::place>(2);
  p[0] = place;
  *(p + 1) = this->place(-1);
  CHECK(sandbox.invoke_sandbox_function(geo_same, p, p + 1).UNSAFE_unverified() == 0);
  p[1].latitude = 48.5;
  CHECK(sandbox.invoke_sandbox_function(geo_same, p, p + 1).UNSAFE_unverified() == 1);
}

TEST_CASE_METHOD(fixture, "structs in structs, by value and by pointer") {
  auto route = sandbox.invoke_sandbox_function(geo_route, place(1), place(2));
  CHECK(route->legs[1].from.latitude.UNSAFE_unverified() == 2);
  CHECK(route->legs[0].marks[1][1].UNSAFE_unverified() == 40000);
  CHECK(route->last->from.latitude.UNSAFE_unverified() == 2);
  route->legs[1].from.latitude = 3.0;
  const tainted_geo<geo::deep::route> copy = *route;
  CHECK(sandbox.invoke_sandbox_function(geo_end, copy).latitude.UNSAFE_unverified() == 3);
  CHECK(sandbox.invoke_sandbox_function(geo_run, route).UNSAFE_unverified() == 8000000);
  tainted_geo<geo::deep::route::leg> leg = route->legs[0];
  CHECK(sandbox.invoke_sandbox_function(geo_seen, leg).UNSAFE_unverified() > int64_t{1} << 40);
}

TEST_CASE_METHOD(fixture, "classes behind pointers") {
  auto title = sandbox.malloc_in_sandbox<char>(40);
  rlbox::memcpy(sandbox, title, "a title that is no small string", 32);
  auto atlas = sandbox.invoke_sandbox_function(geo_atlas, title);
  CHECK(sandbox.invoke_sandbox_function(geo_pages, atlas).UNSAFE_unverified() == 31);
  sandbox.invoke_sandbox_function(geo_close, atlas);
}

TEST_CASE_METHOD(fixture, "a struct with the name of a function") {
  auto p = sandbox.malloc_in_sandbox<geo::place>();
  *p = place(0);
  auto status = sandbox.invoke_sandbox_function(geo_status_of, p);
  CHECK(status->code.UNSAFE_unverified() == ~uint64_t{0} - 1);
  const int before = sandbox.invoke_sandbox_function(geo_count).UNSAFE_unverified();
  place(1);
  CHECK(sandbox.invoke_sandbox_function(geo_count).UNSAFE_unverified() == before + 1);
}

HARNESS_MAIN()
