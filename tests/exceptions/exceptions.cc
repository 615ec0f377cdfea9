#include "tests/exceptions/exceptions.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/exceptions/queries.h"

namespace {

struct loud {
  explicit loud(const char* name) : name(name) { std::printf("+%s\n", name); }
  loud(const loud& other) : name(other.name) { std::printf("copy %s\n", name); }
  ~loud() { std::printf("-%s\n", name); }
  const char* name;
};

class parse_error : public std::runtime_error {
 public:
  parse_error(const std::string& text, int line)
      : std::runtime_error(text + " in line " + std::to_string(line)), line(line) {}
  int line;
};

struct base {
  virtual ~base() = default;
  virtual int id() const { return 1; }
};
struct left : virtual base {
  int id() const override { return 2; }
};
struct right : virtual base {
  int id() const override { return 3; }
};
struct both : left, right {
  int id() const override { return 4; }
};

[[gnu::noinline]] int deep(int depth, int where) {
  loud here("deep");
  if (depth == where) {
    throw parse_error("bad", depth);
  }
  return depth == 0 ? 0 : deep(depth - 1, where) + 1;
}

void through_functions(int n) {
  try {
    std::printf("deep %d\n", deep(3, n));
  } catch (const parse_error& error) {
    std::printf("caught %s (%d)\n", error.what(), error.line);
  }
}

void rethrow(int n) {
  try {
    loud outer("outer");
    try {
      loud inner("inner");
      if (n == 1) throw std::out_of_range("first");
      if (n == 2) throw 7;
      if (n == 3) throw "text";
    } catch (const std::logic_error& error) {
      loud in_catch("in catch");
      std::printf("again %s\n", error.what());
      throw;
    } catch (int number) {
      std::printf("int %d\n", number);
      throw number + 0.5;
    } catch (...) {
      std::puts("everything");
      throw;
    }
  } catch (const std::exception& error) {
    std::printf("outside %s\n", error.what());
  } catch (double number) {
    std::printf("outside %g\n", number);
  } catch (const char* text) {
    std::printf("outside %s\n", text);
  }
}

void nested(int n) {
  for (int i = 0; i < 4; ++i) {
    try {
      loud turn("turn");
      if (i == n) continue;
      if (i == n + 2) break;
      try {
        if (i % 2 == 1) throw i;
        std::printf("turn %d\n", i);
      } catch (int caught) {
        try {
          loud both_live("second");
          throw std::string("while handling ") + std::to_string(caught);
        } catch (const std::string& text) {
          std::printf("%s, uncaught %d\n", text.c_str(), std::uncaught_exceptions());
        }
        if (caught == 3) throw;
      }
    } catch (int caught) {
      std::printf("at last %d\n", caught);
    }
  }
}

void types(int n) {
  try {
    if (n == 0) throw both();
    if (n == 1) throw left();
    if (n == 2) throw static_cast<base*>(nullptr);
    if (n == 3) throw std::make_shared<int>(9);
  } catch (const right& caught) {
    const base& as_base = caught;
    std::printf("right %d, left %d\n", caught.id(), dynamic_cast<const left*>(&as_base) != nullptr);
  } catch (base& caught) {
    std::printf("base %d, right %d\n", caught.id(), dynamic_cast<right*>(&caught) != nullptr);
    try {
      std::printf("%d\n", dynamic_cast<right&>(caught).id());
    } catch (const std::bad_cast&) {
      std::puts("bad cast");
    }
  } catch (base* pointer) {
    std::printf("pointer %d\n", pointer == nullptr);
  } catch (const std::shared_ptr<int>& shared) {
    std::printf("shared %d of %ld\n", *shared, shared.use_count());
  }
}

/* Functions that are compiled into libc++.a. */
void library(int n) {
  try {
    const std::vector<int> numbers = {1, 2, 3};
    const std::map<std::string, int> map = {{"a", 1}};
    if (n == 0) std::printf("%d\n", numbers.at(3));
    if (n == 1) std::printf("%d\n", std::stoi("none"));
    if (n == 2) std::printf("%d\n", std::stoi("99999999999"));
    if (n == 3) std::printf("%d\n", map.at("b"));
    if (n == 4) std::printf("%s\n", std::string("abc").substr(4).c_str());
    if (n == 5) std::function<void()>()();
    if (n == 6) {
      std::istringstream stream("x");
      stream.exceptions(std::ios::failbit);
      int number = 0;
      stream >> number;
    }
    if (n == 7) {
      volatile std::size_t bytes = static_cast<std::size_t>(-1) - 4096;
      std::memset(::operator new(bytes), 1, 1);
    }
    std::printf("%d\n", std::stoi("42"));
  } catch (const std::out_of_range&) {
    std::puts("out of range");
  } catch (const std::invalid_argument&) {
    std::puts("invalid argument");
  } catch (const std::bad_function_call&) {
    std::puts("bad function call");
  } catch (const std::ios_base::failure&) {
    std::puts("stream failure");
  } catch (const std::bad_alloc&) {
    std::puts("bad alloc");
  }
}

void pointers(int n) {
  std::exception_ptr kept;
  try {
    loud here("kept");
    throw parse_error("kept", n);
  } catch (...) {
    kept = std::current_exception();
  }
  for (int i = 0; i < 2; ++i) {
    try {
      std::rethrow_exception(kept);
    } catch (const parse_error& error) {
      std::printf("%s\n", error.what());
    }
  }
  try {
    try {
      throw std::runtime_error("inside");
    } catch (...) {
      std::throw_with_nested(std::logic_error("outside"));
    }
  } catch (const std::exception& error) {
    std::printf("%s:", error.what());
    try {
      std::rethrow_if_nested(error);
    } catch (const std::exception& inside) {
      std::printf(" %s\n", inside.what());
    }
  }
}

struct member {
  explicit member(int n)
      : first("first"), number(n == 0 ? throw std::length_error("member") : n), second("second") {}
  loud first;
  int number;
  loud second;
};

void constructors(int n) try {
  const std::unique_ptr<member> made = std::make_unique<member>(n);
  std::printf("made %d\n", made->number);
  member list[3] = {member(n), member(n - 1), member(n - 2)};
  std::printf("list %d\n", list[2].number);
} catch (const std::length_error& error) {
  std::printf("not made: %s\n", error.what());
}

struct throws_later {
  ~throws_later() noexcept(false) {
    if (std::uncaught_exceptions() == 0) throw 5;
    std::puts("quiet");
  }
};

void destructors(int n) {
  try {
    loud around("around");
    throws_later object;
    if (n == 1) throw 6;
  } catch (int number) {
    std::printf("%d\n", number);
  }
}

void queries(int n) {
  const char* const texts[] = {"a/b[1]", "a/[", "((1+2)*3", "1+*", "12*3+4", ")", ""};
  std::printf("%s\n", query_text(texts[n % 7]).c_str());
}

using function = void (*)(int);
const function functions[] = {through_functions, rethrow,      nested,      types,  library,
                              pointers,          constructors, destructors, queries};

}  // namespace

