// Test frameworks take expressions apart: a decomposer captures the left operand of a comparison,
// and a stringifier asks whether a value can be printed. This is a stand-in of those overloads in
// the shape that Catch2 v2 has (docs/contract.md, "Operators").
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <ostream>
#include <sstream>

using rlbox::tainted;
using rlbox::tainted_boolean_hint;
using rlbox::tainted_volatile;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace probes {

// ---- is a value printable? ----

template <typename T, typename = void>
struct is_printable : std::false_type {};
template <typename T>
struct is_printable<
    T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

template <typename T>
std::string to_text(const T& value) {
  if constexpr (is_printable<T>::value) {
    std::ostringstream out;
    out << value;
    return out.str();
  } else {
    return "{?}";
  }
}

// ---- taking a comparison apart ----

template <typename L, typename R>
struct binary_expression {
  bool result;
  std::string text;
};

// A framework wants a result that converts to bool explicitly or implicitly.
template <typename L, typename R>
bool compare_equal(const L& lhs, const R& rhs) {
  return static_cast<bool>(lhs == rhs);
}
// Literals 0 and NULL are compared with pointers through overloads of their own.
template <typename T>
bool compare_equal(T* const& lhs, int rhs) {
  return lhs == reinterpret_cast<const void*>(static_cast<std::intptr_t>(rhs));
}
template <typename L, typename R>
bool compare_unequal(const L& lhs, const R& rhs) {
  return static_cast<bool>(lhs != rhs);
}

template <typename L>
class captured {
  const L& lhs;

 public:
  explicit captured(const L& value) : lhs(value) {}

  template <typename R>
  binary_expression<L, R> operator==(const R& rhs) const {
    return {compare_equal(lhs, rhs), to_text(lhs) + " == " + to_text(rhs)};
  }
  template <typename R>
  binary_expression<L, R> operator!=(const R& rhs) const {
    return {compare_unequal(lhs, rhs), to_text(lhs) + " != " + to_text(rhs)};
  }
  template <typename R>
  binary_expression<L, R> operator>(const R& rhs) const {
    return {static_cast<bool>(lhs > rhs), to_text(lhs) + " > " + to_text(rhs)};
  }
  template <typename R>
  binary_expression<L, R> operator&&(const R&) const = delete;
  template <typename R>
  binary_expression<L, R> operator||(const R&) const = delete;

  bool as_bool() const { return static_cast<bool>(lhs); }
  std::string text() const { return to_text(lhs); }
};

// `decomposer() <= value` captures; both the member and any free operator are candidates.
struct decomposer {
  template <typename T>
  captured<T> operator<=(const T& value) const {
    return captured<T>(value);
  }
};

}  // namespace probes

// The expression has a <= in front on purpose.
#pragma GCC diagnostic ignored "-Wparentheses"
#define DECOMPOSE(...) (::probes::decomposer() <= __VA_ARGS__)

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
};
struct unrelated {};
template <typename L, typename R, typename = void>
struct has_shift : std::false_type {};
template <typename L, typename R>
struct has_shift<L, R, std::void_t<decltype(std::declval<L&>() << std::declval<const R&>())>>
    : std::true_type {};
}  // namespace

TEST_CASE_METHOD(fixture, "Catch: a decomposer takes tainted values") {
  tainted<int*, S> p = sandbox.malloc_in_sandbox<int>();
  tainted<int*, S> null = nullptr;
  CHECK(DECOMPOSE(p != nullptr).result);
  CHECK(DECOMPOSE(null == nullptr).result);
  CHECK(DECOMPOSE(p.UNSAFE_unverified() != nullptr).result);
  CHECK(DECOMPOSE(p != nullptr).text.find("{?} != ") == 0);
  CHECK(DECOMPOSE(p).as_bool());
  CHECK(!DECOMPOSE(null).as_bool());
  CHECK(DECOMPOSE(p).text() == "{?}");
  tainted<int, S> value = 7;
  CHECK_TYPE(SINGLE(probes::captured<tainted<int, S>>), DECOMPOSE(value));
  CHECK_TYPE(SINGLE(probes::captured<tainted<int*, S>>), DECOMPOSE(p));
  CHECK_TYPE(SINGLE(probes::captured<tainted_volatile<int, S>>), DECOMPOSE(*p));
  CHECK_TYPE(SINGLE(probes::captured<tainted_boolean_hint>), DECOMPOSE((*p == 1)));
  CHECK(DECOMPOSE(value.UNSAFE_unverified() == 7).text == "7 == 7");
  CHECK(DECOMPOSE(value).text() == "{?}");
  CHECK(DECOMPOSE(value.copy_and_verify([](int v) { return v; }) == 7).result);
  tainted<bool, S> yes = true;
  CHECK(DECOMPOSE(yes.UNSAFE_unverified()).as_bool());
}

TEST_CASE("Catch: a stringifier's question has an answer") {
  using probes::is_printable;
  static_assert(is_printable<int>::value && is_printable<const char*>::value);
  static_assert(!is_printable<tainted<int, S>>::value);
  static_assert(!is_printable<tainted<bool, S>>::value);
  static_assert(!is_printable<tainted<int*, S>>::value);
  static_assert(!is_printable<tainted<void*, S>>::value);
  static_assert(!is_printable<tainted<char*, S>>::value);
  static_assert(!is_printable<tainted<int (*)(int), S>>::value);
  static_assert(!is_printable<tainted<int[4], S>>::value);
  static_assert(!is_printable<tainted_volatile<int, S>>::value);
  static_assert(!is_printable<tainted_volatile<int*, S>>::value);
  static_assert(!is_printable<rlbox::tainted_opaque<int, S>>::value);
  static_assert(!is_printable<rlbox::tainted_boolean_hint>::value);
  static_assert(!is_printable<rlbox::tainted_int_hint>::value);
  static_assert(!is_printable<rlbox::sandbox_callback<int (*)(int), S>>::value);
  static_assert(!is_printable<rlbox::app_pointer<int*, S>>::value);
  // other streams and other classes on the left get no operator either
  static_assert(!has_shift<std::wostream, tainted<int*, S>>::value);
  static_assert(!has_shift<std::ostringstream, tainted<int, S>>::value);
  static_assert(!has_shift<unrelated, tainted<int, S>>::value);
  static_assert(!has_shift<unrelated, tainted<int*, S>>::value);
  static_assert(has_shift<int, tainted<int, S>>::value);
  CHECK(probes::to_text(tainted<int*, S>(nullptr)) == "{?}");
}
