#ifndef RLBOX_INTERNAL_TAINTED_VOLATILE_HPP_
#define RLBOX_INTERNAL_TAINTED_VOLATILE_HPP_
/// \file
/// `tainted_volatile<T, T_Sbx>`: a value of the application's type T that lives in sandbox memory
/// in sandbox representation. It is only ever reached through a tainted pointer; the library may
/// change it at any time, so every use reads it once, afresh.

#include <array>
#include <cstddef>
#include <type_traits>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_base.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox {
namespace detail {

template <typename T, typename T_Sbx>
struct volatile_storage {
  using type = std::add_volatile_t<convert_to_sandbox_equivalent_t<T, T_Sbx>>;
};
template <typename T, std::size_t N, typename T_Sbx>
struct volatile_storage<T[N], T_Sbx> {
  using type = tainted_volatile<T, T_Sbx>[N];
};

/// Types whose storage may be formed; others get a stand-in, so that one message appears.
template <typename T>
inline constexpr bool is_storable_v = is_fundamental_or_enum_v<std::remove_cv_t<T>> ||
                                      std::is_pointer_v<std::remove_cv_t<T>> || std::is_array_v<T>;

}  // namespace detail

/// A value in sandbox memory.
template <typename T, typename T_Sbx>
class tainted_volatile : public tainted_base_impl<tainted_volatile, T, T_Sbx> {
  using T_Bare = std::remove_cv_t<T>;

  static_assert(!std::is_class_v<T> && !std::is_union_v<T>,
                "RLBox: this struct is not known to the framework. Either its library's structs "
                "were not loaded "
                "with rlbox_load_structs_from_library(library) before this use, or the struct is "
                "missing from the "
                "library's sandbox_fields_reflection macros.");
  static_assert(
      detail::is_storable_v<T> || std::is_class_v<T> || std::is_union_v<T>,
      "RLBox: only numbers, enums, pointers, arrays and registered structs can be in the sandbox.");
  static_assert(!std::is_volatile_v<T>,
                "RLBox: pointers to volatile are not supported; remove volatile from the pointee. "
                "Access to sandbox memory is volatile anyway.");

  template <typename U, typename V>
  friend class tainted_volatile;
  template <typename U, typename V>
  friend class tainted;
  friend struct detail::access;

  using T_Storable =
      std::conditional_t<detail::is_storable_v<T> && !std::is_volatile_v<T>, T, char>;
  alignas(detail::sandbox_alignof<T_Storable, T_Sbx>())
      typename detail::volatile_storage<T_Storable, T_Sbx>::type data;

  using T_Equivalent = detail::convert_to_sandbox_equivalent_t<std::remove_cv_t<T_Storable>, T_Sbx>;

  tainted_volatile() = default;
  tainted_volatile(const tainted_volatile&) = default;  // for a copy: tainted<T, S> x = p->field;

  const void* example() const {
    return const_cast<const void*>(static_cast<const volatile void*>(&data));
  }

  template <typename T_Value>
  void store_converted(const T_Value& value) {
    detail::convert_type_non_class<T_Sbx, detail::adjust_type_direction::TO_SANDBOX,
                                   detail::adjust_type_context::EXAMPLE>(
        data, value, example(), static_cast<rlbox_sandbox<T_Sbx>*>(nullptr));
  }