int32_t exceptions_run(int32_t number, int32_t argument) {
  if (number < 0 || number >= static_cast<int32_t>(sizeof functions / sizeof *functions)) {
    return 0;
  }
  functions[number](argument);
  std::fflush(stdout);
  return 1;
}

int32_t exceptions_escape(int32_t kind) {
  loud here("escape");
  switch (kind) {
    case 1:
      throw parse_error("bad", 3);
    case 2:
      throw 5;
    case 3:
      throw std::runtime_error(std::string(1000, 'x') + "\n'\"");
    case 4:
      try {
        throw std::runtime_error("a 'quoted'\n\"text\"");
      } catch (...) {
        loud again("again");
        throw;
      }
    case 5:
      std::rethrow_exception(std::make_exception_ptr(std::logic_error("by pointer")));
    case 6: {
      struct silent : std::exception {
        const char* what() const noexcept override { return nullptr; }
      };
      throw silent();
    }
    case 7:
      throw std::vector<std::map<std::string, int>>();
    default:
      return 42;
  }
}

int32_t exceptions_terminate() {
  const auto promised = []() noexcept { return exceptions_escape(1); };
  return promised();
}

int32_t exceptions_loop(int32_t times) {
  int32_t caught = 0;
  for (int32_t i = 0; i < times; ++i) {
    try {
      if (i % 2 == 0) throw i;
      throw std::runtime_error("odd");
    } catch (int number) {
      caught += number - i + 1;
    } catch (const std::runtime_error&) {
      ++caught;
    }
  }
  return caught;
}

namespace {
[[gnu::noinline]] int32_t may_throw(int32_t number) {
  if (number < 0) throw number;
  return number & 1;
}
}  // namespace

int32_t exceptions_enter(int32_t times) {
  int32_t sum = 0;
  for (int32_t i = 0; i < times; ++i) {
    try {
      sum += may_throw(i);
    } catch (int) {
      return -1;
    }
  }
  return sum;
}

int32_t exceptions_call(int32_t (*callback)(int32_t), int32_t argument) {
  try {
    return callback(argument);
  } catch (...) {
    return -1;
  }
}

int32_t exceptions_call_in_catch(int32_t (*callback)(int32_t), int32_t argument) {
  try {
    throw argument;
  } catch (int number) {
    const int32_t result = callback(number);
    try {
      throw std::to_string(result);
    } catch (const std::string& text) {
      if (text == "0") throw;
      return static_cast<int32_t>(text.size()) + number;
    }
  }
}

namespace {
std::jmp_buf environment;
[[gnu::noinline]] void jump(int32_t argument) {
  try {
    if (argument == 1) throw argument;
    std::longjmp(environment, argument);
  } catch (int) {
    std::longjmp(environment, 100);
  }
}
}  // namespace

int32_t exceptions_jump(int32_t argument) {
  volatile int32_t count = 0;
  const int jumped = setjmp(environment);
  if (jumped != 0) {
    try {
      throw jumped;
    } catch (int number) {
      return number + count;
    }
  }
  ++count;
  try {
    may_throw(-1);
  } catch (int) {
    count += 10;
  }
  jump(argument);
  return -1;
}
