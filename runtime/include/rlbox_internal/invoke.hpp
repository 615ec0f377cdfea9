#ifndef RLBOX_INTERNAL_INVOKE_HPP_
#define RLBOX_INTERNAL_INVOKE_HPP_
/// \file
/// Conversion of the arguments and results of calls into the sandbox.

#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/prototype.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_volatile.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

// ---- diagnosis ----

/// What an argument is, for the diagnosis.
enum class argument_kind { ok, raw_pointer, other_class, hint, other_sandbox, array };

template <typename T_Arg, typename T_Sbx>
constexpr argument_kind get_argument_kind() {
  using A = remove_cvref_t<T_Arg>;
  constexpr wrapper_kind kind = wrapper_kind_v<A>;
  if constexpr (kind == wrapper_kind::bool_hint || kind == wrapper_kind::int_hint) {
    return argument_kind::hint;
  } else if constexpr (kind != wrapper_kind::none) {
    return !std::is_same_v<wrapper_sandbox_t<A>, T_Sbx> ? argument_kind::other_sandbox
           : std::is_array_v<payload_t<A>>              ? argument_kind::array
                                                        : argument_kind::ok;
  } else if constexpr (std::is_null_pointer_v<A> || is_fundamental_or_enum_v<A>) {
    return argument_kind::ok;
  } else if constexpr (std::is_pointer_v<std::decay_t<A>>) {
    return argument_kind::raw_pointer;
  } else {
    return argument_kind::other_class;
  }
}

template <typename T_Sbx, typename... T_Args>
constexpr bool any_argument_is([[maybe_unused]] argument_kind kind) {
  return ((get_argument_kind<T_Args, T_Sbx>() == kind) || ... || false);
}

/// True if T_Arg is T_Param with `long long` in some places where that has an equally wide `long`.
/// Headers call 64-bit integers int64_t, which is a `long` on many hosts; in the sandbox a `long`
/// is narrower, so the application says `long long` in callbacks and for what it points to.
template <typename T_Arg, typename T_Param>
struct says_long_long : std::is_same<T_Arg, T_Param> {};
template <>
struct says_long_long<long long, long> : std::bool_constant<sizeof(long long) == sizeof(long)> {};
template <>
struct says_long_long<unsigned long long, unsigned long>
    : std::bool_constant<sizeof(long long) == sizeof(long)> {};
template <typename T_Arg, typename T_Param>
struct says_long_long<T_Arg*, T_Param*>
    : std::bool_constant<
          (std::is_const_v<T_Param> || !std::is_const_v<T_Arg>) &&
          says_long_long<std::remove_const_t<T_Arg>, std::remove_const_t<T_Param>>::value> {};
template <typename T_Ret, typename... T_Args, typename T_ParamRet, typename... T_ParamArgs>
struct says_long_long<T_Ret(T_Args...), T_ParamRet(T_ParamArgs...)> {
  static constexpr bool value = [] {
    if constexpr (sizeof...(T_Args) == sizeof...(T_ParamArgs)) {
      return says_long_long<T_Ret, T_ParamRet>::value &&
             (says_long_long<T_Args, T_ParamArgs>::value && ... && true);
    } else {
      return false;
    }
  }();
};

/// The type that an argument has for the comparison with its parameter.
template <typename T_Arg, typename T_Param>
using argument_type_t =
    std::conditional_t<std::is_pointer_v<payload_t<T_Arg>> && std::is_pointer_v<T_Param> &&
                           says_long_long<payload_t<T_Arg>, T_Param>::value,
                       T_Param, payload_t<T_Arg>>;

template <typename T_Function, typename T_Params, typename... T_Args>
struct call_check;
template <typename T_Function, typename... T_Params, typename... T_Args>
struct call_check<T_Function, type_list<T_Params...>, T_Args...> {
  static constexpr bool possible() {
    if constexpr (sizeof...(T_Params) == sizeof...(T_Args)) {
      return std::is_invocable_v<T_Function*, argument_type_t<T_Args, T_Params>...>;
    } else {
      return false;
    }
  }
};

template <typename T_Func, typename... T_Args>
constexpr bool is_call_possible() {
  using T_Traits = function_traits<T_Func>;
  return call_check<T_Func, typename T_Traits::template args<type_list>, T_Args...>::possible();
}

template <typename T_Ret, typename... T_Args>
struct signature {
  static constexpr bool has_unknown_struct =
      is_unknown_struct_v<T_Ret> || (is_unknown_struct_v<T_Args> || ... || false);
  static constexpr bool has_reference =
      is_reference_or_member_v<T_Ret> || (is_reference_or_member_v<T_Args> || ... || false);
};
/// What is wrong with the types of a function, whatever it is called with.
template <typename T_Func>
struct signature_of : signature<void> {};
template <typename T_Ret, typename... T_Args>
struct signature_of<T_Ret(T_Args...)> : signature<T_Ret, T_Args...> {};
template <typename T_Ret, typename... T_Args>
struct signature_of<T_Ret(T_Args...) noexcept> : signature<T_Ret, T_Args...> {};