  template <typename T_Rhs>
  void store(T_Rhs&& rhs) {
    using R = detail::remove_cvref_t<T_Rhs>;
    constexpr detail::wrapper_kind kind = detail::wrapper_kind_v<R>;
    using T_Payload = detail::payload_t<R>;
    constexpr bool pointer = std::is_pointer_v<T_Bare>;

    if constexpr (std::is_null_pointer_v<R>) {
      rlbox_detail_static_fail_because(!pointer, "RLBox: nullptr can only be stored in a pointer.");
      if constexpr (pointer) {
        data = typename T_Sbx::T_PointerType{};
      }
    } else if constexpr (kind == detail::wrapper_kind::callback) {
      constexpr bool assignable = std::is_assignable_v<T_Bare&, T_Payload>;
      constexpr bool temporary = !std::is_lvalue_reference_v<T_Rhs>;
      rlbox_detail_static_fail_because(
          temporary,
          "RLBox: this callback would be unregistered at the end of the statement. Keep the "
          "sandbox_callback in a "
          "variable that lives as long as the library may call it, and assign that variable.");
      rlbox_detail_static_fail_because(
          !assignable, "RLBox: the callback's type does not match the function pointer's type.");
      if constexpr (assignable) {
        data = detail::access::callback_trampoline(rhs);
      }
    } else if constexpr (kind == detail::wrapper_kind::tainted ||
                         kind == detail::wrapper_kind::tainted_volatile) {
      constexpr bool same_sandbox = std::is_same_v<detail::wrapper_sandbox_t<R>, T_Sbx>;
      constexpr bool pointers_match = !pointer || std::is_assignable_v<T_Bare&, T_Payload>;
      rlbox_detail_static_fail_because(
          !same_sandbox,
          "RLBox: a value of another sandbox type cannot be stored in this sandbox.");
      rlbox_detail_static_fail_because(
          same_sandbox && !pointers_match,
          "RLBox: the tainted pointer's type cannot be assigned to this pointer. Convert it with "
          "sandbox_reinterpret_cast, sandbox_static_cast or sandbox_const_cast.");
      if constexpr (same_sandbox && pointers_match) {
        store_wrapper(rhs);
      }
    } else if constexpr (detail::is_fundamental_or_enum_v<R> &&
                         detail::is_fundamental_or_enum_v<T_Bare>) {
      store_plain(rhs);
    } else if constexpr (detail::is_c_or_std_array_v<R> && std::is_array_v<T> &&
                         !std::is_pointer_v<detail::innermost_element_t<R>>) {
      store_plain_array(rhs);
    } else {
      constexpr bool raw_pointer = std::is_pointer_v<std::decay_t<T_Rhs>> ||
                                   std::is_pointer_v<detail::innermost_element_t<R>>;
      constexpr bool zero = pointer && std::is_integral_v<R>;
      rlbox_detail_static_fail_because(raw_pointer, RLBOX_DETAIL_RAW_POINTER_MESSAGE);
      rlbox_detail_static_fail_because(
          zero,
          "RLBox: an integer cannot be stored in a pointer, not even 0 or NULL. Use nullptr.");
      rlbox_detail_static_fail_because(
          !raw_pointer && !zero,
          "RLBox: a value of this type cannot be stored in sandbox memory here.");
    }
  }

  template <typename T_Value>
  void store_plain(const T_Value& value) {
    if constexpr (std::is_integral_v<T_Value> && std::is_floating_point_v<T_Bare>) {
      data = static_cast<T_Equivalent>(value);
    } else {
      store_converted(value);
    }
  }

  template <typename T_Array>
  void store_plain_array(const T_Array& values) {
    constexpr bool same = detail::all_extents_same<T_Array, T>;
    rlbox_detail_static_fail_because(
        !same, "RLBox: arrays of different sizes cannot be assigned to each other.");
    if constexpr (same) {
      for (std::size_t i = 0; i < std::extent_v<T>; i++) {
        data[i] = values[i];
      }
    }
  }

  template <typename T_Rhs>
  void store_wrapper(const T_Rhs& rhs) {
    using T_Payload = detail::payload_t<T_Rhs>;
    constexpr bool arrays = std::is_array_v<T> && std::is_array_v<T_Payload>;
    if constexpr (arrays) {
      constexpr bool same = detail::all_extents_same<T_Payload, T>;
      rlbox_detail_static_fail_because(
          !same, "RLBox: arrays of different sizes cannot be assigned to each other.");
      if constexpr (same) {
        for (std::size_t i = 0; i < std::extent_v<T>; i++) {
          data[i] = detail::access::data(rhs)[i];
        }
      }
    } else if constexpr (detail::rlbox_is_tainted_volatile_v<T_Rhs>) {
      if constexpr (std::is_pointer_v<T_Bare>) {
        if (!rlbox_sandbox<T_Sbx>::is_in_same_sandbox(example(), rhs.example())) {
          // what the number means there it does not mean here: refused, but for null
          const T_Bare value = rhs.INTERNAL_unverified_safe();
          store_converted(value);
          return;
        }
      }
      detail::convert_type_non_class<T_Sbx, detail::adjust_type_direction::NO_CHANGE,
                                     detail::adjust_type_context::EXAMPLE>(
          data, detail::access::data(rhs), static_cast<const void*>(nullptr),
          static_cast<rlbox_sandbox<T_Sbx>*>(nullptr));
    } else if constexpr (std::is_pointer_v<T_Bare>) {
      const T_Bare value = rhs.INTERNAL_unverified_safe();
      store_converted(value);
    } else {
      store_converted(rhs.INTERNAL_unverified_safe());
    }
  }

