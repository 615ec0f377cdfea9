#ifndef RLBOX_INTERNAL_UNWRAP_HPP_
#define RLBOX_INTERNAL_UNWRAP_HPP_
/// \file
/// The framework's own access to what the wrappers hold.

#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

/// How an owner of a registration refers to its sandbox. The sandbox keeps a pointer to the link
/// and clears it when it goes away first.
struct owner_link {
  void* sandbox = nullptr;
};

/// Selects the wrappers' private constructors; only the framework can make one.
class raw_tag {
  friend struct access;
  explicit raw_tag() = default;
};

/// The only way from the framework's functions to the wrappers' private parts.
struct access {
  /// A tainted scalar or pointer that holds `value`.
  template <typename T, typename T_Sbx>
  RLBOX_DETAIL_ALWAYS_INLINE static tainted<T, T_Sbx> make(std::remove_cv_t<T> value) {
    return tainted<T, T_Sbx>(raw_tag{}, value);
  }

  /// The stored member of a tainted or tainted_volatile (not a struct).
  template <typename W>
  static auto& data(W& wrapper) {
    return wrapper.data;
  }

  /// What a callback looks like in the sandbox.
  template <typename T, typename T_Sbx>
  static auto callback_trampoline(const sandbox_callback<T, T_Sbx>& callback) {
    return callback.trampoline;
  }
};

/// Bit-preserving exchange with tainted_opaque.
struct opaque_access {
  template <typename T, typename T_Sbx>
  static auto& data(tainted_opaque<T, T_Sbx>& opaque) {
    return opaque.data;
  }
  template <typename T, typename T_Sbx>
  static const auto& data(const tainted_opaque<T, T_Sbx>& opaque) {
    return opaque.data;
  }
};

/// The raw value of a wrapper or hint; a plain value unchanged.
template <typename T>
RLBOX_DETAIL_ALWAYS_INLINE auto unwrap_value(const T& value) {
  constexpr wrapper_kind kind = wrapper_kind_v<T>;
  if constexpr (kind == wrapper_kind::none) {
    return value;
  } else {
    return value.INTERNAL_unverified_safe();
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_UNWRAP_HPP_
