/* The classes of the scene library. */
#ifndef RLBOX_TESTS_SCENE_SHAPES_H_
#define RLBOX_TESTS_SCENE_SHAPES_H_

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scene.h"

// 1: counts the objects that there are.
class Counted {
 public:
  Counted() { live()++; }
  Counted(const Counted&) { live()++; }
  ~Counted() { live()--; }
  static int& live();
};

// 2: a string that no two live objects share.
class Name : public Counted {
 public:
  explicit Name(std::string text);
  const std::string& text() const { return text_; }
  bool operator<(const Name& other) const { return text_ < other.text_; }

 private:
  std::string text_;
};

class Visitor;

// 3: the base of all shapes. Defined here under the name that the C interface declares.
struct shape : public Counted {
 public:
  explicit shape(const std::string& name);
  virtual ~shape() = default;
  virtual void accept(Visitor& visitor) const = 0;
  const Name& name() const { return name_; }
  uint64_t serial() const { return serial_; }

 private:
  Name name_;
  uint64_t serial_;
};

// 4 to 6
class Circle : public shape {
 public:
  Circle(const std::string& name, vec2 center, double radius)
      : shape(name), center(center), radius(radius) {}
  void accept(Visitor& visitor) const override;
  const vec2 center;
  const double radius;
};
class Rectangle : public shape {
 public:
  Rectangle(const std::string& name, const bounds& box) : shape(name), box(box) {}
  void accept(Visitor& visitor) const override;
  const bounds box;
};
class Polygon : public shape {
 public:
  Polygon(const std::string& name, std::vector<vec2> points)
      : shape(name), points(std::move(points)) {}
  void accept(Visitor& visitor) const override;
  const std::vector<vec2> points;
};

// 7
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void visit(const Circle& of) = 0;
  virtual void visit(const Rectangle& of) = 0;
  virtual void visit(const Polygon& of) = 0;
};

// 8: area, bounds and kind of what it visits.
class Measure : public Visitor {
 public:
  void visit(const Circle& of) override;
  void visit(const Rectangle& of) override;
  void visit(const Polygon& of) override;
  double area = 0;
  bounds box = {{{0, 0}, {0, 0}}, 1};
  shape_kind kind = SHAPE_CIRCLE;

 private:
  void include(vec2 point);
};

// 9
template <typename T, std::size_t N>
class Matrix {
 public:
  explicit Matrix(const T* from) {
    for (std::size_t i = 0; i < N * N; i++) cells_[i] = from[i];
  }
  Matrix operator*(const Matrix& other) const {
    Matrix product(*this);
    for (std::size_t i = 0; i < N; i++) {
      for (std::size_t j = 0; j < N; j++) {
        product.cells_[i * N + j] = 0;
        for (std::size_t k = 0; k < N; k++) {
          product.cells_[i * N + j] += cells_[i * N + k] * other.cells_[k * N + j];
        }
      }
    }
    return product;
  }
  void copy_to(T* to) const {
    for (std::size_t i = 0; i < N * N; i++) to[i] = cells_[i];
  }

 private:
  std::array<T, N * N> cells_;
};

// 10
struct scene : public Counted {
 public:
  explicit scene(std::string title) : title_(std::move(title)) {}
  uint64_t add(std::unique_ptr<shape> made);
  const shape* find(const std::string& name) const;
  const std::string& names();
  const std::map<Name, std::unique_ptr<shape>>& shapes() const { return shapes_; }

 private:
  std::string title_;
  std::string names_;
  std::map<Name, std::unique_ptr<shape>> shapes_;
};

#endif