 public:
  /// The application's type.
  using payload_type = T;

  /// Stores into sandbox memory, converted and range-checked.
  template <typename T_RhsRef>
  tainted_volatile& operator=(T_RhsRef&& rhs) {
    constexpr bool read_only = std::is_const_v<std::remove_all_extents_t<T>>;
    rlbox_detail_static_fail_because(
        read_only,
        "RLBox: this value was reached through a pointer to const and cannot be changed.");
    if constexpr (!read_only) {
      store(std::forward<T_RhsRef>(rhs));
    }
    return *this;
  }
  tainted_volatile& operator=(const tainted_volatile& rhs) {
    return operator= <const tainted_volatile&>(rhs);
  }

  /// Stores a raw pointer that is known to be in the sandbox; checked.
  template <typename T_Rhs>
  void assign_raw_pointer(rlbox_sandbox<T_Sbx>& sandbox, T_Rhs raw_ptr) {
    tainted<T_Bare, T_Sbx> value;
    value.assign_raw_pointer(sandbox, raw_ptr);
    *this = value;
  }

  /// The address as a tainted pointer.
  tainted<T*, T_Sbx> operator&() {
    return detail::access::make<T*, T_Sbx>(reinterpret_cast<T*>(const_cast<void*>(example())));
  }
  tainted<const T*, T_Sbx> operator&() const {
    return detail::access::make<const T*, T_Sbx>(reinterpret_cast<const T*>(example()));
  }

  /// Conditions and casts are refused, with advice.
  template <typename U,
            RLBOX_ENABLE_IF(std::is_same_v<U, bool> || detail::is_refused_cast_v<U, T_Bare>)>
  explicit operator U() const {
    static_assert(
        detail::false_v<U>,
        "RLBox: a value in sandbox memory cannot be used as a condition or cast to a plain value, "
        "since the library chose it and may change it at any time. Assign it to a tainted variable "
        "first, and verify that (copy_and_verify).");
    return U{};
  }

  /// For library code: the raw value, in the application's representation.
  detail::plain_value_t<T> INTERNAL_unverified_safe() const {
    if constexpr (std::is_array_v<T>) {
      tainted<std::remove_const_t<T>, T_Sbx> copy;
      INTERNAL_copy_to(copy);
      return copy.INTERNAL_unverified_safe();
    } else {
      T_Bare ret{};
      detail::convert_type_non_class<T_Sbx, detail::adjust_type_direction::TO_APPLICATION,
                                     detail::adjust_type_context::EXAMPLE>(
          ret, data, example(), static_cast<rlbox_sandbox<T_Sbx>*>(nullptr));
      return ret;
    }
  }

  /// For library code: the stored representation.
  auto INTERNAL_sandboxed(rlbox_sandbox<T_Sbx>&) const {
    if constexpr (std::is_array_v<T>) {
      detail::plain_value_t<T_Equivalent> ret;
      detail::copy_from_shared(&ret, &data, sizeof(ret));
      return ret;
    } else {
      return detail::read_once(data);
    }
  }

  /// For library code: copies an array out of the sandbox, element by element or as a block.
  template <typename T_To>
  void INTERNAL_copy_to(tainted<T_To, T_Sbx>& to) const {
    static_assert(std::is_array_v<T>);
    auto& to_data = detail::access::data(to);
    if constexpr (detail::is_copied_as_bytes<T, T_Sbx>()) {
      static_assert(sizeof(to_data) == sizeof(data));
      detail::copy_from_shared(&to_data, &data, sizeof(data));
    } else {
      for (std::size_t i = 0; i < std::extent_v<T>; i++) {
        to_data[i] = data[i];
      }
    }
  }
};

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_TAINTED_VOLATILE_HPP_
