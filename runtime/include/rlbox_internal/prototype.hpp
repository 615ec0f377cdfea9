#ifndef RLBOX_INTERNAL_PROTOTYPE_HPP_
#define RLBOX_INTERNAL_PROTOTYPE_HPP_
/// \file
/// Compares the application's declaration of a function with the prototype of the generated one.
///
/// Backends with typed lookup yield a pointer to the generated function, such as
/// `u32 (*)(instance*, u32, f64)`. A declaration that does not fit is an error at compile time
/// instead of a wrong value at run time. Where the host cannot tell a 64-bit integer from a `long`
/// of the sandbox (uint64_t and size_t are both `unsigned long`), the prototype decides.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/sandbox_base.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"

namespace rlbox::detail {

/// What the members of a descriptor derive from that stand for functions which the library has and
/// the module does not export; see RLBOX_DETAIL_LEFT_OUT_FUNCTION.
struct left_out_function {};

/// Declares, in a descriptor, the member that stands for such a function; a call says `message`.
#define RLBOX_DETAIL_LEFT_OUT_FUNCTION(name, message)                 \
  struct rlbox_left_out_##name : ::rlbox::detail::left_out_function { \
    rlbox_left_out_##name operator+() const { return *this; }         \
    template <typename T_Sbx>                                         \
    static constexpr void say_why() {                                 \
      constexpr bool rlbox_never = ::rlbox::detail::false_v<T_Sbx>;   \
      rlbox_detail_static_fail_because(!rlbox_never, message);        \
    }                                                                 \
  };                                                                  \
  static constexpr rlbox_left_out_##name rlbox_fn_##name {}

/// Stands in for a function that was not found; the error was already reported.
struct unresolved_function {};

/// The function that a lookup macro's result stands for: an address, or a typed pointer to the
/// generated function.
template <typename T_Sbx, typename T_Lookup>
RLBOX_DETAIL_ALWAYS_INLINE auto resolve_function(const T_Lookup& lookup) {
  if constexpr (std::is_convertible_v<T_Lookup, void*>) {
    return static_cast<void*>(lookup);
  } else if constexpr (has_rlbox_module_type<T_Sbx>::value) {
    constexpr bool found = std::is_invocable_v<const T_Lookup&, typename T_Sbx::rlbox_module_type>;
    rlbox_detail_static_fail_because(
        !found,
        "RLBox: the sandboxed library does not export a function of this name. Its exports are "
        "listed at the top of <module>.rlbox.h; add the function to the library's public headers "
        "or to the exports of its wasm_library.");
    if constexpr (!found) {
      return unresolved_function{};
    } else if constexpr (std::is_base_of_v<left_out_function,
                                           decltype(lookup(typename T_Sbx::rlbox_module_type{}))>) {
      decltype(lookup(typename T_Sbx::rlbox_module_type{}))::template say_why<T_Sbx>();
      return unresolved_function{};
    } else {
      return lookup(typename T_Sbx::rlbox_module_type{});
    }
  } else {
    constexpr bool never = false_v<T_Sbx>;
    rlbox_detail_static_fail_because(!never,
                                     "RLBox: RLBOX_USE_STATIC_CALLS() names the lookup macro of "
                                     "another backend than this sandbox has.");
    return unresolved_function{};
  }
}

/// How WebAssembly's C ABI passes a value.
enum class guest_kind { none, i32, i64, f32, f64, other };

template <typename T>
constexpr guest_kind guest_scalar_kind() {
  if constexpr (std::is_void_v<T>) {
    return guest_kind::none;
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 4 ? guest_kind::f32 : sizeof(T) == 8 ? guest_kind::f64 : guest_kind::other;
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T> || std::is_pointer_v<T>) {
    return sizeof(T) <= 4 ? guest_kind::i32 : sizeof(T) == 8 ? guest_kind::i64 : guest_kind::other;
  } else {
    return guest_kind::other;
  }
}

