#include "tests/exceptions/queries.h"

#include <exception>
#include <memory>
#include <utility>

namespace {

struct place {
  const char* error = "";
  long offset = 0;
};

class query_error : public std::exception {
 public:
  explicit query_error(place where) : where_(where) {}
  const char* what() const noexcept override { return where_.error; }
  const place& result() const { return where_; }

 private:
  place where_;
};

struct node {
  virtual ~node() = default;
  virtual std::string text() const = 0;
};

struct leaf : node {
  explicit leaf(std::string text) : text_(std::move(text)) {}
  std::string text() const override { return text_; }
  std::string text_;
};

struct pair : node {
  pair(char sign, std::unique_ptr<node> left, std::unique_ptr<node> right)
      : sign(sign), left(std::move(left)), right(std::move(right)) {}
  std::string text() const override { return "(" + left->text() + sign + right->text() + ")"; }
  char sign;
  std::unique_ptr<node> left, right;
};

class parser {
 public:
  explicit parser(const char* query) : begin_(query), at_(query) {}

  std::unique_ptr<node> parse() {
    std::unique_ptr<node> made = expression(0);
    if (*at_ != '\0') fail("Incorrect query");
    return made;
  }

 private:
  [[noreturn]] void fail(const char* error) const {
    place where;
    where.error = error;
    where.offset = static_cast<long>(at_ - begin_);
    throw query_error(where);
  }

  std::unique_ptr<node> expression(int level) {
    static const char signs[] = {'/', '+', '*'};
    if (level == 3) return primary();
    std::unique_ptr<node> left = expression(level + 1);
    while (*at_ == signs[level]) {
      ++at_;
      std::unique_ptr<node> right = expression(level + 1);
      left = std::make_unique<pair>(signs[level], std::move(left), std::move(right));
    }
    if (*at_ == '[') {
      ++at_;
      std::unique_ptr<node> right = expression(0);
      if (*at_ != ']') fail("Expected ] to match an opening [");
      ++at_;
      left = std::make_unique<pair>('?', std::move(left), std::move(right));
    }
    return left;
  }

  std::unique_ptr<node> primary() {
    if (*at_ == '(') {
      ++at_;
      std::unique_ptr<node> inner = expression(0);
      if (*at_ != ')') fail("Expected ) to match an opening (");
      ++at_;
      return inner;
    }
    std::string text;
    while ((*at_ >= '0' && *at_ <= '9') || (*at_ >= 'a' && *at_ <= 'z')) text += *at_++;
    if (text.empty()) fail("Unrecognized node test");
    return std::make_unique<leaf>(text);
  }

  const char* begin_;
  const char* at_;
};

}  // namespace

std::string query_text(const char* query) {
  try {
    return parser(query).parse()->text();
  } catch (const query_error& error) {
    return std::string(error.what()) + " at " + std::to_string(error.result().offset);
  }
}
