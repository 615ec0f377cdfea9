#include "tests/throws/throws.h"

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace parsers {

class syntax_error : public std::runtime_error {
 public:
  explicit syntax_error(const std::string& what) : std::runtime_error(what) {}
};

template <typename T>
struct failure {
  T value;
};

struct shape {
  virtual ~shape() = default;
};
struct circle : shape {};
struct square : virtual shape {};
struct both : circle, square {};

}  // namespace parsers

namespace {

int32_t raise(int32_t kind) {
  std::string text = "text " + std::to_string(kind);
  switch (kind) {
    case 1:
      throw std::runtime_error(text);
    case 2:
      throw parsers::syntax_error(text);
    case 3:
      throw 5;
    case 4:
      throw "a text";
    case 5:
      throw parsers::failure<int>{7};
    case 6:
      throw;
    case 7: {
      struct local {};
      throw local();
    }
    default:
      return 42;
  }
}

}  // namespace

int32_t throws_kind(int32_t kind) {
  try {
    return raise(kind);
  } catch (const std::exception& error) {
    return static_cast<int32_t>(std::strlen(error.what()));
  } catch (...) {
    return -1;
  }
}

int32_t throws_cast(int32_t kind) {
  std::unique_ptr<parsers::shape> made;
  if (kind == 1) {
    made = std::make_unique<parsers::circle>();
  } else if (kind == 2) {
    made = std::make_unique<parsers::square>();
  } else {
    made = std::make_unique<parsers::shape>();
  }
  int32_t result = dynamic_cast<parsers::circle*>(made.get()) != nullptr ? 10 : 0;
  result += dynamic_cast<parsers::square*>(made.get()) != nullptr ? 100 : 0;
  parsers::both twice;
  parsers::circle& first = twice;
  result += dynamic_cast<parsers::square*>(&first) != nullptr ? 1000 : 0;
  const parsers::shape& seen = *made;
  return result + (typeid(seen) == typeid(parsers::shape) ? 1 : 0);
}

#ifdef __wasm__
namespace {
// A type's description, made by hand.
struct fake {
  const void* functions;
  const char* name;
};
}  // namespace

extern "C" [[noreturn]] void __cxa_throw(void*, std::type_info*, void* (*)(void*));

void throws_text(const char* text) {
  static fake description;
  description.name = text;
  __cxa_throw(nullptr, reinterpret_cast<std::type_info*>(&description), nullptr);
}
#else
void throws_text(const char*) {}
#endif
