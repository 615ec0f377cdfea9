#ifndef RLBOX_INTERNAL_TAINTED_BASE_HPP_
#define RLBOX_INTERNAL_TAINTED_BASE_HPP_
/// \file
/// Members common to `tainted` and `tainted_volatile` for numbers, enums, pointers and arrays.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/in_place.hpp"
#include "rlbox_internal/policy_types.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/verify.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wc++26-extensions"
#endif

namespace rlbox {
namespace detail {

/// Refuses uses of a tainted pointer or array where a plain pointer is needed. The conversion is
/// deleted, so traits say that there is none. It is volatile, so all others are preferred: the null
/// test, and casts with their own advice.
///
/// Numbers do not have it: `condition ? tainted_number : 0` would become ambiguous. Nor do function
/// pointers, which gcc would take for something that can be called.
template <typename T, bool = is_data_ptr_v<T> || std::is_array_v<T>>
class a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify {};
template <typename T>
class a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify<T, true> {
 public:
  operator std::decay_t<T>() const volatile = RLBOX_DETAIL_DELETE_BECAUSE(
      "RLBox: a tainted pointer is not a plain one, since the library may change what it refers "
      "to. Copy that and verify it (copy_and_verify, copy_and_verify_range, "
      "copy_and_verify_string), or state why that is not needed "
      "(unverified_safe_pointer_because(count, \"reason\")).");
};

}  // namespace detail

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// Base of T_Wrap<T, T_Sbx>. Operators with two operands are free functions
/// (rlbox_internal/operators.hpp).
template <template <typename, typename> typename T_Wrap, typename T, typename T_Sbx>
class tainted_base_impl
    : public detail::a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify<T> {
  using T_Derived = T_Wrap<T, T_Sbx>;

  RLBOX_DETAIL_ALWAYS_INLINE const T_Derived& self() const {
    return static_cast<const T_Derived&>(*this);
  }
  RLBOX_DETAIL_ALWAYS_INLINE T_Derived& self() { return static_cast<T_Derived&>(*this); }

  static constexpr bool is_volatile = detail::rlbox_is_tainted_volatile_v<T_Derived>;
  using T_Bare = std::remove_cv_t<T>;
  using T_Plain = detail::plain_value_t<T>;
  using T_Pointee = std::remove_pointer_t<T_Bare>;
  using T_RangeElement = detail::range_element_t<T_Pointee>;

  static constexpr bool is_pointer = std::is_pointer_v<T_Bare>;
  static constexpr bool is_array = std::is_array_v<T>;
  static constexpr bool is_scalar = detail::is_fundamental_or_enum_v<T_Bare>;

  // Pointee as the user may access it; a harmless stand-in where access is diagnosed.
  static constexpr bool has_pointee =
      is_pointer && !std::is_void_v<T_Pointee> && !std::is_function_v<T_Pointee>;
  using T_Access = std::conditional_t<has_pointee, T_Pointee, char>;
  using T_PointeeWrap = tainted_volatile<T_Access, T_Sbx>;

  template <bool OfPointer, typename T_Dummy>
  struct indexed {
    using type = tainted_volatile<T_Access, T_Sbx>;
  };
  template <typename T_Dummy>
  struct indexed<false, T_Dummy> {
    using type = T_Wrap<std::conditional_t<is_array, std::remove_extent_t<T>, int>, T_Sbx>;
  };
  using T_Indexed = typename indexed<is_pointer || !is_array, void>::type;

  T_PointeeWrap* dereference() const {
    rlbox_detail_static_fail_because(!is_pointer,
                                     "RLBox: only tainted pointers can be dereferenced.");
    rlbox_detail_static_fail_because(
        is_pointer && !has_pointee,
        "RLBox: a tainted void* or function pointer cannot be dereferenced. Convert it with "
        "sandbox_reinterpret_cast<T*>(pointer), or call functions with invoke_sandbox_function.");
    if constexpr (has_pointee) {
      auto* const ptr = self().INTERNAL_unverified_safe();
      detail::dynamic_check(ptr != nullptr,
                            "RLBox: dereferencing a null tainted pointer. Test it first, as in "
                            "if (pointer).");
      const void* address = const_cast<const void*>(detail::pointer_to_address(ptr));
      if constexpr (!detail::is_host_abi_v<T_Sbx>) {
        address = detail::accessible<T_Sbx>(address, sizeof(T_PointeeWrap), alignof(T_PointeeWrap));
      }
      return const_cast<T_PointeeWrap*>(static_cast<const T_PointeeWrap*>(address));
    } else {
      return nullptr;
    }
  }

  template <typename T_Rhs>
  T_Indexed* element(const T_Rhs& rhs) const {
    const auto index = detail::unwrap_value(rhs);
    constexpr bool index_ok = std::is_integral_v<std::remove_cv_t<decltype(index)>>;
    rlbox_detail_static_fail_because(!index_ok, "RLBox: an index must be an integer.");
    rlbox_detail_static_fail_because(!is_pointer && !is_array,
                                     "RLBox: only tainted pointers and arrays can be indexed.");
    rlbox_detail_static_fail_because(
        is_pointer && !has_pointee,
        "RLBox: a tainted void* or function pointer cannot be indexed. Convert it with "
        "sandbox_reinterpret_cast<T*>(pointer) first.");
    if constexpr (index_ok && has_pointee) {
      const void* const base = detail::pointer_to_address(self().INTERNAL_unverified_safe());
      detail::dynamic_check(base != nullptr, "RLBox: pointer arithmetic on a null pointer");
      if (void* const usual =
              detail::usual_element_address<T_Sbx, sizeof(T_Indexed), alignof(T_Indexed)>(base,
                                                                                          index)) {
        return static_cast<T_Indexed*>(usual);
      }
      const void* address = detail::element_address<T_Sbx>(base, index, sizeof(T_Indexed));
      if (address == nullptr) {
        address = detail::refuse_access<T_Sbx>(
            base, alignof(T_Indexed),
            "RLBox: pointer arithmetic leaves the sandbox; verify the index first");
      } else if constexpr (!detail::is_host_abi_v<T_Sbx>) {
        address = detail::accessible<T_Sbx>(address, sizeof(T_Indexed), alignof(T_Indexed));
      }
      return const_cast<T_Indexed*>(static_cast<const T_Indexed*>(address));
    } else if constexpr (index_ok && is_array) {
      bool inside = static_cast<std::uintmax_t>(index) < std::extent_v<T>;
      if constexpr (std::is_signed_v<std::remove_cv_t<decltype(index)>>) {
        inside = inside && index >= 0;
      }
      detail::dynamic_check(inside,
                            "RLBox: index is outside of the tainted array; verify it first");
      return const_cast<T_Indexed*>(
          std::addressof(detail::access::data(self())[static_cast<std::size_t>(index)]));
    } else {
      return nullptr;
    }
  }

 public:
  // ---- plain values ----

  /// The raw value, as the application represents it, unverified.
  RLBOX_DETAIL_ALWAYS_INLINE T_Plain UNSAFE_unverified() const {
    return self().INTERNAL_unverified_safe();
  }

  /// The raw value in sandbox representation.
  auto UNSAFE_sandboxed(rlbox_sandbox<T_Sbx>& sandbox) const {
    return self().INTERNAL_sandboxed(sandbox);
  }

  /// The raw value, with the reason why it need not be verified. For pointers see
  /// unverified_safe_pointer_because.
  template <std::size_t N>
  T_Plain unverified_safe_because(const char (&reason)[N]) const {
    RLBOX_UNUSED(reason);
    rlbox_detail_static_fail_because(
        is_pointer,
        "RLBox: unverified_safe_because does not apply to pointers, since the memory they refer to "
        "must be "
        "in the sandbox. Use unverified_safe_pointer_because(count, \"reason\").");
    return self().INTERNAL_unverified_safe();
  }

  /// The raw pointer, after a check that `count` elements (of the application's size) are inside
  /// the sandbox, and aligned. Null is returned as it is.
  template <std::size_t N>
  T_Plain unverified_safe_pointer_because(std::size_t count, const char (&reason)[N]) const {
    RLBOX_UNUSED(reason);
    rlbox_detail_static_fail_because(
        !is_pointer, "RLBox: unverified_safe_pointer_because applies to pointers only.");
    rlbox_detail_static_fail_because(is_pointer && std::is_pointer_v<T_Pointee>,
                                     "RLBox: there is no safe raw form of a pointer to pointers, "
                                     "because the inner pointers are in sandbox "
                                     "representation. Dereference the tainted pointer instead.");
    const auto ptr = self().INTERNAL_unverified_safe();
    if constexpr (is_pointer) {
      if (ptr != nullptr && !std::is_function_v<T_Pointee>) {
        detail::check_sandbox_pointer_range_is_contained<T_Sbx>(
            detail::pointer_to_address(ptr),
            detail::checked_byte_count(count, sizeof(T_RangeElement)));
        if constexpr (!detail::is_host_abi_v<T_Sbx> &&
                      detail::is_fundamental_or_enum_v<T_Pointee>) {
          constexpr std::size_t here = alignof(T_RangeElement);
          constexpr std::size_t there = detail::sandbox_alignof<T_RangeElement, T_Sbx>();
          constexpr std::size_t alignment = here < there ? here : there;
          detail::check_alignment(detail::pointer_to_address(ptr), alignment);
        }
      }
    }
    return ptr;
  }

  // ---- verified values ----

  /// Copies the value out of the sandbox and returns what `verifier(copy)` returns. The verifier
  /// gets the number or enum; a std::unique_ptr with a copy of the pointee; a
  /// std::unique_ptr<tainted<C>> for pointers to structs; a std::array for arrays.
  template <typename T_Func>
  auto copy_and_verify(T_Func verifier) const {
    if constexpr (is_scalar) {
      return detail::call_verifier(verifier, self().INTERNAL_unverified_safe());
    } else if constexpr (is_array) {
      constexpr bool plain_elements =
          detail::is_fundamental_or_enum_v<std::remove_cv_t<std::remove_all_extents_t<T>>>;
      rlbox_detail_static_fail_because(!plain_elements,
                                       "RLBox: copy_and_verify cannot copy arrays of pointers or "
                                       "structs; verify their elements.");
      if constexpr (plain_elements) {
        return detail::call_verifier(verifier, self().INTERNAL_unverified_safe());
      }
    } else {
      constexpr bool to_void = std::is_void_v<T_Pointee>;
      constexpr bool to_function =
          std::is_function_v<T_Pointee> || std::is_member_pointer_v<T_Bare>;
      constexpr bool to_pointer = is_pointer && std::is_pointer_v<T_Pointee>;
      constexpr bool to_other =
          is_pointer && (std::is_array_v<T_Pointee> || std::is_volatile_v<T_Pointee>);
      rlbox_detail_static_fail_because(
          to_void,
          "RLBox: copy_and_verify does not know the size of what a void* refers to. Convert it "
          "first with "
          "sandbox_reinterpret_cast<T*>(pointer), or use copy_and_verify_address.");
      rlbox_detail_static_fail_because(to_function,
                                       "RLBox: copy_and_verify does not apply to function "
                                       "pointers. Use copy_and_verify_address.");
      rlbox_detail_static_fail_because(to_pointer,
                                       "RLBox: copy_and_verify does not apply to pointers to "
                                       "pointers. Dereference the tainted pointer and "
                                       "verify the inner pointer, or use copy_and_verify_address.");
      rlbox_detail_static_fail_because(
          to_other,
          "RLBox: copy_and_verify does not apply to pointers to arrays or volatile objects. "
          "Convert with "
          "sandbox_reinterpret_cast<T*>(pointer) and use copy_and_verify_range.");
      if constexpr (is_pointer && !to_void && !to_function && !to_pointer && !to_other) {
        return detail::verify_pointee<T_Sbx>(self().INTERNAL_unverified_safe(), verifier);
      }
    }
  }

  /// Copies `count` elements out of the sandbox; the verifier gets a std::unique_ptr<T[]>, empty
  /// for a null pointer.
  template <typename T_Func>
  auto copy_and_verify_range(T_Func verifier, std::size_t count) const {
    constexpr bool supported =
        is_pointer && detail::is_fundamental_or_enum_v<std::remove_cv_t<T_Pointee>>;
    rlbox_detail_static_fail_because(!supported,
                                     "RLBox: copy_and_verify_range applies to pointers to numbers "
                                     "and enums. For void* convert the pointer "
                                     "first; for structs and pointers verify each element.");
    if constexpr (supported) {
      return detail::verify_range<T_Sbx>(self().INTERNAL_unverified_safe(), verifier, count);
    }
  }

  /// Copies a zero-terminated string out of the sandbox. The verifier takes
  /// std::unique_ptr<char[]>, std::unique_ptr<const char[]> (null pointer: empty owner) or
  /// std::string (null: empty string).
  template <typename T_Func>
  auto copy_and_verify_string(T_Func verifier) const {
    constexpr bool supported = is_pointer && std::is_same_v<std::remove_cv_t<T_Pointee>, char>;
    rlbox_detail_static_fail_because(
        !supported, "RLBox: copy_and_verify_string applies to tainted char* and const char* only.");
    if constexpr (supported) {
      return detail::verify_string<T_Sbx>(self().INTERNAL_unverified_safe(), verifier);
    }
  }

  /// Verifies a zero-terminated string of at most `max_length` bytes (the zero not counted) without
  /// a copy, and returns what `verifier(std::string_view)` returns; a null pointer gives a view
  /// without data. The view is of the sandbox's own memory, which stays as it is until the verifier
  /// returns: meanwhile a call into the sandbox by any thread, malloc_in_sandbox and
  /// destroy_sandbox fail a check, and free_in_sandbox, which never throws, frees nothing and
  /// leaves the sandbox trapped. Afterwards the library may change the bytes, so the verifier
  /// returns a copy of what the application needs, and keeps no pointer. What the application
  /// itself writes into the sandbox (tainted_volatile, rlbox::memcpy) changes what the verifier
  /// sees.
  ///
  /// Fails a check if the string is longer or leaves the sandbox, if another thread runs the
  /// library, or if the library waits on another stack. Backends whose memory others may change at
  /// any time (noop, dylib) give the verifier a view of a copy. (docs/isolation.md, S20)
  template <typename T_Func>
  auto verify_string_in_place(T_Func verifier, std::size_t max_length) const {
    constexpr bool supported = is_pointer && std::is_same_v<std::remove_cv_t<T_Pointee>, char>;
    rlbox_detail_static_fail_because(
        !supported, "RLBox: verify_string_in_place applies to tainted char* and const char* only.");
    if constexpr (supported) {
      return detail::verify_string_in_place<T_Sbx>(self().INTERNAL_unverified_safe(), verifier,
                                                   max_length);
    }
  }

  /// The same for `count` numbers (not 0): returns what `verifier(const T*, std::size_t)` returns,
  /// with the address of the first number and `count`, or nullptr and 0 for a null pointer. Fails a
  /// check if the address is not aligned for T.
  template <typename T_Func>
  auto verify_range_in_place(T_Func verifier, std::size_t count) const {
    constexpr bool supported = is_pointer && detail::is_same_everywhere_v<T_Pointee>;
    rlbox_detail_static_fail_because(
        !supported,
        "RLBox: verify_range_in_place applies to pointers to numbers that look the same on both "
        "sides. bool, enums, wchar_t, long (which int64_t and size_t may be) and long double are "
        "converted, so use copy_and_verify_range; for void* convert the pointer first.");
    if constexpr (supported) {
      return detail::verify_range_in_place<T_Sbx, std::remove_cv_t<T_Pointee>>(
          self().INTERNAL_unverified_safe(), verifier, count);
    }
  }

  /// The verifier gets the address as uintptr_t; nothing is copied.
  template <typename T_Func>
  auto copy_and_verify_address(T_Func verifier) const {
    rlbox_detail_static_fail_because(!is_pointer,
                                     "RLBox: copy_and_verify_address applies to pointers only.");
    if constexpr (is_pointer) {
      return detail::call_verifier(
          verifier, reinterpret_cast<std::uintptr_t>(self().INTERNAL_unverified_safe()));
    }
  }

  /// The verifier gets the address of a buffer of `count` elements (bytes for void*) that lies in
  /// one sandbox, or 0 for null. Its contents stay in the sandbox and may change.
  template <typename T_Func>
  auto copy_and_verify_buffer_address(T_Func verifier, std::size_t count) const {
    rlbox_detail_static_fail_because(
        !is_pointer, "RLBox: copy_and_verify_buffer_address applies to pointers only.");
    if constexpr (is_pointer) {
      detail::dynamic_check(count != 0,
                            "RLBox: copy_and_verify_buffer_address needs at least one element");
      const auto ptr = self().INTERNAL_unverified_safe();
      if (ptr != nullptr) {
        detail::check_sandbox_pointer_range_is_contained<T_Sbx>(
            detail::pointer_to_address(ptr),
            detail::checked_byte_count(count, detail::sandbox_sizeof<T_RangeElement, T_Sbx>()));
      }
      return detail::call_verifier(verifier, reinterpret_cast<std::uintptr_t>(ptr));
    }
  }

  // ---- pointers and arrays ----

  /// Access to what the pointer refers to, in sandbox memory. Null fails a check.
  T_PointeeWrap& operator*() const { return *dereference(); }
  /// The same for members.
  T_PointeeWrap* operator->() { return dereference(); }
  const T_PointeeWrap* operator->() const { return dereference(); }

  /// Element of a pointer (checked to be in the same sandbox) or of an array (checked extent).
  template <typename T_Rhs>
  T_Indexed& operator[](const T_Rhs& rhs) {
    return *element(rhs);
  }
  template <typename T_Rhs>
  const T_Indexed& operator[](const T_Rhs& rhs) const {
    return *element(rhs);
  }

  // ---- unary operators ----

  /// Pointers: plain bool, true for null. Tainted bool: tainted bool. In sandbox memory: a hint.
  auto operator!() const {
    constexpr bool supported = is_pointer || std::is_same_v<T_Bare, bool>;
    rlbox_detail_static_fail_because(!supported,
                                     "RLBox: operator ! applies to tainted pointers and tainted "
                                     "bools only. Compare numbers explicitly, as "
                                     "in (value == 0), which gives a tainted bool.");
    bool result = false;
    if constexpr (supported) {
      result = !static_cast<bool>(self().INTERNAL_unverified_safe());
    }
    if constexpr (is_volatile) {
      return tainted_boolean_hint(result);
    } else if constexpr (is_pointer) {
      return result;
    } else {
      return detail::access::make<bool, T_Sbx>(result);
    }
  }

  /// Numbers: negated, in the type that C++ gives the result.
  auto operator-() const {
    rlbox_detail_static_fail_because(!is_scalar, "RLBox: unary - applies to numbers only.");
    if constexpr (is_scalar) {
      const auto result = detail::negated(+self().INTERNAL_unverified_safe());
      return detail::access::make<std::remove_cv_t<decltype(result)>, T_Sbx>(result);
    } else {
      return tainted<int, T_Sbx>{};
    }
  }

  /// Numbers: all bits inverted.
  auto operator~() const {
    rlbox_detail_static_fail_because(!is_scalar, "RLBox: operator ~ applies to numbers only.");
    if constexpr (is_scalar) {
      const auto result = ~self().INTERNAL_unverified_safe();
      return detail::access::make<std::remove_cv_t<decltype(result)>, T_Sbx>(result);
    } else {
      return tainted<int, T_Sbx>{};
    }
  }
};

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_TAINTED_BASE_HPP_
