#ifndef RLBOX_INTERNAL_OPERATORS_HPP_
#define RLBOX_INTERNAL_OPERATORS_HPP_
/// \file
/// Operators with two operands, at least one of which is a wrapper.
///
/// All of them are free templates that accept wrappers of one sandbox type, hints and plain scalars
/// in either position, and nothing else: other libraries' expression templates and stream probes
/// see no candidate. Results are tainted, in the type that C++ gives the same expression on the
/// application's types.

#include <climits>
#include <cstdint>
#include <iosfwd>
#include <type_traits>
#include <utility>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/policy_types.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/tainted_base.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

#if defined(__GNUC__) || defined(__clang__)
// The conversions below are those of the user's own expression, which must not warn here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wfloat-equal"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#endif

namespace rlbox {
namespace detail {

/// A tainted or tainted_volatile number, enum or pointer.
template <typename T>
inline constexpr bool is_wrapped_operand_v =
    rlbox_is_tainted_or_vol_v<T> &&
    (is_fundamental_or_enum_v<payload_t<T>> || std::is_pointer_v<payload_t<T>>);

/// What the payload of an operand contributes to an expression.
template <typename T>
inline constexpr bool is_other_operand_v =
    is_plain_operand_v<std::remove_cv_t<T>> || rlbox_is_tainted_boolean_hint_v<T>;

template <typename T_Lhs, typename T_Rhs>
constexpr bool are_operands() {
  if constexpr (is_wrapped_operand_v<T_Lhs> && is_wrapped_operand_v<T_Rhs>) {
    return true;  // of two sandbox types: diagnosed
  } else if constexpr (is_wrapped_operand_v<T_Lhs>) {
    return is_other_operand_v<T_Rhs>;
  } else if constexpr (is_wrapped_operand_v<T_Rhs>) {
    return std::is_arithmetic_v<T_Lhs> || std::is_null_pointer_v<T_Lhs>;
  } else {
    return false;
  }
}

/// True if the operands belong to different sandbox types.
template <typename T_Lhs, typename T_Rhs>
inline constexpr bool are_sandboxes_mixed_v =
    is_wrapped_operand_v<T_Lhs> && is_wrapped_operand_v<T_Rhs> &&
    !std::is_same_v<wrapper_sandbox_t<T_Lhs>, wrapper_sandbox_t<T_Rhs>>;

template <typename T_Lhs, typename T_Rhs>
RLBOX_DETAIL_ALWAYS_INLINE void check_same_sandbox() {
  constexpr bool mixed = are_sandboxes_mixed_v<T_Lhs, T_Rhs>;
  rlbox_detail_static_fail_because(
      mixed, "RLBox: values of different sandbox types cannot be combined. Verify one first.");
}

/// The sandbox type of an expression.
template <typename T_Lhs, typename T_Rhs>
using operands_sandbox_t = std::conditional_t<is_wrapped_operand_v<T_Lhs>, wrapper_sandbox_t<T_Lhs>,
                                              wrapper_sandbox_t<T_Rhs>>;

#define RLBOX_DETAIL_DEFINE_OPERATION(NAME, OP)                                            \
  struct op_##NAME {                                                                       \
    template <typename A, typename B>                                                      \
    RLBOX_DETAIL_ALWAYS_INLINE static constexpr auto apply(A a, B b) -> decltype(a OP b) { \
      return a OP b;                                                                       \
    }                                                                                      \
  }
RLBOX_DETAIL_DEFINE_OPERATION(add, +);
RLBOX_DETAIL_DEFINE_OPERATION(sub, -);
RLBOX_DETAIL_DEFINE_OPERATION(mul, *);
RLBOX_DETAIL_DEFINE_OPERATION(div, /);
RLBOX_DETAIL_DEFINE_OPERATION(mod, %);
RLBOX_DETAIL_DEFINE_OPERATION(bit_xor, ^);
RLBOX_DETAIL_DEFINE_OPERATION(bit_and, &);
RLBOX_DETAIL_DEFINE_OPERATION(bit_or, |);
RLBOX_DETAIL_DEFINE_OPERATION(shl, <<);
RLBOX_DETAIL_DEFINE_OPERATION(shr, >>);
RLBOX_DETAIL_DEFINE_OPERATION(eq, ==);
RLBOX_DETAIL_DEFINE_OPERATION(ne, !=);
RLBOX_DETAIL_DEFINE_OPERATION(lt, <);
RLBOX_DETAIL_DEFINE_OPERATION(le, <=);
RLBOX_DETAIL_DEFINE_OPERATION(gt, >);
RLBOX_DETAIL_DEFINE_OPERATION(ge, >=);
#undef RLBOX_DETAIL_DEFINE_OPERATION

/// `type` is the type of `A op B`, or void if there is none.
template <typename T_Op, typename A, typename B, typename = void>
struct operation_result {
  using type = void;
};
template <typename T_Op, typename A, typename B>
struct operation_result<T_Op, A, B,
                        std::void_t<decltype(T_Op::apply(std::declval<A>(), std::declval<B>()))>> {
  using type = std::decay_t<decltype(T_Op::apply(std::declval<A>(), std::declval<B>()))>;
};

/// `a op b` for numbers that the library chose. Where C++ does not define the result, and a
/// processor may stop the program: sums and products wrap around, a division by zero and a shift by
/// more bits than there are fail a check.
template <typename T_Op, typename A, typename B>
RLBOX_DETAIL_ALWAYS_INLINE auto checked_operation(A a, B b) -> decltype(T_Op::apply(a, b)) {
  using T_Result = std::decay_t<decltype(T_Op::apply(a, b))>;
  constexpr bool shift = std::is_same_v<T_Op, op_shl> || std::is_same_v<T_Op, op_shr>;
  constexpr bool wraps =
      std::is_same_v<T_Op, op_add> || std::is_same_v<T_Op, op_sub> || std::is_same_v<T_Op, op_mul>;
  constexpr bool divides = std::is_same_v<T_Op, op_div> || std::is_same_v<T_Op, op_mod>;
  if constexpr (!std::is_integral_v<T_Result>) {
    return T_Op::apply(a, b);
  } else if constexpr (shift) {
    using T_Unsigned = std::make_unsigned_t<T_Result>;
    const auto bits = static_cast<std::uintmax_t>(b);  // huge if negative
    dynamic_check(bits < sizeof(T_Result) * CHAR_BIT,
                  "RLBox: a tainted number is shifted by a negative number of bits or by more than "
                  "it has; verify the number of bits first");
    if constexpr (std::is_same_v<T_Op, op_shl>) {
      return static_cast<T_Result>(static_cast<T_Unsigned>(static_cast<T_Result>(a)) << bits);
    } else {
      return static_cast<T_Result>(static_cast<T_Result>(a) >> bits);
    }
  } else if constexpr (wraps) {
    using T_Unsigned = std::make_unsigned_t<T_Result>;
    return static_cast<T_Result>(T_Op::apply(static_cast<T_Unsigned>(static_cast<T_Result>(a)),
                                             static_cast<T_Unsigned>(static_cast<T_Result>(b))));
  } else if constexpr (divides) {
    const auto left = static_cast<T_Result>(a);
    const auto right = static_cast<T_Result>(b);
    dynamic_check(right != 0,
                  "RLBox: a tainted number is divided by zero; verify the divisor first");
    if constexpr (std::is_signed_v<T_Result>) {
      if (right == -1) {  // the smallest number has no counterpart
        return std::is_same_v<T_Op, op_div> ? negated(left) : T_Result{0};
      }
    }
    return T_Op::apply(left, right);
  } else {
    return T_Op::apply(a, b);
  }
}

enum class arithmetic_form {
  numbers,
  pointer_and_integer,
  integer_and_pointer,
  pointer_and_pointer,
  invalid
};

template <typename T_Op, typename T_Lhs, typename T_Rhs>
struct arithmetic {
  using L = payload_t<T_Lhs>;
  using R = payload_t<T_Rhs>;
  static constexpr bool additive = std::is_same_v<T_Op, op_add> || std::is_same_v<T_Op, op_sub>;
  using T_Number = typename operation_result<T_Op, L, R>::type;

