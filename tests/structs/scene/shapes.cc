#include "shapes.h"

#include <algorithm>
#include <cmath>

int& Counted::live() {
  static int count = 0;
  return count;
}

Name::Name(std::string text) : text_(std::move(text)) {}

static uint64_t next_serial() {
  static uint64_t serial = uint64_t{1} << 40;  // more than a long of the sandbox holds
  return ++serial;
}

shape::shape(const std::string& name) : name_(name), serial_(next_serial()) {}

void Circle::accept(Visitor& visitor) const { visitor.visit(*this); }
void Rectangle::accept(Visitor& visitor) const { visitor.visit(*this); }
void Polygon::accept(Visitor& visitor) const { visitor.visit(*this); }

void Measure::include(vec2 point) {
  if (box.empty) box.corners[0] = box.corners[1] = point;
  box.empty = 0;
  box.corners[0].x = std::min(box.corners[0].x, point.x);
  box.corners[0].y = std::min(box.corners[0].y, point.y);
  box.corners[1].x = std::max(box.corners[1].x, point.x);
  box.corners[1].y = std::max(box.corners[1].y, point.y);
}

void Measure::visit(const Circle& of) {
  kind = SHAPE_CIRCLE;
  area += std::acos(-1.0) * of.radius * of.radius;
  include({of.center.x - of.radius, of.center.y - of.radius});
  include({of.center.x + of.radius, of.center.y + of.radius});
}

void Measure::visit(const Rectangle& of) {
  kind = SHAPE_RECTANGLE;
  const vec2& low = of.box.corners[0];
  const vec2& high = of.box.corners[1];
  area += (high.x - low.x) * (high.y - low.y);
  include(low);
  include(high);
}

void Measure::visit(const Polygon& of) {
  kind = SHAPE_POLYGON;
  double twice = 0;
  for (std::size_t i = 0; i < of.points.size(); i++) {
    const vec2& a = of.points[i];
    const vec2& b = of.points[(i + 1) % of.points.size()];
    twice += a.x * b.y - b.x * a.y;
    include(a);
  }
  area += std::abs(twice) / 2;
}

uint64_t scene::add(std::unique_ptr<shape> made) {
  const uint64_t serial = made->serial();
  const Name name = made->name();
  return shapes_.emplace(name, std::move(made)).second ? serial : 0;
}

const shape* scene::find(const std::string& name) const {
  const auto found = shapes_.find(Name(name));
  return found == shapes_.end() ? nullptr : found->second.get();
}

const std::string& scene::names() {
  names_ = title_ + ":";
  for (const auto& entry : shapes_) names_ += " " + entry.first.text();
  return names_;
}
