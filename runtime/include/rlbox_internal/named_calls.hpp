#ifndef RLBOX_INTERNAL_NAMED_CALLS_HPP_
#define RLBOX_INTERNAL_NAMED_CALLS_HPP_
/// \file
/// Calls by name: `sandbox.parse(input, size)` beside
/// `sandbox.invoke_sandbox_function(parse, input, size)`.
///
/// `<module>.rlbox.h` has a class template with a member for each function of the library. The
/// class derives from the backend, and `rlbox_sandbox` from the class. So the framework's own
/// members hide functions of the same name, and functions hide the backend's members; what the
/// framework calls of a backend begins with `impl_`, and no member of the class does.

#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/tainted.hpp"

namespace rlbox::detail {

/// The class between a sandbox and a backend for which no calls by name were generated.
template <typename T_Sbx>
class no_named_calls : protected T_Sbx {};

template <typename T_Sbx, typename = void>
struct find_named_calls {
  using type = no_named_calls<T_Sbx>;
};
template <typename T_Sbx>
struct find_named_calls<
    T_Sbx, std::void_t<typename T_Sbx::rlbox_named_type::template rlbox_calls<T_Sbx>>> {
  using type = typename T_Sbx::rlbox_named_type::template rlbox_calls<T_Sbx>;
};
/// What `rlbox_sandbox<T_Sbx>` derives from.
template <typename T_Sbx>
using named_calls_t = typename find_named_calls<T_Sbx>::type;

// ---- the library's declarations ----

// `&f` is looked up together with a stand-in `f` of another number of parameters, so that it means
// something where the application's headers do not declare the library's f: headers may depend on
// the platform. Of the two functions, the template below takes the library's, which is better for
// the argument 0.

struct undeclared;
/// What a stand-in returns, and what stands for a function that is not declared.
struct undeclared_function {};

/// The stand-in of a function with parameters, and that of one without. As a class, since a pointer
/// to it would be as good as one to the library's function where that is noexcept.
struct stand_in {
  constexpr stand_in(undeclared_function (*)()) {}
};
struct stand_in_without_parameters {
  constexpr stand_in_without_parameters(undeclared_function (*)(undeclared*)) {}
};

/// The address of a function with parameters, or an undeclared_function.
template <typename T_Any, typename T_Ret, typename T_First, typename... T_Args>
RLBOX_DETAIL_ALWAYS_INLINE constexpr auto declared(T_Ret (*function)(T_First, T_Args...), int) {
  return function;
}
template <typename T_Any>
constexpr undeclared_function declared(stand_in, long) {
  return {};
}

/// The same for a function without parameters.
template <typename T_Any, typename T_Ret>
RLBOX_DETAIL_ALWAYS_INLINE constexpr auto declared_without_parameters(T_Ret (*function)(), int) {
  return function;
}
template <typename T_Any>
constexpr undeclared_function declared_without_parameters(stand_in_without_parameters, long) {
  return {};
}

// ---- arguments ----

template <typename T>
inline constexpr bool is_plain_function_v =
    std::is_function_v<std::remove_pointer_t<std::decay_t<T>>>;
template <typename T>
inline constexpr bool is_plain_data_v =
    std::is_pointer_v<std::decay_t<T>> && !is_plain_function_v<T>;

// ---- calls ----

/// Says why a function that the headers declare cannot be called.
template <typename T_Sbx, typename T_Function>
auto call_left_out(T_Function) {
  T_Function::template say_why<T_Sbx>();
  return tainted<int, T_Sbx>{};
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_NAMED_CALLS_HPP_