  static constexpr arithmetic_form get_form() {
    if (std::is_pointer_v<L> && std::is_pointer_v<R>) {
      return arithmetic_form::pointer_and_pointer;
    }
    if (additive && std::is_pointer_v<L> && std::is_integral_v<R>) {
      return arithmetic_form::pointer_and_integer;
    }
    if (std::is_same_v<T_Op, op_add> && std::is_pointer_v<R> && std::is_integral_v<L>) {
      return arithmetic_form::integer_and_pointer;
    }
    if (is_fundamental_or_enum_v<L> && std::is_arithmetic_v<R> && std::is_arithmetic_v<T_Number>) {
      return arithmetic_form::numbers;
    }
    return arithmetic_form::invalid;
  }
  static constexpr arithmetic_form form = get_form();

  using payload = std::conditional_t<
      form == arithmetic_form::numbers, T_Number,
      std::conditional_t<
          std::is_pointer_v<L> && rlbox_is_tainted_or_vol_v<T_Lhs>, L,
          std::conditional_t<std::is_pointer_v<R> && rlbox_is_tainted_or_vol_v<T_Rhs>, R, int>>>;
  using T_Sbx = operands_sandbox_t<T_Lhs, T_Rhs>;
  using type = tainted<payload, T_Sbx>;
};

template <typename T_Sbx, typename T_Ptr, typename T_Index>
T_Ptr step_pointer(T_Ptr ptr, T_Index index) {
  using T_Pointee = std::remove_pointer_t<T_Ptr>;
  rlbox_detail_static_fail_because(std::is_function_v<T_Pointee>,
                                   "RLBox: no arithmetic on pointers to functions.");
  if constexpr (std::is_function_v<T_Pointee>) {
    return ptr;
  } else {
    return static_cast<T_Ptr>(checked_element_address<T_Sbx>(pointer_to_address(ptr), index,
                                                             sandbox_sizeof<T_Pointee, T_Sbx>()));
  }
}

/// The result of `lhs op rhs` as a raw application value.
template <typename T_Op, typename T_Lhs, typename T_Rhs>
RLBOX_DETAIL_ALWAYS_INLINE auto raw_arithmetic(const T_Lhs& lhs, const T_Rhs& rhs) ->
    typename arithmetic<T_Op, T_Lhs, T_Rhs>::payload {
  using T_Traits = arithmetic<T_Op, T_Lhs, T_Rhs>;
  constexpr arithmetic_form form = T_Traits::form;
  rlbox_detail_static_fail_because(form == arithmetic_form::pointer_and_pointer,
                                   "RLBox: tainted pointers cannot be subtracted or combined. "
                                   "Compute with indexes, or compare the verified "
                                   "addresses (copy_and_verify_address).");
  rlbox_detail_static_fail_because(
      form == arithmetic_form::invalid,
      "RLBox: this operator needs tainted or plain numbers. Pointers allow only pointer + integer, "
      "pointer - integer and integer + pointer; enums and hints must be converted first.");
  check_same_sandbox<T_Lhs, T_Rhs>();
  if constexpr (are_sandboxes_mixed_v<T_Lhs, T_Rhs>) {
    return {};
  } else if constexpr (form == arithmetic_form::numbers) {
    return checked_operation<T_Op>(unwrap_value(lhs), unwrap_value(rhs));
  } else if constexpr (form == arithmetic_form::pointer_and_integer) {
    using T_Index = payload_t<T_Rhs>;
    const T_Index index = unwrap_value(rhs);
    if constexpr (std::is_same_v<T_Op, op_add>) {
      return step_pointer<typename T_Traits::T_Sbx>(unwrap_value(lhs), index);
    } else if constexpr (sizeof(T_Index) < sizeof(std::intmax_t) || std::is_signed_v<T_Index>) {
      const auto wide = static_cast<std::intmax_t>(index);
      dynamic_check(wide != INTMAX_MIN,
                    "RLBox: pointer arithmetic leaves the sandbox; verify the index first");
      return step_pointer<typename T_Traits::T_Sbx>(unwrap_value(lhs), -wide);
    } else {
      dynamic_check(index <= static_cast<T_Index>(INTMAX_MAX),
                    "RLBox: pointer arithmetic leaves the sandbox; verify the index first");
      return step_pointer<typename T_Traits::T_Sbx>(unwrap_value(lhs),
                                                    -static_cast<std::intmax_t>(index));
    }
  } else if constexpr (form == arithmetic_form::integer_and_pointer) {
    const payload_t<T_Lhs> index = unwrap_value(lhs);
    return step_pointer<typename T_Traits::T_Sbx>(unwrap_value(rhs), index);
  } else {
    return {};
  }
}

/// Type of a comparison, see the first matching rule.
template <typename T_Lhs, typename T_Rhs>
struct comparison {
  static constexpr bool hint = rlbox_is_tainted_volatile_v<T_Lhs> ||
                               rlbox_is_tainted_volatile_v<T_Rhs> ||
                               rlbox_is_tainted_boolean_hint_v<T_Rhs>;
  static constexpr bool plain = std::is_null_pointer_v<T_Lhs> || std::is_null_pointer_v<T_Rhs>;
  using type = std::conditional_t<
      hint, tainted_boolean_hint,
      std::conditional_t<plain, bool, tainted<bool, operands_sandbox_t<T_Lhs, T_Rhs>>>>;
};

template <typename T_Op, typename T_Lhs, typename T_Rhs>
RLBOX_DETAIL_ALWAYS_INLINE auto compare(const T_Lhs& lhs, const T_Rhs& rhs) ->
    typename comparison<T_Lhs, T_Rhs>::type {
  using L = payload_t<T_Lhs>;
  using R = payload_t<T_Rhs>;
  using T_Result = typename comparison<T_Lhs, T_Rhs>::type;
  constexpr bool equality = std::is_same_v<T_Op, op_eq> || std::is_same_v<T_Op, op_ne>;
  constexpr bool ordered_pointers = !equality && (std::is_pointer_v<L> || std::is_pointer_v<R>);
  constexpr bool comparable =
      !std::is_void_v<typename operation_result<T_Op, L, R>::type> && !ordered_pointers;
  rlbox_detail_static_fail_because(ordered_pointers,
                                   "RLBox: tainted pointers can only be compared with == and !=, "
                                   "since an order of addresses inside the "
                                   "sandbox means nothing to the application.");
  rlbox_detail_static_fail_because(!comparable && !ordered_pointers,
                                   "RLBox: the operands of this comparison do not compare in C++.");
  bool result = false;
  check_same_sandbox<T_Lhs, T_Rhs>();
  if constexpr (!are_sandboxes_mixed_v<T_Lhs, T_Rhs> && comparable) {
    result = T_Op::apply(unwrap_value(lhs), unwrap_value(rhs));
  }
  if constexpr (std::is_same_v<T_Result, bool> || std::is_same_v<T_Result, tainted_boolean_hint>) {
    return result;
  } else {
    return access::make<bool, operands_sandbox_t<T_Lhs, T_Rhs>>(result);
  }
}

/// Both operands of a tainted && or ||, which are always evaluated. Rhs_Ref is the deduced
/// reference type of the right operand.
template <bool Is_And, typename T_Rhs_Ref, typename T_Lhs, typename T_Rhs>
bool logical(const T_Lhs& lhs, const T_Rhs& rhs) {
  using L = payload_t<T_Lhs>;
  using R = payload_t<T_Rhs>;
  constexpr bool rvalue = !std::is_lvalue_reference_v<T_Rhs_Ref>;
  constexpr bool scalars = is_fundamental_or_enum_v<L> && std::is_integral_v<R>;
  rlbox_detail_static_fail_because(rvalue,
                                   "RLBox: tainted && and || evaluate both operands, unlike those "
                                   "of C++. To show that this is intended, the "
                                   "right operand must be a variable: assign it to one first.");
  rlbox_detail_static_fail_because(
      !scalars,
      "RLBox: tainted && and || need integers or bools. Compare pointers with nullptr first.");
  check_same_sandbox<T_Lhs, T_Rhs>();
  if constexpr (!are_sandboxes_mixed_v<T_Lhs, T_Rhs> && scalars) {
    const bool left = static_cast<bool>(unwrap_value(lhs));
    const bool right = static_cast<bool>(unwrap_value(rhs));
    return Is_And ? (left && right) : (left || right);
  } else {
    return false;
  }
}

/// Stores a raw result back into the left operand of a compound assignment.
template <typename T_Lhs, typename T_Value>
void store_back(T_Lhs& lhs, const T_Value& value) {
  using T = payload_t<T_Lhs>;
  using T_Sbx = wrapper_sandbox_t<T_Lhs>;
  constexpr bool is_enum = std::is_enum_v<T>;
  rlbox_detail_static_fail_because(is_enum,
                                   "RLBox: enums cannot be assigned the result of arithmetic.");
  if constexpr (std::is_pointer_v<T>) {
    lhs = access::make<T, T_Sbx>(value);
  } else if constexpr (!is_enum && rlbox_is_tainted_v<T_Lhs>) {
    access::data(lhs) = cast_number<T>(value);
  } else if constexpr (!is_enum) {
    using T_Stored = std::remove_cv_t<std::remove_reference_t<decltype(access::data(lhs))>>;
    if constexpr (std::is_integral_v<T_Stored> && std::is_integral_v<T_Value>) {
      access::data(lhs) = convert_integer<T_Stored>(value);
    } else {
      access::data(lhs) = cast_number<T_Stored>(value);
    }
  }
}

template <typename T_Lhs>
inline constexpr bool is_modifiable_operand_v =
    is_wrapped_operand_v<T_Lhs> && !std::is_const_v<T_Lhs>;

/// A plain number as the left operand of a compound assignment with a wrapper on the right.
template <typename T_Lhs>
inline constexpr bool is_plain_target_v = std::is_arithmetic_v<T_Lhs> && !std::is_const_v<T_Lhs>;

template <typename T_Rhs, typename T_Lhs>
T_Lhs& refuse_plain_target(T_Lhs& lhs) {
  static_assert(false_v<T_Rhs>,
                "RLBox: the result of an operation with a tainted value is tainted, so a plain "
                "variable cannot hold it. Make the variable tainted, or verify the value first "
                "(copy_and_verify).");
  return lhs;
}

}  // namespace detail

