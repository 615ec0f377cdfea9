// A library whose public header is C++: namespaces, classes, templates and overloads around a few
// extern "C" functions.
#ifndef RLBOX_TESTS_GEO_H_
#define RLBOX_TESTS_GEO_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace geo {

enum class unit : std::uint8_t { meter = 1, mile = 200 };

struct place {
  double latitude;
  unit in;
  struct {
    std::int64_t seconds;
    bool known;
  } seen[2];
  char16_t letter;
  static constexpr int planets = 1;
  bool operator==(const place& other) const { return latitude == other.latitude; }
};

namespace deep {
struct route {
  struct leg {
    place from;
    route* detour;
    std::uint16_t marks[2][2];
  };
  leg legs[2];
  const leg* last;
  std::size_t (*measure)(const leg* of, unit in);
};
}  // namespace deep

// Passes by pointer only: it has a constructor, a destructor and virtual functions.
class Atlas {
 public:
  explicit Atlas(const std::string& title) : title_(title) {}
  virtual ~Atlas() = default;
  virtual std::size_t pages() const { return title_.size(); }

 private:
  std::string title_;
};

template <typename T>
T twice(T value) {
  return value + value;
}
inline namespace v2 {
int only_cxx(const Atlas& of);
}

extern "C" {
place geo_place(double latitude, unit in);
int geo_same(const place* a, const place* b);
deep::route* geo_route(place from, place to);
place geo_end(deep::route of);
std::size_t geo_run(const deep::route* of);
Atlas* geo_atlas(const char* title);
std::size_t geo_pages(const Atlas* of);
void geo_close(Atlas* of);
std::int64_t geo_seen(deep::route::leg of);
}

// A C function and a C++ function of one name, and a struct of another function's name.
int geo_overload(place of);
struct geo_status {
  std::uint64_t code;
};
extern "C" geo_status* geo_status_of(const place* of);
extern "C" std::uint64_t geo_status(const struct geo_status* of);

}  // namespace geo

// At global scope again.
extern "C" int geo_count() noexcept;

#endif
