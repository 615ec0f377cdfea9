#ifndef RLBOX_TYPES_HPP_
#define RLBOX_TYPES_HPP_
/// \file
/// Forward declarations of the wrapper types, the complete `tainted_opaque`, and the macros that
/// name an application's sandbox types. Includes nothing, so that application headers can name
/// tainted types at no cost.

namespace rlbox {

/// A value of the application's type T that a sandbox of type T_Sbx produced or may have changed.
template <typename T, typename T_Sbx>
class tainted;

/// A value of the application's type T that lives in sandbox memory, in sandbox representation.
template <typename T, typename T_Sbx>
class tainted_volatile;

/// One sandbox instance of the backend T_Sbx.
template <typename T_Sbx>
class rlbox_sandbox;

/// Owns the registration of a callback of function-pointer type T.
template <typename T, typename T_Sbx>
class sandbox_callback;

/// Owns a token that stands for the application pointer T inside the sandbox.
template <typename T, typename T_Sbx>
class app_pointer;

class tainted_boolean_hint;
class tainted_int_hint;

namespace detail {
/// Framework access to the payload of a tainted_opaque.
struct opaque_access;
}  // namespace detail

/// A tainted value without operations, as cheap to declare and to pass as a T. Convert with
/// `tainted::to_opaque()` and `from_opaque()`.
template <typename T, typename T_Sbx>
class tainted_opaque {
  friend detail::opaque_access;
  T data{};

 public:
  tainted_opaque() = default;

  /// Makes the value zero (null for pointers).
  void set_zero() { *this = tainted_opaque(); }
};

class rlbox_noop_sandbox;
class rlbox_dylib_sandbox;

}  // namespace rlbox

/// Declares, at global scope, the types of library NAME in a sandbox of the existing type TYPE:
/// `rlbox_NAME_sandbox_type`, `rlbox_sandbox_NAME`, `tainted_NAME<T>`, `tainted_volatile_NAME<T>`,
/// `tainted_opaque_NAME<T>`, `sandbox_callback_NAME<T>`, `app_pointer_NAME<T>`.
#define RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(NAME, TYPE)                                       \
  using rlbox_##NAME##_sandbox_type = TYPE;                                                \
  using rlbox_sandbox_##NAME = rlbox::rlbox_sandbox<rlbox_##NAME##_sandbox_type>;          \
  template <typename T>                                                                    \
  using tainted_##NAME = rlbox::tainted<T, rlbox_##NAME##_sandbox_type>;                   \
  template <typename T>                                                                    \
  using tainted_volatile_##NAME = rlbox::tainted_volatile<T, rlbox_##NAME##_sandbox_type>; \
  template <typename T>                                                                    \
  using tainted_opaque_##NAME = rlbox::tainted_opaque<T, rlbox_##NAME##_sandbox_type>;     \
  template <typename T>                                                                    \
  using sandbox_callback_##NAME = rlbox::sandbox_callback<T, rlbox_##NAME##_sandbox_type>; \
  template <typename T>                                                                    \
  using app_pointer_##NAME = rlbox::app_pointer<T, rlbox_##NAME##_sandbox_type>;           \
  using rlbox::tainted_boolean_hint

/// The same for the backend class `rlbox::rlbox_SBX_sandbox`, which is declared as well.
#define RLBOX_DEFINE_BASE_TYPES_FOR(NAME, SBX) \
  namespace rlbox {                            \
  class rlbox_##SBX##_sandbox;                 \
  }                                            \
  RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(NAME, rlbox::rlbox_##SBX##_sandbox)

#endif  // RLBOX_TYPES_HPP_
