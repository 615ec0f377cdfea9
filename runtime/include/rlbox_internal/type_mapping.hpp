#ifndef RLBOX_INTERNAL_TYPE_MAPPING_HPP_
#define RLBOX_INTERNAL_TYPE_MAPPING_HPP_
/// \file
/// The sandbox representation of application types.
///
/// Mapping goes by the name of the C type, because that is what the library was compiled with:
/// `long` is 32 bits wide in a 32-bit sandbox. On hosts where uint64_t and size_t are both
/// `unsigned long` the two cannot be told apart; backends with typed lookup correct this for
/// parameters and results (rlbox_internal/prototype.hpp). `long double` and the width of enums are
/// the host's.

#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_traits.hpp"

namespace rlbox::detail {

/// Specialised by rlbox_load_structs_from_library for every listed struct:
///   template<typename S> using layout = ...;   the struct in sandbox representation
///   zip(f, a, b)                               calls f(a.field, b.field) for every field
///   zip(f, a)                                  calls f(a.field) for every field
template <typename T>
struct struct_registration {
  static constexpr bool registered = false;
};

template <typename T>
inline constexpr bool is_registered_struct_v = struct_registration<std::remove_cv_t<T>>::registered;

/// True for a struct that was not registered.
template <typename T>
inline constexpr bool is_unknown_struct_v = is_aggregate_value_v<T> && !is_registered_struct_v<T>;

/// True for types that only mean something in the application.
template <typename T>
inline constexpr bool is_reference_or_member_v =
    std::is_reference_v<T> || std::is_member_pointer_v<T>;

/// True for backends whose code runs with the host's ABI (noop, dylib).
template <typename T_Sbx>
inline constexpr bool is_host_abi_v = std::is_pointer_v<typename T_Sbx::T_PointerType>;

#define RLBOX_DETAIL_UNKNOWN_STRUCT_MESSAGE                                                       \
  "RLBox: this struct is not known to the framework. List it in the library's "                   \
  "sandbox_fields_reflection macros and load them with rlbox_load_structs_from_library(library) " \
  "before its first use."
#define RLBOX_DETAIL_REFERENCE_MESSAGE \
  "RLBox: references and pointers to members cannot cross the sandbox boundary."

/// Stands in where a type has no sandbox representation and the error was already reported.
struct no_sandbox_equivalent {};

template <typename T, typename T_Sbx>
struct sandbox_equivalent;

template <typename T, typename T_Sbx>
constexpr auto sandbox_equivalent_of_scalar() {
  if constexpr (std::is_same_v<T, void> || std::is_same_v<T, bool> || std::is_same_v<T, char> ||
                std::is_same_v<T, signed char> || std::is_same_v<T, unsigned char> ||
                std::is_floating_point_v<T> || std::is_enum_v<T>) {
    return identity<T>{};
  } else if constexpr (std::is_same_v<T, short>) {
    return identity<typename T_Sbx::T_ShortType>{};
  } else if constexpr (std::is_same_v<T, int>) {
    return identity<typename T_Sbx::T_IntType>{};
  } else if constexpr (std::is_same_v<T, long>) {
    return identity<typename T_Sbx::T_LongType>{};
  } else if constexpr (std::is_same_v<T, long long>) {
    return identity<typename T_Sbx::T_LongLongType>{};
  } else if constexpr (std::is_same_v<T, wchar_t>) {
    static_assert(
        is_host_abi_v<T_Sbx>,
        "RLBox: wchar_t has no fixed representation in this sandbox, because its width and "
        "sign depend on the platform. Use char16_t, char32_t or an integer type.");
    return identity<T>{};
  } else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T> &&
                       sizeof(T) <= sizeof(long long)) {
    using T_Signed = decltype(sandbox_equivalent_of_scalar<std::make_signed_t<T>, T_Sbx>());
    return identity<std::make_unsigned_t<typename T_Signed::type>>{};
  } else if constexpr (std::is_pointer_v<T>) {
    return identity<typename T_Sbx::T_PointerType>{};
  } else if constexpr (std::is_class_v<T> || std::is_union_v<T>) {
    static_assert(is_registered_struct_v<T>, RLBOX_DETAIL_UNKNOWN_STRUCT_MESSAGE);
    if constexpr (is_registered_struct_v<T>) {
      return identity<typename struct_registration<T>::template layout<T_Sbx>>{};
    } else {
      return identity<no_sandbox_equivalent>{};
    }
  } else if constexpr (std::is_volatile_v<T>) {
    static_assert(false_v<T>,
                  "RLBox: volatile application types are not supported; remove volatile from the "
                  "pointee. Access to sandbox memory is volatile anyway.");
    return identity<no_sandbox_equivalent>{};
  } else if constexpr (is_reference_or_member_v<T>) {
    static_assert(false_v<T>, RLBOX_DETAIL_REFERENCE_MESSAGE);
    return identity<no_sandbox_equivalent>{};
  } else {
    static_assert(false_v<T>, "RLBox: this type has no representation in the sandbox.");
    return identity<no_sandbox_equivalent>{};
  }
}

