#ifndef RLBOX_INTERNAL_CONVERSION_HPP_
#define RLBOX_INTERNAL_CONVERSION_HPP_
/// \file
/// Conversion of values between the application's and the sandbox's representation.
///
/// A source in sandbox memory may change at any time, so every function here reads it exactly once,
/// into a local, before it checks or stores anything.

#include <array>
#include <cstring>
#include <limits>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"

namespace rlbox::detail {

/// Which way a conversion goes.
enum class adjust_type_direction { TO_SANDBOX, TO_APPLICATION, NO_CHANGE };

/// How pointers find their sandbox: an example pointer into it, or the sandbox object.
enum class adjust_type_context { EXAMPLE, SANDBOX };

/// Address of the object or function that a pointer refers to.
template <typename T>
RLBOX_DETAIL_ALWAYS_INLINE const void* pointer_to_address(T* ptr) {
  if constexpr (std::is_function_v<T>) {
    return reinterpret_cast<const void*>(ptr);
  } else {
    return const_cast<const void*>(static_cast<const volatile void*>(ptr));
  }
}

/// The inverse of pointer_to_address.
template <typename T_Ptr>
RLBOX_DETAIL_ALWAYS_INLINE T_Ptr address_to_pointer(const void* address) {
  static_assert(std::is_pointer_v<T_Ptr>);
  if constexpr (std::is_function_v<std::remove_pointer_t<T_Ptr>>) {
    return reinterpret_cast<T_Ptr>(const_cast<void*>(address));
  } else {
    return static_cast<T_Ptr>(const_cast<void*>(address));
  }
}

/// Copies bytes out of memory that another party may write. The compiler must not read the source
/// again afterwards.
inline void copy_from_shared(void* to, const volatile void* from, std::size_t bytes) {
  std::memcpy(to, const_cast<const void*>(from), bytes);
#if defined(__GNUC__) || defined(__clang__)
  __asm__ volatile("" : : : "memory");
#endif
}

/// Reads a scalar exactly once. A bool or enum in hostile memory may hold any bits, so it is read
/// as an integer.
template <typename T>
RLBOX_DETAIL_ALWAYS_INLINE std::remove_cv_t<T> read_once(const T& from) {
  using T_Bare = std::remove_cv_t<T>;
  if constexpr (std::is_same_v<T_Bare, bool>) {
    static_assert(sizeof(bool) == sizeof(unsigned char));
    return *reinterpret_cast<const volatile unsigned char*>(&from) != 0;
  } else if constexpr (!can_hold_any_bits<T_Bare>()) {
    using T_Underlying = std::underlying_type_t<T_Bare>;
    std::conditional_t<std::is_same_v<T_Underlying, bool>, unsigned char, T_Underlying> bits{};
    static_assert(sizeof(bits) == sizeof(from));
    copy_from_shared(&bits, &from, sizeof(bits));
    return enum_from_bits<T_Bare>(bits);
  } else {
    return from;
  }
}

/// Room for a struct that is filled as bytes: its members may be const.
template <typename T>
union uninitialized {
  static_assert(std::is_trivially_destructible_v<T>);
  T value;
  uninitialized() {}
  ~uninitialized() {}
};

/// Integer conversion that fails the check if the value does not fit.
template <typename T_To, typename T_From>
RLBOX_DETAIL_ALWAYS_INLINE constexpr T_To convert_integer(T_From from) {
  constexpr const char* msg =
      "RLBox: integer does not fit the type it is converted to when "
      "crossing the sandbox boundary";
  if constexpr (std::is_same_v<T_To, T_From> || std::is_same_v<T_From, bool>) {
    // cannot fail
  } else if constexpr (std::is_signed_v<T_To> == std::is_signed_v<T_From>) {
    if constexpr (std::numeric_limits<T_To>::digits < std::numeric_limits<T_From>::digits) {
      bool ok = from <= static_cast<T_From>((std::numeric_limits<T_To>::max)());
      if constexpr (std::is_signed_v<T_From>) {
        ok = ok && from >= static_cast<T_From>((std::numeric_limits<T_To>::min)());
      }
      dynamic_check(ok, msg);
    }
  } else if constexpr (std::is_signed_v<T_From>) {
    bool ok = from >= 0;
    if constexpr (std::numeric_limits<T_To>::digits < std::numeric_limits<T_From>::digits) {
      ok = ok && from <= static_cast<T_From>((std::numeric_limits<T_To>::max)());
    }
    dynamic_check(ok, msg);
  } else if constexpr (std::numeric_limits<T_To>::digits < std::numeric_limits<T_From>::digits) {
    dynamic_check(from <= static_cast<T_From>((std::numeric_limits<T_To>::max)()), msg);
  }
  return static_cast<T_To>(from);
}

/// -value; the smallest number stays what it is, as two's complement has it.
template <typename T>
RLBOX_DETAIL_ALWAYS_INLINE constexpr T negated(T value) {
  if constexpr (std::is_integral_v<T>) {
    using T_Unsigned = std::make_unsigned_t<T>;
    return static_cast<T>(T_Unsigned{0} - static_cast<T_Unsigned>(value));
  } else {
    return -value;
  }
}

/// static_cast<T_To>(from) for a number that the library chose. The only one that C++ does not
/// define, a floating-point number that the integer type cannot hold, fails a check.
template <typename T_To, typename T_From>
RLBOX_DETAIL_ALWAYS_INLINE constexpr T_To cast_number(T_From from) {
  if constexpr (std::is_enum_v<T_To> && std::is_floating_point_v<T_From>) {
    return cast_number<T_To>(cast_number<std::underlying_type_t<T_To>>(from));
  } else if constexpr (std::is_enum_v<T_To> && std::is_integral_v<T_From>) {
    return enum_from_bits<T_To>(from);
  } else {
    if constexpr (std::is_integral_v<T_To> && !std::is_same_v<T_To, bool> &&
                  std::is_floating_point_v<T_From>) {
      // 2^digits, which is a floating-point number, unlike the largest integer
      constexpr T_From half = static_cast<T_From>((std::numeric_limits<T_To>::max)() / 2 + 1);
      constexpr T_From end = half * 2;
      const bool above = std::is_signed_v<T_To> ? from >= -end || from > -end - 1 : from > -1;
      dynamic_check(above && from < end,
                    "RLBox: a floating-point number from the sandbox does not fit the integer type "
                    "it is converted to; verify it first");
    }
    return static_cast<T_To>(from);
  }
}

/// Scalars, C arrays and std::array in any mixture; no pointers. See the rules in
/// docs: same enum on both sides, floating only with floating, integers with range checks.
template <typename T_To, typename T_From>
RLBOX_DETAIL_ALWAYS_INLINE constexpr void convert_type_fundamental_or_array(T_To& to,
                                                                            const T_From& from) {
  using T_ToPlain = std::remove_cv_t<T_To>;
  using T_FromPlain = std::remove_cv_t<T_From>;
  if constexpr (is_c_or_std_array_v<T_ToPlain> || is_c_or_std_array_v<T_FromPlain>) {
    using T_ToElement = innermost_element_t<T_ToPlain>;
    using T_FromElement = innermost_element_t<T_FromPlain>;
    constexpr bool both = is_c_or_std_array_v<T_ToPlain> && is_c_or_std_array_v<T_FromPlain>;
    constexpr bool same_extents = all_extents_same<T_ToPlain, T_FromPlain>;
    constexpr bool has_pointer = std::is_pointer_v<T_ToElement> || std::is_pointer_v<T_FromElement>;
    rlbox_detail_static_fail_because(!both, "RLBox: an array can only be converted to an array.");
    rlbox_detail_static_fail_because(
        both && !same_extents,
        "RLBox: arrays of different sizes cannot be converted to each other.");
    rlbox_detail_static_fail_because(
        has_pointer, "RLBox: arrays of pointers need a conversion that knows their sandbox.");
    if constexpr (both && same_extents && !has_pointer) {
      using T_ToBare = std::remove_cv_t<T_ToElement>;
      using T_FromBare = std::remove_cv_t<T_FromElement>;
      if constexpr (std::is_arithmetic_v<T_ToBare> && std::is_arithmetic_v<T_FromBare> &&
                    !std::is_same_v<T_ToBare, bool> && !std::is_same_v<T_FromBare, bool> &&
                    value_size_v<T_ToBare> == sizeof(T_ToBare) &&
                    std::is_floating_point_v<T_ToBare> == std::is_floating_point_v<T_FromBare> &&
                    std::is_signed_v<T_ToBare> == std::is_signed_v<T_FromBare> &&
                    sizeof(T_ToPlain) == sizeof(T_FromPlain)) {
        copy_from_shared(const_cast<T_ToPlain*>(&to), &from, sizeof(to));
      } else {
        for (std::size_t i = 0; i < array_extent_v<T_ToPlain>; i++) {
          convert_type_fundamental_or_array(to[i], from[i]);
        }
      }
    }
  } else if constexpr (!is_fundamental_or_enum_v<T_ToPlain> ||
                       !is_fundamental_or_enum_v<T_FromPlain>) {
    constexpr bool never = false_v<T_To, T_From>;
    rlbox_detail_static_fail_because(
        !never, "RLBox: only numbers, enums and arrays of them can be converted here.");
  } else if constexpr (std::is_enum_v<T_ToPlain> || std::is_enum_v<T_FromPlain>) {
    constexpr bool same = std::is_same_v<T_ToPlain, T_FromPlain>;
    rlbox_detail_static_fail_because(!same,
                                     "RLBox: an enum can only be converted to the same enum.");
    if constexpr (same) {
      to = read_once(from);
    }
  } else if constexpr (std::is_floating_point_v<T_ToPlain> ||
                       std::is_floating_point_v<T_FromPlain>) {
    constexpr bool both =
        std::is_floating_point_v<T_ToPlain> && std::is_floating_point_v<T_FromPlain>;
    rlbox_detail_static_fail_because(
        !both, "RLBox: a floating-point number can only be converted to a floating-point number.");
    if constexpr (both) {
      to = static_cast<T_ToPlain>(read_once(from));
    }
  } else {
    to = convert_integer<T_ToPlain>(read_once(from));
  }
}

/// Adds pointers and arrays of pointers to convert_type_fundamental_or_array.
template <typename T_Sbx, adjust_type_direction Direction, adjust_type_context Context,
          typename T_To, typename T_From>
RLBOX_DETAIL_ALWAYS_INLINE void convert_type_non_class(
    T_To& to, const T_From& from, [[maybe_unused]] const void* example_unsandboxed_ptr,
    [[maybe_unused]] rlbox_sandbox<T_Sbx>* sandbox_ptr) {
  using T_ToPlain = std::remove_cv_t<T_To>;
  using T_FromPlain = std::remove_cv_t<T_From>;
  constexpr bool to_array = is_c_or_std_array_v<T_ToPlain>;
  constexpr bool from_array = is_c_or_std_array_v<T_FromPlain>;
  using T_AppElement =
      std::conditional_t<Direction == adjust_type_direction::TO_APPLICATION,
                         innermost_element_t<T_ToPlain>, innermost_element_t<T_FromPlain>>;
  constexpr bool pointers =
      Direction == adjust_type_direction::NO_CHANGE
          ? std::is_same_v<std::remove_cv_t<innermost_element_t<T_ToPlain>>,
                           typename T_Sbx::T_PointerType> &&
                std::is_same_v<std::remove_cv_t<innermost_element_t<T_FromPlain>>,
                               typename T_Sbx::T_PointerType>
          : std::is_pointer_v<T_AppElement>;

  if constexpr (!pointers) {
    convert_type_fundamental_or_array(to, from);
  } else if constexpr (to_array && from_array) {
    constexpr bool same_extents = all_extents_same<T_ToPlain, T_FromPlain>;
    rlbox_detail_static_fail_because(
        !same_extents, "RLBox: arrays of different sizes cannot be converted to each other.");
    if constexpr (same_extents) {
      for (std::size_t i = 0; i < array_extent_v<T_ToPlain>; i++) {
        convert_type_non_class<T_Sbx, Direction, Context>(to[i], from[i], example_unsandboxed_ptr,
                                                          sandbox_ptr);
      }
    }
  } else if constexpr (to_array || from_array) {
    constexpr bool never = false_v<T_To>;
    rlbox_detail_static_fail_because(!never, "RLBox: an array can only be converted to an array.");
  } else if constexpr (Direction == adjust_type_direction::NO_CHANGE) {
    to = read_once(from);
  } else if constexpr (Direction == adjust_type_direction::TO_SANDBOX) {
    const T_FromPlain value = from;
    using T_Pointer = T_FromPlain;
    const void* const address = pointer_to_address(value);
    if constexpr (Context == adjust_type_context::SANDBOX) {
      to = sandbox_ptr->template get_sandboxed_pointer<T_Pointer>(address);
    } else {
      to = rlbox_sandbox<T_Sbx>::template get_sandboxed_pointer_no_ctx<T_Pointer>(
          address, example_unsandboxed_ptr);
    }
  } else {
    const auto value = read_once(from);
    if constexpr (Context == adjust_type_context::SANDBOX) {
      to = sandbox_ptr->template get_unsandboxed_pointer<T_ToPlain>(value);
    } else {
      to = rlbox_sandbox<T_Sbx>::template get_unsandboxed_pointer_no_ctx<T_ToPlain>(
          value, example_unsandboxed_ptr);
    }
  }
}

/// Adds registered structs and arrays of them: fields in declaration order.
template <typename T_Sbx, adjust_type_direction Direction, adjust_type_context Context,
          typename T_To, typename T_From>
RLBOX_DETAIL_ALWAYS_INLINE void convert_type(T_To& to, const T_From& from,
                                             const void* example_unsandboxed_ptr,
                                             rlbox_sandbox<T_Sbx>* sandbox_ptr) {
  constexpr bool to_sandbox = Direction == adjust_type_direction::TO_SANDBOX;
  using T_App = std::remove_cv_t<std::conditional_t<to_sandbox, T_From, T_To>>;
  using T_AppElement = std::remove_cv_t<innermost_element_t<T_App>>;
  if constexpr (!is_registered_struct_v<T_AppElement>) {
    convert_type_non_class<T_Sbx, Direction, Context>(to, from, example_unsandboxed_ptr,
                                                      sandbox_ptr);
  } else if constexpr (is_c_or_std_array_v<T_App>) {
    for (std::size_t i = 0; i < array_extent_v<T_App>; i++) {
      convert_type<T_Sbx, Direction, Context>(to[i], from[i], example_unsandboxed_ptr, sandbox_ptr);
    }
  } else {
    // The mirror struct has the application struct's layout and the listed field types.
    using T_Registration = struct_registration<T_App>;
    using T_Layout = typename T_Registration::template layout<T_Sbx>;
    uninitialized<typename T_Registration::mirror> app;
    const auto convert_field = [&](auto& to_field, const auto& from_field) {
      convert_type<T_Sbx, Direction, Context>(to_field, from_field, example_unsandboxed_ptr,
                                              sandbox_ptr);
    };
    if constexpr (to_sandbox) {
      std::memcpy(static_cast<void*>(&app), static_cast<const void*>(&from), sizeof(app));
      std::memset(static_cast<void*>(&to), 0, sizeof(to));
      T_Registration::zip(convert_field, to, app.value);
    } else {
      T_Layout sandbox_value;
      copy_from_shared(&sandbox_value, &from, sizeof(sandbox_value));
      T_Registration::zip(convert_field, app.value, sandbox_value);
      std::memcpy(static_cast<void*>(&to), static_cast<const void*>(&app), sizeof(app));
    }
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_CONVERSION_HPP_
