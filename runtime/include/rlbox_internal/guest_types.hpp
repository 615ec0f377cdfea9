#ifndef RLBOX_INTERNAL_GUEST_TYPES_HPP_
#define RLBOX_INTERNAL_GUEST_TYPES_HPP_
/// \file
/// What a library takes the pointers and callbacks of its functions for.
///
/// Headers call 64-bit integers int64_t, which is a `long` on many hosts, and a `long` of the
/// sandbox has 32 bits. A prototype of WebAssembly says how wide a value is, and nothing about what
/// a pointer points to or a callback takes. <module>.rlbox.h does, for the functions where that
/// matters: as the sandbox's compiler reads the headers. A call that would let the library see
/// elements of another width does not compile, and a result has the width that the library means.

#include <cstddef>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/prototype.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

/// In a guest type, what has the same width on both sides, or is described elsewhere: a struct.
struct guest_any {};

/// A generated function and the guest's types of its result and parameters; void for a type that
/// reaches no integer whose width is in question.
template <auto Function, typename T_Result, typename... T_Parameters>
struct described_function {
  static constexpr auto function = Function;
  using result = T_Result;
  using parameters = type_list<T_Parameters...>;

  constexpr described_function operator+() const { return *this; }
};

template <typename T>
inline constexpr bool is_described_v = false;
template <auto Function, typename... T>
inline constexpr bool is_described_v<const described_function<Function, T...>> = true;

/// The function that resolve_function returned, described or not.
template <typename T_Function>
constexpr auto address_of(const T_Function& function) {
  if constexpr (is_described_v<const T_Function>) {
    return T_Function::function;
  } else {
    return function;
  }
}

template <typename T>
inline constexpr bool is_long_v =
    std::is_same_v<T, long> || std::is_same_v<T, unsigned long> || std::is_same_v<T, long long> ||
    std::is_same_v<T, unsigned long long>;

/// True unless the application's T and the guest's T_Guest have an integer of another width in the
/// same place.
template <typename T, typename T_Guest, typename T_Sbx>
struct has_guest_width {
  static constexpr bool value = [] {
    if constexpr (is_long_v<T> && is_long_v<T_Guest>) {
      return sizeof(convert_to_sandbox_equivalent_t<T, T_Sbx>) ==
             sizeof(convert_to_sandbox_equivalent_t<T_Guest, T_Sbx>);
    } else {
      return true;
    }
  }();
};
template <typename T, typename T_Guest, typename T_Sbx>
struct has_guest_width<T*, T_Guest*, T_Sbx>
    : has_guest_width<std::remove_cv_t<T>, std::remove_cv_t<T_Guest>, T_Sbx> {};
template <typename T, typename T_Guest, std::size_t N, std::size_t N_Guest, typename T_Sbx>
struct has_guest_width<T[N], T_Guest[N_Guest], T_Sbx>
    : has_guest_width<std::remove_cv_t<T>, std::remove_cv_t<T_Guest>, T_Sbx> {};
template <typename R, typename... P, typename R_Guest, typename... P_Guest, typename T_Sbx>
struct has_guest_width<R(P...), R_Guest(P_Guest...), T_Sbx> {
  static constexpr bool value = [] {
    if constexpr (sizeof...(P) == sizeof...(P_Guest)) {
      return has_guest_width<R, R_Guest, T_Sbx>::value &&
             (has_guest_width<std::remove_cv_t<P>, std::remove_cv_t<P_Guest>, T_Sbx>::value &&
              ... && true);
    } else {
      return true;
    }
  }();
};

/// The application's T with the integers of the guest's T_Guest where those have another width.
template <typename T, typename T_Guest, typename T_Sbx>
struct with_guest_width {
  using type = std::conditional_t<has_guest_width<T, T_Guest, T_Sbx>::value, T, T_Guest>;
};
template <typename T, typename T_Guest, typename T_Sbx>
struct with_guest_width<const T, T_Guest, T_Sbx> {
  using type =
      std::add_const_t<typename with_guest_width<T, std::remove_cv_t<T_Guest>, T_Sbx>::type>;
};
template <typename T, typename T_Guest, typename T_Sbx>
struct with_guest_width<T*, T_Guest*, T_Sbx> {
  using type =
      std::add_pointer_t<typename with_guest_width<T, std::remove_cv_t<T_Guest>, T_Sbx>::type>;
};

/// True unless an argument's type has an integer of another width than the guest's type has there.
template <typename T_Arg, typename T_Guest, typename T_Sbx>
constexpr bool fits_guest() {
  constexpr wrapper_kind kind = wrapper_kind_v<T_Arg>;
  using T = payload_t<T_Arg>;
  if constexpr (kind == wrapper_kind::none || kind == wrapper_kind::app_ptr) {
    return true;  // a number, nullptr, or an address that the library cannot use
  } else if constexpr (kind != wrapper_kind::callback &&
                       std::is_function_v<std::remove_pointer_t<T>>) {
    return true;  // the library's own function, by the type that the application knows
  } else {
    return has_guest_width<T, T_Guest, T_Sbx>::value;
  }
}

template <typename T_Sbx, typename T_Guests>
struct guest_parameters;
template <typename T_Sbx, typename... T_Guests>
struct guest_parameters<T_Sbx, type_list<T_Guests...>> {
  /// True for another number of arguments, which is reported elsewhere.
  template <typename... T_Args>
  static constexpr bool fit() {
    if constexpr (sizeof...(T_Args) == sizeof...(T_Guests)) {
      return (fits_guest<T_Args, T_Guests, T_Sbx>() && ... && true);
    } else {
      return true;
    }
  }
};

/// Fails to compile if the library would take an argument for something of another width.
template <typename T_Described, typename T_Sbx, typename... T_Args>
constexpr void check_guest_types() {
  constexpr bool fit =
      guest_parameters<T_Sbx, typename T_Described::parameters>::template fit<T_Args...>();
  rlbox_detail_static_fail_because(
      !fit,
      "RLBox: an argument points to integers, or is a callback with integers, of another width "
      "than "
      "the library's. A long of the sandbox has 32 bits, and where the header says int64_t or "
      "uint64_t, the library has a long long: write long long or unsigned long long, e.g. "
      "malloc_in_sandbox<unsigned long long>(n), tainted<long long> in callbacks.");
}

/// What a call returned, with the width that the library means.
template <typename T_Described, typename T, typename T_Sbx>
RLBOX_DETAIL_ALWAYS_INLINE auto as_guest_means(const tainted<T, T_Sbx>& result) {
  using T_Result = typename with_guest_width<T, typename T_Described::result, T_Sbx>::type;
  if constexpr (std::is_same_v<T, T_Result> || !std::is_pointer_v<T>) {
    return result;
  } else {
    return access::make<T_Result, T_Sbx>(
        reinterpret_cast<T_Result>(result.INTERNAL_unverified_safe()));
  }
}

/// Calls a function whose guest types are known; `call` does it, given the generated function.
template <typename T_Sbx, typename T_Described, typename T_Call, typename... T_Args>
RLBOX_DETAIL_ALWAYS_INLINE auto call_described(T_Described, const T_Call& call, const T_Args&...) {
  check_guest_types<T_Described, T_Sbx, T_Args...>();
  if constexpr (std::is_void_v<decltype(call(T_Described::function))>) {
    call(T_Described::function);
  } else {
    return as_guest_means<T_Described>(call(T_Described::function));
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_GUEST_TYPES_HPP_