/// True if the call of T_Fn, as resolve_function returned it, can be made as one of T_Func.
template <typename T_Func, typename T_Fn, typename T_Sbx, typename... T_Args>
constexpr bool is_call_ok() {
  if constexpr (!function_traits<T_Func>::is_function) {
    return false;
  } else if constexpr (function_traits<T_Func>::is_variadic ||
                       signature_of<T_Func>::has_unknown_struct ||
                       signature_of<T_Func>::has_reference ||
                       ((get_argument_kind<T_Args, T_Sbx>() != argument_kind::ok) || ...)) {
    return false;
  } else if constexpr (!is_call_possible<T_Func, T_Args...>()) {
    return false;
  } else {
    return call_representation<T_Sbx, typename function_traits<T_Func>::type, T_Fn>::ok;
  }
}

/// Reports a call that cannot be made.
template <typename T_Func, typename T_Fn, typename T_Sbx, typename... T_Args>
constexpr void check_call() {
  using T_Traits = function_traits<T_Func>;
  constexpr bool function = T_Traits::is_function;
  rlbox_detail_static_fail_because(!function,
                                   "RLBox: only functions can be invoked in the sandbox.");
  constexpr bool variadic = [] {
    if constexpr (T_Traits::is_function) {
      return T_Traits::is_variadic;
    } else {
      return false;
    }
  }();
  rlbox_detail_static_fail_because(variadic,
                                   "RLBox: functions with variable arguments (...) cannot be "
                                   "invoked. Add a function with fixed parameters "
                                   "to the library that calls it.");
  constexpr bool unknown_struct = signature_of<T_Func>::has_unknown_struct;
  rlbox_detail_static_fail_because(unknown_struct, RLBOX_DETAIL_UNKNOWN_STRUCT_MESSAGE);
  constexpr bool reference = signature_of<T_Func>::has_reference;
  rlbox_detail_static_fail_because(reference, RLBOX_DETAIL_REFERENCE_MESSAGE);
  constexpr bool raw_pointer = any_argument_is<T_Sbx, T_Args...>(argument_kind::raw_pointer);
  rlbox_detail_static_fail_because(
      raw_pointer,
      "RLBox: a raw pointer or string cannot be passed to the sandbox, which cannot reach "
      "application memory. "
      "Allocate with sandbox.malloc_in_sandbox<T>(), copy the data with rlbox::memcpy or "
      "rlbox::strncpy and pass "
      "the tainted pointer; register functions with sandbox.register_callback(f).");
  constexpr bool other_class = any_argument_is<T_Sbx, T_Args...>(argument_kind::other_class);
  rlbox_detail_static_fail_because(other_class,
                                   "RLBox: arguments must be numbers, enums, nullptr, or tainted "
                                   "values (tainted structs included), callbacks "
                                   "or app pointers.");
  constexpr bool hint = any_argument_is<T_Sbx, T_Args...>(argument_kind::hint);
  rlbox_detail_static_fail_because(
      hint,
      "RLBox: hints cannot be passed to the sandbox; compute a tainted value from copies instead.");
  constexpr bool other_sandbox = any_argument_is<T_Sbx, T_Args...>(argument_kind::other_sandbox);
  rlbox_detail_static_fail_because(
      other_sandbox,
      "RLBox: an argument belongs to another sandbox type. Either values of two libraries were "
      "mixed up, or "
      "RLBOX_USE_STATIC_CALLS() names the lookup macro of another backend than the sandbox has.");
  constexpr bool array = any_argument_is<T_Sbx, T_Args...>(argument_kind::array);
  rlbox_detail_static_fail_because(
      array,
      "RLBox: arrays cannot be passed by value; pass a tainted pointer to the first element.");
  constexpr bool arguments_ok = function && !variadic && !unknown_struct && !reference &&
                                !raw_pointer && !other_class && !hint && !other_sandbox && !array;
  constexpr bool matches = [] {
    if constexpr (arguments_ok) {
      return is_call_possible<T_Func, T_Args...>();
    } else {
      return true;
    }
  }();
  rlbox_detail_static_fail_because(
      !matches,
      "RLBox: the arguments do not match the function's parameters, in number or in type. Tainted "
      "pointers must "
      "convert to the parameter's pointer type as raw pointers would.");
  if constexpr (arguments_ok && matches) {
    using T_Representation = call_representation<T_Sbx, typename T_Traits::type, T_Fn>;
    T_Representation::check();
    T_Representation::parameter_checks::check_each();
  }
}

/// What a call that was refused appears to return, so that no other error follows.
template <typename T_Func, typename T_Sbx>
auto failed_call_result() {
  if constexpr (function_traits<T_Func>::is_function) {
    using T_Ret = typename function_traits<T_Func>::result;
    if constexpr (is_unknown_struct_v<T_Ret> || is_reference_or_member_v<T_Ret>) {
      return tainted<int, T_Sbx>{};
    } else if constexpr (!std::is_void_v<T_Ret>) {
      return tainted<std::remove_cv_t<T_Ret>, T_Sbx>{};
    }
  }
}

// ---- arguments ----