#define RLBOX_DETAIL_ARITHMETIC(NAME, OP)                                                          \
  template <typename T_Lhs, typename T_Rhs, RLBOX_ENABLE_IF(detail::are_operands<T_Lhs, T_Rhs>())> \
  auto operator OP(const T_Lhs& lhs, const T_Rhs& rhs)                                             \
      ->typename detail::arithmetic<detail::op_##NAME, T_Lhs, T_Rhs>::type {                       \
    using T_Traits = detail::arithmetic<detail::op_##NAME, T_Lhs, T_Rhs>;                          \
    return detail::access::make<typename T_Traits::payload, typename T_Traits::T_Sbx>(             \
        detail::raw_arithmetic<detail::op_##NAME>(lhs, rhs));                                      \
  }                                                                                                \
  template <typename T_Lhs, typename T_Rhs,                                                        \
            RLBOX_ENABLE_IF(                                                                       \
                detail::is_modifiable_operand_v<T_Lhs>&& detail::are_operands<T_Lhs, T_Rhs>())>    \
  T_Lhs& operator OP## = (T_Lhs & lhs, const T_Rhs& rhs) {                                         \
    detail::store_back(lhs, detail::raw_arithmetic<detail::op_##NAME>(lhs, rhs));                  \
    return lhs;                                                                                    \
  }                                                                                                \
  template <typename T_Lhs, typename T_Rhs,                                                        \
            RLBOX_ENABLE_IF(                                                                       \
                detail::is_plain_target_v<T_Lhs>&& detail::is_wrapped_operand_v<T_Rhs>)>           \
  T_Lhs& operator OP## = (T_Lhs & lhs, const T_Rhs&) {                                             \
    return detail::refuse_plain_target<T_Rhs>(lhs);                                                \
  }                                                                                                \
  RLBOX_REQUIRE_SEMI_COLON