/// Kind of an application type as parameter, before a prototype is considered.
template <typename T, typename T_Sbx>
constexpr guest_kind guest_parameter_kind() {
  if constexpr (std::is_void_v<T>) {
    return guest_kind::none;
  } else {
    using T_Equivalent = convert_to_sandbox_equivalent_t<std::remove_cv_t<T>, T_Sbx>;
    if constexpr (is_aggregate_value_v<T>) {
      using T_Scalar = single_scalar_t<T_Equivalent>;
      return std::is_void_v<T_Scalar> ? guest_kind::i32 : guest_scalar_kind<T_Scalar>();
    } else {
      return guest_scalar_kind<T_Equivalent>();
    }
  }
}

/// True if a result of this type is written through a leading address parameter.
template <typename T, typename T_Sbx>
constexpr bool is_returned_in_memory() {
  if constexpr (is_aggregate_value_v<T>) {
    return std::is_void_v<
        single_scalar_t<convert_to_sandbox_equivalent_t<std::remove_cv_t<T>, T_Sbx>>>;
  } else {
    return false;
  }
}

/// A host integer of 64 bits that the sandbox's `long` would narrow.
template <typename T, typename T_Sbx>
constexpr bool may_widen() {
  if constexpr (std::is_integral_v<T>) {
    return sizeof(T) == 8 &&
           sizeof(convert_to_sandbox_equivalent_t<std::remove_cv_t<T>, T_Sbx>) < 8;
  } else {
    return false;
  }
}

/// Sandbox representation of T where the prototype has Kind.
template <typename T, typename T_Sbx, guest_kind Kind>
constexpr auto widened_equivalent() {
  if constexpr (std::is_void_v<T>) {
    return identity<void>{};
  } else if constexpr (Kind == guest_kind::i64 && may_widen<T, T_Sbx>()) {
    return identity<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>{};
  } else {
    return identity<convert_to_sandbox_equivalent_t<std::remove_cv_t<T>, T_Sbx>>{};
  }
}

/// The application's type T_App at a position of the generated prototype that has T_Guest.
template <typename T_App, typename T_Guest, typename T_Sbx>
struct parameter_match {
  static constexpr guest_kind guest = guest_scalar_kind<T_Guest>();
  static constexpr bool ok = guest_parameter_kind<T_App, T_Sbx>() == guest ||
                             (guest == guest_kind::i64 && may_widen<T_App, T_Sbx>());
  using type = typename decltype(widened_equivalent<T_App, T_Sbx, guest>())::type;
};

template <typename T_App, typename T_Guest, typename T_Sbx>
struct result_match {
  static constexpr guest_kind guest = guest_scalar_kind<T_Guest>();
  static constexpr guest_kind expected = is_returned_in_memory<T_App, T_Sbx>()
                                             ? guest_kind::none
                                             : guest_parameter_kind<T_App, T_Sbx>();
  static constexpr bool ok =
      expected == guest || (guest == guest_kind::i64 && may_widen<T_App, T_Sbx>());
  using type = typename decltype(widened_equivalent<T_App, T_Sbx, guest>())::type;
};

/// Fails to compile if the application's type does not fit the generated parameter. The template
/// arguments in the error name the position (from 0), the application's type and the generated one.
template <std::size_t Position, typename T_App, typename T_Guest, typename T_Sbx>
constexpr void check_parameter() {
  static_assert(
      parameter_match<T_App, T_Guest, T_Sbx>::ok,
      "RLBox: a parameter's type in the application's declaration does not match the sandboxed "
      "library's function. Check that the header is the one the library was compiled with; long "
      "double and pointers of another size are not supported.");
}

template <typename T_App, typename T_Guest, typename T_Sbx>
constexpr void check_result() {
  static_assert(
      result_match<T_App, T_Guest, T_Sbx>::ok,
      "RLBox: the result type in the application's declaration does not match the sandboxed "
      "library's function. Check that the header is the one the library was compiled with; long "
      "double is not supported.");
}

