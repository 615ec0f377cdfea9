#ifndef RLBOX_INTERNAL_TAINTED_HPP_
#define RLBOX_INTERNAL_TAINTED_HPP_
/// \file
/// `tainted<T, T_Sbx>`: a value of the application's type T, in application memory, that came from
/// the sandbox. Registered structs get specialisations (rlbox_internal/struct_support.hpp).

#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/tainted_base.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox {
namespace detail {

template <typename T, typename T_Sbx>
struct tainted_storage {
  using type = T;
};
/// Arrays hold wrapped elements, so that a[i] refers to a real object.
template <typename T, std::size_t N, typename T_Sbx>
struct tainted_storage<T[N], T_Sbx> {
  using type = tainted<T, T_Sbx>[N];
};

/// Conversions between payload types that C++ does implicitly and that cannot lose or reinterpret
/// anything: added qualification, to void*, wider integers and floating-point numbers.
template <typename T_From, typename T_To>
constexpr bool is_safe_payload_conversion() {
  using From = std::remove_cv_t<T_From>;
  using To = std::remove_cv_t<T_To>;
  if constexpr (std::is_same_v<From, To>) {
    return !std::is_array_v<From>;
  } else if constexpr (is_data_ptr_v<From> && is_data_ptr_v<To>) {
    using FromPointee = std::remove_cv_t<std::remove_pointer_t<From>>;
    using ToPointee = std::remove_cv_t<std::remove_pointer_t<To>>;
    return std::is_convertible_v<From, To> &&
           (std::is_same_v<FromPointee, ToPointee> || std::is_void_v<ToPointee>);
  } else if constexpr (std::is_same_v<From, bool> || std::is_same_v<To, bool>) {
    return false;
  } else if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    return std::numeric_limits<To>::digits >= std::numeric_limits<From>::digits &&
           (std::is_signed_v<To> || std::is_unsigned_v<From>);
  } else if constexpr (std::is_floating_point_v<From> && std::is_floating_point_v<To>) {
    return std::numeric_limits<To>::digits >= std::numeric_limits<From>::digits;
  } else {
    return false;
  }
}

/// True for casts from a wrapper of T to a plain type that would compile for the raw value.
template <typename U, typename T>
inline constexpr bool is_refused_cast_v =
    (is_fundamental_or_enum_v<T> && is_fundamental_or_enum_v<U> && !std::is_same_v<U, bool>) ||
    (std::is_pointer_v<T> && std::is_pointer_v<U>);

/// The advice given wherever a raw pointer is used as a tainted one.
#define RLBOX_DETAIL_RAW_POINTER_MESSAGE                                                          \
  "RLBox: a raw pointer cannot be stored in a tainted pointer, because it may refer to memory "   \
  "outside of the sandbox. Allocate with sandbox.malloc_in_sandbox<T>() and copy the data; for "  \
  "functions use sandbox.register_callback(f) or sandbox.get_sandbox_function_address(f); for a " \
  "pointer known to be in the sandbox use assign_raw_pointer(sandbox, p)."

}  // namespace detail

/// A value from the sandbox in application memory: usable in computations, not as a plain value.
template <typename T, typename T_Sbx>
class tainted : public tainted_base_impl<tainted, T, T_Sbx> {
  using T_Bare = std::remove_cv_t<T>;

  static_assert(!std::is_class_v<T_Bare> && !std::is_union_v<T_Bare>,
                "RLBox: this struct is not known to the framework. Either its library's structs "
                "were not loaded "
                "with rlbox_load_structs_from_library(library) before this use, or the struct is "
                "missing from the "
                "library's sandbox_fields_reflection macros.");
  static_assert(
      detail::is_fundamental_or_enum_v<T_Bare> || std::is_pointer_v<T_Bare> || std::is_array_v<T> ||
          std::is_class_v<T_Bare> || std::is_union_v<T_Bare>,
      "RLBox: only numbers, enums, pointers, arrays and registered structs can be tainted.");

  template <typename U, typename V>
  friend class tainted;
  friend struct detail::access;
  template <template <typename, typename> typename W, typename U, typename V>
  friend class tainted_base_impl;

  typename detail::tainted_storage<T, T_Sbx>::type data;

  RLBOX_DETAIL_ALWAYS_INLINE tainted(detail::raw_tag, T_Bare value) : data(value) {}

 public:
  /// The application's type.
  using payload_type = T;

  /// Uninitialised; `tainted<T> x{}` is zero.
  tainted() = default;
  tainted(const tainted&) = default;
  tainted& operator=(const tainted&) = default;

  /// Copies the value out of sandbox memory, once.
  template <typename T_Source, RLBOX_ENABLE_IF(std::is_same_v<std::remove_cv_t<T_Source>, T_Bare>)>
  tainted(const tainted_volatile<T_Source, T_Sbx>& from) : tainted(from, std::is_array<T>{}) {}

  /// Null: from nullptr, 0 and NULL.
  tainted(std::conditional_t<std::is_pointer_v<T_Bare>, std::nullptr_t, detail::raw_tag>)
      : data{} {}

  /// A plain number or enum.
  template <typename U,
            RLBOX_ENABLE_IF(detail::is_fundamental_or_enum_v<U>&& detail::is_fundamental_or_enum_v<
                            T_Bare>&& std::is_convertible_v<U, T>)>
  tainted(const U& value) : data(static_cast<T_Bare>(value)) {}

  /// Implicit conversions that lose nothing, as of the raw types: T* to const T*, to void*, int to
  /// long.
  template <typename U,
            RLBOX_ENABLE_IF(!std::is_same_v<U, T> && detail::is_safe_payload_conversion<U, T>())>
  tainted(const tainted<U, T_Sbx>& from) : data(from.data) {}

