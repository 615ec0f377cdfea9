#ifndef RLBOX_INTERNAL_WRAPPER_TRAITS_HPP_
#define RLBOX_INTERNAL_WRAPPER_TRAITS_HPP_
/// \file
/// Traits that recognise the wrapper types and take them apart.

#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"

namespace rlbox::detail {

struct access;

enum class wrapper_kind {
  none,
  tainted,
  tainted_volatile,
  opaque,
  callback,
  app_ptr,
  bool_hint,
  int_hint
};

template <typename T>
struct wrapper_info {
  static constexpr wrapper_kind kind = wrapper_kind::none;
  using payload = T;
  using sandbox = void;
};

#define RLBOX_DETAIL_WRAPPER_INFO(WRAPPER, KIND)             \
  template <typename T, typename T_Sbx>                      \
  struct wrapper_info<WRAPPER<T, T_Sbx>> {                   \
    static constexpr wrapper_kind kind = wrapper_kind::KIND; \
    using payload = T;                                       \
    using sandbox = T_Sbx;                                   \
  };
RLBOX_DETAIL_WRAPPER_INFO(tainted, tainted)
RLBOX_DETAIL_WRAPPER_INFO(tainted_volatile, tainted_volatile)
RLBOX_DETAIL_WRAPPER_INFO(tainted_opaque, opaque)
RLBOX_DETAIL_WRAPPER_INFO(sandbox_callback, callback)
RLBOX_DETAIL_WRAPPER_INFO(app_pointer, app_ptr)
#undef RLBOX_DETAIL_WRAPPER_INFO

template <>
struct wrapper_info<tainted_boolean_hint> {
  static constexpr wrapper_kind kind = wrapper_kind::bool_hint;
  using payload = bool;
  using sandbox = void;
};
template <>
struct wrapper_info<tainted_int_hint> {
  static constexpr wrapper_kind kind = wrapper_kind::int_hint;
  using payload = int;
  using sandbox = void;
};

/// Kind of T, cv-qualified or a reference or not.
template <typename T>
inline constexpr wrapper_kind wrapper_kind_v = wrapper_info<remove_cvref_t<T>>::kind;

template <typename T>
inline constexpr bool rlbox_is_tainted_v =
    wrapper_info<std::remove_cv_t<T>>::kind == wrapper_kind::tainted;
template <typename T>
inline constexpr bool rlbox_is_tainted_volatile_v =
    wrapper_info<std::remove_cv_t<T>>::kind == wrapper_kind::tainted_volatile;
template <typename T>
inline constexpr bool rlbox_is_tainted_opaque_v =
    wrapper_info<std::remove_cv_t<T>>::kind == wrapper_kind::opaque;
/// W of the documentation.
template <typename T>
inline constexpr bool rlbox_is_tainted_or_vol_v =
    rlbox_is_tainted_v<T> || rlbox_is_tainted_volatile_v<T>;
template <typename T>
inline constexpr bool rlbox_is_tainted_boolean_hint_v =
    wrapper_info<std::remove_cv_t<T>>::kind == wrapper_kind::bool_hint;
/// Any type that the framework defines.
template <typename T>
inline constexpr bool rlbox_is_wrapper_v =
    wrapper_info<std::remove_cv_t<T>>::kind != wrapper_kind::none;

/// Payload of tainted, tainted_volatile, tainted_opaque and sandbox_callback; other types stay.
template <typename T>
struct remove_wrapper {
  using type = T;
};
template <typename T, typename T_Sbx>
struct remove_wrapper<tainted<T, T_Sbx>> {
  using type = T;
};
template <typename T, typename T_Sbx>
struct remove_wrapper<tainted_volatile<T, T_Sbx>> {
  using type = T;
};
template <typename T, typename T_Sbx>
struct remove_wrapper<tainted_opaque<T, T_Sbx>> {
  using type = T;
};
template <typename T, typename T_Sbx>
struct remove_wrapper<sandbox_callback<T, T_Sbx>> {
  using type = T;
};
template <typename T>
using rlbox_remove_wrapper_t = typename remove_wrapper<T>::type;

/// Payload of any wrapper or hint, the type itself otherwise; no reference, no qualifiers.
template <typename T>
using payload_t = std::remove_cv_t<typename wrapper_info<remove_cvref_t<T>>::payload>;

/// The backend type of a wrapper, void for hints and plain values.
template <typename T>
using wrapper_sandbox_t = typename wrapper_info<remove_cvref_t<T>>::sandbox;

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_WRAPPER_TRAITS_HPP_
