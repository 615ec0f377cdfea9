#ifndef RLBOX_INTERNAL_TYPE_TRAITS_HPP_
#define RLBOX_INTERNAL_TYPE_TRAITS_HPP_
/// \file
/// Traits of plain C++ types: arrays, functions, categories.

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace rlbox::detail {

template <typename T>
using remove_cvref_t = std::remove_cv_t<std::remove_reference_t<T>>;

/// Makes a parameter type non-deducible.
template <typename T>
struct identity {
  using type = T;
};
template <typename T>
using identity_t = typename identity<T>::type;

// ---- scalars ----

/// F of the documentation: numbers, bool, character types and enums.
template <typename T>
inline constexpr bool is_fundamental_or_enum_v = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// A plain value that may appear as operand of a wrapper operator.
template <typename T>
inline constexpr bool is_plain_operand_v = std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                                           std::is_pointer_v<T> || std::is_null_pointer_v<T>;

template <typename T>
inline constexpr bool is_func_ptr_v =
    std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>;

template <typename T>
inline constexpr bool is_data_ptr_v = std::is_pointer_v<T> && !is_func_ptr_v<T>;

/// Structs and unions, which cross the boundary by way of memory.
template <typename T>
inline constexpr bool is_aggregate_value_v = std::is_class_v<T> || std::is_union_v<T>;

// ---- arrays ----

template <typename T>
struct std_array_traits : std::false_type {
  using c_array = T;
};
template <typename T, std::size_t N>
struct std_array_traits<std::array<T, N>> : std::true_type {
  using c_array = T[N];
};
template <typename T, std::size_t N>
struct std_array_traits<const std::array<T, N>> : std::true_type {
  using c_array = const T[N];
};
template <typename T, std::size_t N>
struct std_array_traits<volatile std::array<T, N>> : std::true_type {
  using c_array = volatile T[N];
};
template <typename T, std::size_t N>
struct std_array_traits<const volatile std::array<T, N>> : std::true_type {
  using c_array = const volatile T[N];
};

template <typename T>
inline constexpr bool is_std_array_v = std_array_traits<T>::value;

/// C arrays of anything and std::array.
template <typename T>
inline constexpr bool is_c_or_std_array_v = std::is_array_v<T> || is_std_array_v<T>;

/// std::array<T, N> becomes T[N]; other types stay.
template <typename T>
using std_array_to_c_arr_t = typename std_array_traits<T>::c_array;

/// Element type of a C array or std::array, with the array's qualifiers.
template <typename T>
using array_element_t = std::remove_extent_t<std_array_to_c_arr_t<T>>;

/// Number of elements of a C array or std::array; 0 for other types.
template <typename T>
inline constexpr std::size_t array_extent_v = std::extent_v<std_array_to_c_arr_t<T>>;

/// The innermost element type of a C array or std::array of any rank.
template <typename T, bool = is_c_or_std_array_v<T>>
struct innermost_element {
  using type = T;
};
template <typename T>
struct innermost_element<T, true> : innermost_element<array_element_t<T>> {};
template <typename T>
using innermost_element_t = typename innermost_element<T>::type;

template <typename T1, typename T2>
constexpr bool all_extents_same_impl() {
  if constexpr (is_c_or_std_array_v<T1> != is_c_or_std_array_v<T2>) {
    return false;
  } else if constexpr (!is_c_or_std_array_v<T1>) {
    return true;
  } else {
    return array_extent_v<T1> == array_extent_v<T2> &&
           all_extents_same_impl<array_element_t<T1>, array_element_t<T2>>();
  }
}

/// Equal rank and equal extents in every dimension; element types do not matter.
template <typename T1, typename T2>
inline constexpr bool all_extents_same =
    all_extents_same_impl<std::remove_reference_t<T1>, std::remove_reference_t<T2>>();

/// What the application gets for a value of type T: arrays as std::array, no qualifiers.
template <typename T>
struct plain_value {
  using type = std::remove_cv_t<T>;
};
template <typename T, std::size_t N>
struct plain_value<T[N]> {
  using type = std::array<std::remove_cv_t<T>, N>;
};
template <typename T>
using plain_value_t = typename plain_value<T>::type;

// ---- functions ----

template <typename T>
struct function_traits {
  static constexpr bool is_function = false;
};
template <typename T_Ret, typename... T_Args>
struct function_traits<T_Ret(T_Args...)> {
  static constexpr bool is_function = true;
  static constexpr bool is_variadic = false;
  using type = T_Ret(T_Args...);
  using result = T_Ret;
  template <template <typename...> typename T_List>
  using args = T_List<T_Args...>;
  static constexpr std::size_t arity = sizeof...(T_Args);
};
template <typename T_Ret, typename... T_Args>
struct function_traits<T_Ret(T_Args...) noexcept> : function_traits<T_Ret(T_Args...)> {};
template <typename T_Ret, typename... T_Args>
struct function_traits<T_Ret(T_Args..., ...)> {
  static constexpr bool is_function = true;
  static constexpr bool is_variadic = true;
  using type = T_Ret(T_Args..., ...);
  using result = T_Ret;
  static constexpr std::size_t arity = sizeof...(T_Args);
};
template <typename T_Ret, typename... T_Args>
struct function_traits<T_Ret(T_Args..., ...) noexcept> : function_traits<T_Ret(T_Args..., ...)> {};

template <typename... T>
struct type_list {
  static constexpr std::size_t size = sizeof...(T);
};

template <std::size_t I, typename T_List>
struct type_at;
template <std::size_t I, template <typename...> typename T_List, typename T, typename... T_Rest>
struct type_at<I, T_List<T, T_Rest...>> : type_at<I - 1, T_List<T_Rest...>> {};
template <template <typename...> typename T_List, typename T, typename... T_Rest>
struct type_at<0, T_List<T, T_Rest...>> {
  using type = T;
};
template <std::size_t I, typename T_List>
using type_at_t = typename type_at<I, T_List>::type;

/// `type` is the first parameter type of a callable: function, function pointer, std::function,
/// lambda or functor whose call operator is not overloaded and not a template. Otherwise `void`.
template <typename T, typename = void>
struct first_parameter {
  using type = void;
};
template <typename T_Ret, typename T_Arg, typename... T_Args>
struct first_parameter<T_Ret (*)(T_Arg, T_Args...), void> {
  using type = T_Arg;
};
template <typename T_Ret, typename T_Arg, typename... T_Args>
struct first_parameter<T_Ret (*)(T_Arg, T_Args...) noexcept, void> {
  using type = T_Arg;
};
#define RLBOX_DETAIL_MEMBER_FIRST_PARAMETER(...)                                   \
  template <typename T_Class, typename T_Ret, typename T_Arg, typename... T_Args>  \
  struct first_parameter<T_Ret (T_Class::*)(T_Arg, T_Args...) __VA_ARGS__, void> { \
    using type = T_Arg;                                                            \
  };
RLBOX_DETAIL_MEMBER_FIRST_PARAMETER()
RLBOX_DETAIL_MEMBER_FIRST_PARAMETER(const)
RLBOX_DETAIL_MEMBER_FIRST_PARAMETER(noexcept)
RLBOX_DETAIL_MEMBER_FIRST_PARAMETER(const noexcept)
#undef RLBOX_DETAIL_MEMBER_FIRST_PARAMETER
template <typename T>
struct first_parameter<T, std::void_t<decltype(&T::operator())>>
    : first_parameter<decltype(&T::operator()), void> {};
template <typename T>
using first_parameter_t = typename first_parameter<std::decay_t<T>>::type;

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_TYPE_TRAITS_HPP_