template <typename T, typename T_Sbx>
struct sandbox_equivalent {
  using type = typename decltype(sandbox_equivalent_of_scalar<T, T_Sbx>())::type;
};
template <typename T, typename T_Sbx>
struct sandbox_equivalent<const T, T_Sbx> {
  using type = std::add_const_t<typename sandbox_equivalent<T, T_Sbx>::type>;
};
template <typename T, std::size_t N, typename T_Sbx>
struct sandbox_equivalent<T[N], T_Sbx> {
  using type = typename sandbox_equivalent<T, T_Sbx>::type[N];
};
template <typename T, std::size_t N, typename T_Sbx>
struct sandbox_equivalent<const T[N], T_Sbx> {
  using type = std::add_const_t<typename sandbox_equivalent<T, T_Sbx>::type>[N];
};

/// Sandbox representation of T, including registered structs and arrays of them.
template <typename T, typename T_Sbx>
using convert_to_sandbox_equivalent_t = typename sandbox_equivalent<T, T_Sbx>::type;

/// Size of T in the sandbox; 1 for void and functions, so that byte pointers step by one.
template <typename T, typename T_Sbx>
constexpr std::size_t sandbox_sizeof() {
  if constexpr (std::is_void_v<T> || std::is_function_v<T>) {
    return 1;
  } else {
    return sizeof(convert_to_sandbox_equivalent_t<T, T_Sbx>);
  }
}

/// Alignment of T in the sandbox. Sandboxes with their own ABI align scalars naturally, which
/// 32-bit x86 hosts do not.
template <typename T, typename T_Sbx>
constexpr std::size_t sandbox_alignof() {
  using T_Element = std::remove_cv_t<std::remove_all_extents_t<T>>;
  using T_Equivalent = convert_to_sandbox_equivalent_t<T_Element, T_Sbx>;
  if constexpr (std::is_class_v<T_Element> || is_host_abi_v<T_Sbx> ||
                std::is_same_v<T_Element, long double>) {
    return alignof(T_Equivalent);
  } else {
    return sizeof(T_Equivalent) > alignof(T_Equivalent) ? sizeof(T_Equivalent)
                                                        : alignof(T_Equivalent);
  }
}

/// True if T looks the same, bit for bit, in the application and in the sandbox, so that blocks of
/// it can be copied as bytes. Pointers and structs need conversion.
template <typename T, typename T_Sbx>
constexpr bool has_same_representation() {
  using T_Element = std::remove_cv_t<std::remove_all_extents_t<T>>;
  if constexpr (std::is_same_v<T_Element, bool>) {
    return false;  // bytes other than 0 and 1 must not become a bool
  } else if constexpr (std::is_same_v<T_Element, wchar_t>) {
    return is_host_abi_v<T_Sbx>;
  } else if constexpr (std::is_same_v<T_Element, long double>) {
    return is_host_abi_v<T_Sbx>;
  } else if constexpr (std::is_arithmetic_v<T_Element>) {
    using T_Equivalent = convert_to_sandbox_equivalent_t<T_Element, T_Sbx>;
    return sizeof(T_Equivalent) == sizeof(T_Element) &&
           std::is_floating_point_v<T_Equivalent> == std::is_floating_point_v<T_Element> &&
           std::is_signed_v<T_Equivalent> == std::is_signed_v<T_Element>;
  } else {
    return std::is_enum_v<T_Element>;
  }
}

/// True if bytes from the sandbox can be taken for a T without a look at each value.
template <typename T, typename T_Sbx>
constexpr bool is_copied_as_bytes() {
  return has_same_representation<T, T_Sbx>() &&
         can_hold_any_bits<std::remove_cv_t<std::remove_all_extents_t<T>>>();
}

/// True if numbers of type T look the same in the application and in the sandboxes of every
/// backend, and may hold any bits.
template <typename T>
inline constexpr bool is_same_everywhere_v =
    std::is_arithmetic_v<T> && !std::is_same_v<std::remove_cv_t<T>, bool> &&
    !std::is_same_v<std::remove_cv_t<T>, wchar_t> && !std::is_same_v<std::remove_cv_t<T>, long> &&
    !std::is_same_v<std::remove_cv_t<T>, unsigned long> &&
    !std::is_same_v<std::remove_cv_t<T>, long double>;

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_TYPE_MAPPING_HPP_