/// Representation of a call without prototype: every type as the backend's aliases say.
template <typename T_Sbx, typename T_Func, typename T_Pointer>
struct call_representation;

template <typename T_Sbx, typename T_Ret, typename... T_Args>
struct call_representation<T_Sbx, T_Ret(T_Args...), void*> {
  using result = convert_to_sandbox_equivalent_t<std::remove_cv_t<T_Ret>, T_Sbx>;
  template <std::size_t I>
  using parameter =
      convert_to_sandbox_equivalent_t<std::remove_cv_t<type_at_t<I, type_list<T_Args...>>>, T_Sbx>;
  using function = result(convert_to_sandbox_equivalent_t<std::remove_cv_t<T_Args>, T_Sbx>...);

  static constexpr bool ok = true;
  static constexpr void check() {}
  using parameter_checks = call_representation;
  static constexpr void check_each() {}
};

/// Compares the types of parameters one by one. Matches is false if their numbers differ.
template <bool Matches, std::size_t Offset, typename T_Sbx, typename T_Args, typename T_GuestArgs,
          typename T_Indices>
struct parameter_matches {
  static constexpr bool ok = false;
  static constexpr void check_each() {}
  using type = type_list<>;
};

template <std::size_t Offset, typename T_Sbx, typename... T_Args, typename... T_GuestArgs,
          std::size_t... I>
struct parameter_matches<true, Offset, T_Sbx, type_list<T_Args...>, type_list<T_GuestArgs...>,
                         std::index_sequence<I...>> {
  template <std::size_t Index>
  using guest = type_at_t<Index + Offset, type_list<T_GuestArgs...>>;

  static constexpr bool ok = (parameter_match<T_Args, guest<I>, T_Sbx>::ok && ... && true);
  static constexpr void check_each() { (check_parameter<I, T_Args, guest<I>, T_Sbx>(), ...); }
  using type = type_list<typename parameter_match<T_Args, guest<I>, T_Sbx>::type...>;
};

template <typename T_Result, typename T_List>
struct make_function;
template <typename T_Result, typename... T_Args>
struct make_function<T_Result, type_list<T_Args...>> {
  using type = T_Result(T_Args...);
};

/// Representation of a call whose generated prototype is known.
template <typename T_Sbx, typename T_Ret, typename... T_Args, typename T_GuestRet,
          typename T_Instance, typename... T_GuestArgs>
struct call_representation<T_Sbx, T_Ret(T_Args...), T_GuestRet (*)(T_Instance*, T_GuestArgs...)> {
  static constexpr std::size_t offset = is_returned_in_memory<T_Ret, T_Sbx>() ? 1 : 0;
  static constexpr bool same_count = sizeof...(T_Args) + offset == sizeof...(T_GuestArgs);
  using T_Result = result_match<T_Ret, T_GuestRet, T_Sbx>;
  using T_Parameters =
      parameter_matches<same_count, offset, T_Sbx, type_list<T_Args...>, type_list<T_GuestArgs...>,
                        std::index_sequence_for<T_Args...>>;

  using result = typename T_Result::type;
  using parameters = typename T_Parameters::type;
  template <std::size_t I>
  using parameter = type_at_t<I, parameters>;
  using function = typename make_function<result, parameters>::type;

  /// True if the application's declaration fits; otherwise check() fails to compile, or that of
  /// parameter_checks: compilers explain each function on the way to an error.
  static constexpr bool ok = same_count && T_Result::ok && T_Parameters::ok;
  using parameter_checks = T_Parameters;
  static constexpr void check() {
    static_assert(
        same_count,
        "RLBox: the application's declaration of this function has another number of parameters "
        "than the sandboxed library's. Check that the header is the one the library was compiled "
        "with; long double and variable arguments are not supported.");
    if constexpr (same_count) {
      check_result<T_Ret, T_GuestRet, T_Sbx>();
    }
  }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_PROTOTYPE_HPP_