RLBOX_DETAIL_ARITHMETIC(add, +);
RLBOX_DETAIL_ARITHMETIC(sub, -);
RLBOX_DETAIL_ARITHMETIC(mul, *);
RLBOX_DETAIL_ARITHMETIC(div, /);
RLBOX_DETAIL_ARITHMETIC(mod, %);
RLBOX_DETAIL_ARITHMETIC(bit_xor, ^);
RLBOX_DETAIL_ARITHMETIC(bit_and, &);
RLBOX_DETAIL_ARITHMETIC(bit_or, |);
RLBOX_DETAIL_ARITHMETIC(shl, <<);
RLBOX_DETAIL_ARITHMETIC(shr, >>);
#undef RLBOX_DETAIL_ARITHMETIC

#define RLBOX_DETAIL_INCREMENT(OP, NAME)                                               \
  template <typename T_Lhs, RLBOX_ENABLE_IF(detail::is_modifiable_operand_v<T_Lhs>)>   \
  T_Lhs& operator OP(T_Lhs& lhs) {                                                     \
    detail::store_back(lhs, detail::raw_arithmetic<detail::op_##NAME>(lhs, 1));        \
    return lhs;                                                                        \
  }                                                                                    \
  template <typename T_Lhs, RLBOX_ENABLE_IF(detail::is_modifiable_operand_v<T_Lhs>)>   \
  auto operator OP(T_Lhs& lhs, int) {                                                  \
    using T_Old = tainted<detail::payload_t<T_Lhs>, detail::wrapper_sandbox_t<T_Lhs>>; \
    const T_Old old(lhs);                                                              \
    detail::store_back(lhs, detail::raw_arithmetic<detail::op_##NAME>(old, 1));        \
    return old;                                                                        \
  }                                                                                    \
  RLBOX_REQUIRE_SEMI_COLON

RLBOX_DETAIL_INCREMENT(++, add);
RLBOX_DETAIL_INCREMENT(--, sub);
#undef RLBOX_DETAIL_INCREMENT

#define RLBOX_DETAIL_COMPARISON(NAME, OP)                                                          \
  template <typename T_Lhs, typename T_Rhs, RLBOX_ENABLE_IF(detail::are_operands<T_Lhs, T_Rhs>())> \
  auto operator OP(const T_Lhs& lhs, const T_Rhs& rhs)                                             \
      ->typename detail::comparison<T_Lhs, T_Rhs>::type {                                          \
    return detail::compare<detail::op_##NAME>(lhs, rhs);                                           \
  }                                                                                                \
  RLBOX_REQUIRE_SEMI_COLON

RLBOX_DETAIL_COMPARISON(eq, ==);
RLBOX_DETAIL_COMPARISON(ne, !=);
RLBOX_DETAIL_COMPARISON(lt, <);
RLBOX_DETAIL_COMPARISON(le, <=);
RLBOX_DETAIL_COMPARISON(gt, >);
RLBOX_DETAIL_COMPARISON(ge, >=);
#undef RLBOX_DETAIL_COMPARISON

#define RLBOX_DETAIL_LOGICAL(OP, IS_AND)                                                    \
  template <typename T_Lhs, typename T_Rhs,                                                 \
            RLBOX_ENABLE_IF(detail::are_operands<T_Lhs, std::remove_reference_t<T_Rhs>>())> \
  auto operator OP(const T_Lhs& lhs, T_Rhs&& rhs)                                           \
      ->tainted<bool, detail::operands_sandbox_t<T_Lhs, std::remove_reference_t<T_Rhs>>> {  \
    return detail::access::make<                                                            \
        bool, detail::operands_sandbox_t<T_Lhs, std::remove_reference_t<T_Rhs>>>(           \
        detail::logical<IS_AND, T_Rhs>(lhs, rhs));                                          \
  }                                                                                         \
  RLBOX_REQUIRE_SEMI_COLON

RLBOX_DETAIL_LOGICAL(&&, true);
RLBOX_DETAIL_LOGICAL(||, false);
#undef RLBOX_DETAIL_LOGICAL

/// Wrappers cannot be printed; tainted pointers would otherwise print as bool.
template <typename T_Char, typename T_Traits, typename T,
          RLBOX_ENABLE_IF(detail::rlbox_is_wrapper_v<T>)>
std::basic_ostream<T_Char, T_Traits>& operator<<(std::basic_ostream<T_Char, T_Traits>&,
                                                 const T&) = delete;

}  // namespace rlbox

#if defined(__GNUC__) || defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif  // RLBOX_INTERNAL_OPERATORS_HPP_
