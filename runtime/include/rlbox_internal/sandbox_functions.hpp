#ifndef RLBOX_INTERNAL_SANDBOX_FUNCTIONS_HPP_
#define RLBOX_INTERNAL_SANDBOX_FUNCTIONS_HPP_
/// \file
/// Members of rlbox_sandbox that call functions by name, and those that give functions' addresses.

#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/sandbox.hpp"

namespace rlbox {

// T_Pointer is what `declared` returned; `function` is the same with a backend that calls the
// library directly, and a descriptor's member otherwise.
template <typename T_Sbx>
template <typename T_Pointer, typename T_Fn, typename... T_Args>
RLBOX_DETAIL_ALWAYS_INLINE auto rlbox_sandbox<T_Sbx>::INTERNAL_call_by_name(const char* name,
                                                                            T_Fn function,
                                                                            const T_Args&... args) {
  using T_Func = std::remove_pointer_t<T_Pointer>;
  if constexpr (std::is_same_v<T_Pointer, detail::undeclared_function>) {
    constexpr bool never = detail::false_v<T_Pointer>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: the library's headers declare this function for the sandbox, and not, or with "
        "other parameters, for the application. Compile the application with the macros that the "
        "library is compiled with.");
    return tainted<int, T_Sbx>{};
  } else if constexpr (detail::any_argument_is<T_Sbx, T_Args...>(
                           detail::argument_kind::raw_pointer)) {
    return detail::failed_call_result<T_Func, T_Sbx>();  // RLBOX_DETAIL_ARGUMENT reported it
  } else if constexpr (std::is_same_v<T_Pointer, T_Fn>) {
    return checked_invoke<T_Func>(name, reinterpret_cast<void*>(function), args...);
  } else if constexpr (detail::is_described_v<const T_Fn>) {
    return detail::call_described<T_Sbx>(
        function,
        [&](auto target) RLBOX_DETAIL_ALWAYS_INLINE_LAMBDA {
          return checked_invoke<T_Func>(name, target, args...);
        },
        args...);
  } else {
    return checked_invoke<T_Func>(name, function, args...);
  }
}

template <typename T_Sbx>
template <typename T, typename T_Lookup>
auto rlbox_sandbox<T_Sbx>::INTERNAL_get_sandbox_function_ptr(const T_Lookup& lookup) {
  using T_Func = typename detail::function_traits<std::remove_pointer_t<T>>::type;
  const auto function = detail::resolve_function<T_Sbx>(lookup);
  if constexpr (std::is_same_v<decltype(function), const detail::unresolved_function>) {
    return tainted<T_Func*, T_Sbx>(nullptr);
  } else {
    return detail::access::make<T_Func*, T_Sbx>(
        reinterpret_cast<T_Func*>(detail::address_of(function)));
  }
}

template <typename T_Sbx>
template <typename T>
auto rlbox_sandbox<T_Sbx>::INTERNAL_get_sandbox_function_name(const char* name) {
  using T_Func = typename detail::function_traits<std::remove_pointer_t<T>>::type;
  return detail::access::make<T_Func*, T_Sbx>(
      reinterpret_cast<T_Func*>(internal_lookup_symbol(name)));
}

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_SANDBOX_FUNCTIONS_HPP_