  /// Raw pointers are refused, with advice.
  template <typename U,
            RLBOX_ENABLE_IF(std::is_pointer_v<std::decay_t<U>>&& std::is_pointer_v<T_Bare>)>
  tainted(U&&) : data(nullptr) {
    constexpr bool never = detail::false_v<U>;
    rlbox_detail_static_fail_because(!never, RLBOX_DETAIL_RAW_POINTER_MESSAGE);
  }

  /// Callbacks are refused, with advice.
  template <typename U>
  tainted(const sandbox_callback<U, T_Sbx>&) : data(nullptr) {
    constexpr bool never = detail::false_v<U>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: a callback cannot be stored in a tainted function pointer. Pass the "
        "sandbox_callback itself to "
        "invoke_sandbox_function, or assign it to a function pointer in sandbox memory.");
  }

  /// Stores a raw pointer that is known to be in the sandbox; checked.
  template <typename T_Rhs>
  void assign_raw_pointer(rlbox_sandbox<T_Sbx>& sandbox, T_Rhs raw_ptr) {
    constexpr bool pointer = std::is_pointer_v<T_Bare>;
    constexpr bool assignable = std::is_assignable_v<T&, T_Rhs> && std::is_pointer_v<T_Rhs>;
    rlbox_detail_static_fail_because(!pointer,
                                     "RLBox: assign_raw_pointer applies to tainted pointers only.");
    rlbox_detail_static_fail_because(
        pointer && !assignable,
        "RLBox: the type of the raw pointer cannot be assigned to this tainted pointer.");
    if constexpr (pointer && assignable) {
      const T_Bare value = raw_ptr;
      detail::dynamic_check(
          sandbox.is_pointer_in_sandbox_memory(detail::pointer_to_address(value)),
          "RLBox: assign_raw_pointer was given a pointer that is not in sandbox memory");
      data = value;
    }
  }

  /// The same value without operations, for cheap declarations.
  tainted_opaque<T, T_Sbx> to_opaque() const {
    tainted_opaque<T, T_Sbx> ret;
    static_assert(sizeof(ret) == sizeof(*this));
    std::memcpy(static_cast<void*>(&ret), static_cast<const void*>(&data), sizeof(ret));
    return ret;
  }
  operator tainted_opaque<T, T_Sbx>() const { return to_opaque(); }

  /// Null test of pointers, so that `if (ptr)` works.
  template <typename T_Bool, RLBOX_ENABLE_IF(std::is_same_v<T_Bool, bool>)>
  operator T_Bool() const {
    constexpr bool pointer = std::is_pointer_v<T_Bare>;
    rlbox_detail_static_fail_because(!pointer,
                                     "RLBox: only tainted pointers can be used as a condition, as "
                                     "a null test. Verify other values first "
                                     "(copy_and_verify), or state why that is not needed "
                                     "(unverified_safe_because(\"reason\")).");
    if constexpr (pointer) {
      return data != nullptr;
    } else {
      return false;
    }
  }

  /// Casts are refused, with advice. Explicit: overload resolution and traits must not see it.
  template <typename U, RLBOX_ENABLE_IF(detail::is_refused_cast_v<U, T_Bare>)>
  explicit operator U() const {
    static_assert(
        detail::false_v<U>,
        "RLBox: a cast does not make a tainted value a plain one. Verify it (copy_and_verify "
        "and its relatives), or state why that is not needed "
        "(unverified_safe_because(\"reason\"), unverified_safe_pointer_because(count, "
        "\"reason\")). sandbox_static_cast and its relatives convert between tainted types.");
    return U{};
  }

  /// For library code: the raw value.
  RLBOX_DETAIL_ALWAYS_INLINE detail::plain_value_t<T> INTERNAL_unverified_safe() const {
    if constexpr (std::is_array_v<T>) {
      detail::plain_value_t<T> ret;
      static_assert(sizeof(ret) == sizeof(data));
      std::memcpy(static_cast<void*>(&ret), static_cast<const void*>(&data), sizeof(ret));
      return ret;
    } else {
      return data;
    }
  }

  /// For library code: the value in sandbox representation.
  auto INTERNAL_sandboxed(rlbox_sandbox<T_Sbx>& sandbox) const {
    using T_Equivalent = detail::convert_to_sandbox_equivalent_t<T_Bare, T_Sbx>;
    detail::plain_value_t<T_Equivalent> ret{};
    const auto value = INTERNAL_unverified_safe();
    detail::convert_type<T_Sbx, detail::adjust_type_direction::TO_SANDBOX,
                         detail::adjust_type_context::SANDBOX>(
        ret, value, static_cast<const void*>(nullptr), &sandbox);
    return ret;
  }

 private:
  tainted(const tainted_volatile<T, T_Sbx>& from, std::false_type)
      : data(from.INTERNAL_unverified_safe()) {}
  template <typename T_Source>
  tainted(const tainted_volatile<T_Source, T_Sbx>& from, std::false_type)
      : data(from.INTERNAL_unverified_safe()) {}
  template <typename T_Source>
  tainted(const tainted_volatile<T_Source, T_Sbx>& from, std::true_type) {
    from.INTERNAL_copy_to(*this);
  }
};

template <typename T, typename T_Sbx>
tainted(const tainted_volatile<T, T_Sbx>&) -> tainted<T, T_Sbx>;

/// Takes a tainted value back from its opaque form. Nothing is verified.
template <typename T, typename T_Sbx>
tainted<T, T_Sbx> from_opaque(tainted_opaque<T, T_Sbx> val) {
  tainted<T, T_Sbx> ret{};
  static_assert(sizeof(ret) == sizeof(val));
  std::memcpy(static_cast<void*>(&ret), static_cast<const void*>(&val), sizeof(ret));
  return ret;
}

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_TAINTED_HPP_