/// Sandbox representation of a tainted value of registered struct or scalar type.
template <typename T_Sandboxed, typename T_Param, typename T_Sbx, typename T_Value>
RLBOX_DETAIL_ALWAYS_INLINE T_Sandboxed lower_scalar(const T_Value& value) {
  if constexpr (std::is_integral_v<T_Value> && std::is_integral_v<T_Sandboxed>) {
    using T_Own = convert_to_sandbox_equivalent_t<T_Value, T_Sbx>;
    if constexpr (std::is_same_v<T_Value, T_Sandboxed>) {
      return value;
    } else if constexpr (sizeof(T_Sandboxed) > sizeof(T_Own) &&
                         sizeof(T_Sandboxed) == sizeof(T_Param)) {
      // as wide in the sandbox as in the application: convert as in a direct call
      return static_cast<T_Sandboxed>(static_cast<T_Param>(value));
    } else {
      const T_Own own = convert_integer<T_Own>(value);
      if constexpr (sizeof(T_Own) > sizeof(T_Sandboxed) && sizeof(T_Param) >= sizeof(T_Value) &&
                    std::is_signed_v<T_Param> == std::is_signed_v<T_Value>) {
        // a direct call would lose nothing, so this one must not
        return convert_integer<T_Sandboxed>(own);
      } else {
        return static_cast<T_Sandboxed>(own);
      }
    }
  } else {
    // enums and floating-point numbers look the same on both sides
    return static_cast<T_Sandboxed>(static_cast<T_Param>(value));
  }
}

/// An argument as the parameter's sandbox representation T_Sandboxed; T_Param is its application
/// type.
template <typename T_Sandboxed, typename T_Param, typename T_Sbx, typename T_Arg>
RLBOX_DETAIL_ALWAYS_INLINE T_Sandboxed lower_argument(rlbox_sandbox<T_Sbx>& sandbox,
                                                      const T_Arg& arg) {
  constexpr wrapper_kind kind = wrapper_kind_v<T_Arg>;
  using T_Payload = payload_t<T_Arg>;
  if constexpr (std::is_null_pointer_v<T_Arg>) {
    return T_Sandboxed{};
  } else if constexpr (kind == wrapper_kind::opaque) {
    return lower_argument<T_Sandboxed, T_Param>(sandbox, from_opaque(arg));
  } else if constexpr (kind == wrapper_kind::callback) {
    return access::callback_trampoline(arg);
  } else if constexpr (kind == wrapper_kind::none) {
    return lower_scalar<T_Sandboxed, T_Param, T_Sbx>(arg);
  } else if constexpr (is_fundamental_or_enum_v<T_Payload>) {
    const T_Payload value = arg.INTERNAL_unverified_safe();
    return lower_scalar<T_Sandboxed, T_Param, T_Sbx>(value);
  } else if constexpr (kind == wrapper_kind::app_ptr) {
    return arg.UNSAFE_sandboxed(sandbox);
  } else {
    return arg.INTERNAL_sandboxed(sandbox);
  }
}

// ---- results ----

/// A value in sandbox representation as a tainted value of the application's type T.
template <typename T, typename T_Sbx, typename T_Sandboxed>
RLBOX_DETAIL_ALWAYS_INLINE tainted<std::remove_cv_t<T>, T_Sbx> raise_value(
    [[maybe_unused]] rlbox_sandbox<T_Sbx>& sandbox, const T_Sandboxed& value) {
  using T_Bare = std::remove_cv_t<T>;
  if constexpr (is_aggregate_value_v<T_Bare>) {
    uninitialized<T_Bare> raw;
    convert_type<T_Sbx, adjust_type_direction::TO_APPLICATION, adjust_type_context::SANDBOX>(
        raw.value, value, nullptr, &sandbox);
    tainted<T_Bare, T_Sbx> ret;
    static_assert(sizeof(ret) == sizeof(raw));
    std::memcpy(static_cast<void*>(&ret), static_cast<const void*>(&raw), sizeof(raw));
    return ret;
  } else {
    T_Bare raw{};
    convert_type_non_class<T_Sbx, adjust_type_direction::TO_APPLICATION,
                           adjust_type_context::SANDBOX>(raw, value, nullptr, &sandbox);
    return access::make<T_Bare, T_Sbx>(raw);
  }
}

/// Result of a backend's call, which may be the generated function's own type for scalars.
template <typename T_Expected, typename T_Result>
RLBOX_DETAIL_ALWAYS_INLINE T_Expected normalize_result(T_Result result) {
  if constexpr (std::is_enum_v<T_Expected> && std::is_same_v<T_Expected, T_Result>) {
    return read_once(result);
  } else if constexpr (std::is_same_v<T_Expected, T_Result>) {
    return result;
  } else if constexpr (std::is_enum_v<T_Expected>) {
    return enum_from_bits<T_Expected>(result);
  } else if constexpr (std::is_same_v<T_Expected, bool>) {
    return result != T_Result{};
  } else if constexpr (std::is_pointer_v<T_Expected> && std::is_pointer_v<T_Result>) {
    return reinterpret_cast<T_Expected>(result);
  } else {
    return static_cast<T_Expected>(result);
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_INVOKE_HPP_
