#include "geo.h"

namespace {
int count = 0;

std::size_t measure(const geo::deep::route::leg* of, geo::unit in) {
  return of->marks[1][1] * static_cast<std::size_t>(in);
}
}  // namespace

namespace geo {

int v2::only_cxx(const Atlas& of) { return static_cast<int>(of.pages()); }
int geo_overload(place of) { return of.seen[0].known; }

extern "C" {

place geo_place(double latitude, unit in) {
  count++;
  place made{};
  made.latitude = latitude;
  made.in = in;
  made.seen[1].seconds = (std::int64_t{1} << 40) + count;
  made.seen[1].known = true;
  made.letter = u'\u00e9';
  return made;
}

int geo_same(const place* a, const place* b) { return *a == *b; }

deep::route* geo_route(place from, place to) {
  auto* made = new deep::route{};
  made->legs[0].from = from;
  made->legs[1].from = to;
  made->legs[0].marks[1][1] = twice<std::uint16_t>(20000);
  made->last = &made->legs[1];
  made->measure = measure;
  return made;
}

place geo_end(deep::route of) { return of.legs[1].from; }
std::size_t geo_run(const deep::route* of) { return of->measure(&of->legs[0], unit::mile); }

Atlas* geo_atlas(const char* title) { return new Atlas(title); }
std::size_t geo_pages(const Atlas* of) { return of->pages(); }
void geo_close(Atlas* of) { delete of; }

std::int64_t geo_seen(deep::route::leg of) { return of.from.seen[1].seconds; }

struct geo_status* geo_status_of(const place* of) {
  static struct geo_status status;
  status.code = ~std::uint64_t{0} - (of->seen[1].known ? 1 : 0);
  return &status;
}
std::uint64_t geo_status(const struct geo_status* of) { return of->code; }

}  // extern "C"

}  // namespace geo

int geo_count() noexcept { return count; }
