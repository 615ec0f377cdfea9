#ifndef RLBOX_INTERNAL_ENUM_HPP_
#define RLBOX_INTERNAL_ENUM_HPP_
/// \file
/// Enums and bools of any bits, as a library may store or return them.
///
/// An enum whose underlying type is not fixed can hold only what fits into the bits of its
/// enumerators: `enum color { RED, GREEN, BLUE }` is two bits wide. To look at one that holds 77 is
/// undefined, and sanitizers report it. A value from the sandbox is therefore an integer until
/// enum_from_bits makes an enum of it.

#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rlbox::detail {

/// True for enums whose underlying type is fixed (`enum class`, `enum e : int`): those can hold
/// every value of that type.
template <typename T, typename T_Enable = void>
struct has_fixed_type : std::false_type {};
template <typename T>
struct has_fixed_type<T, std::void_t<decltype(T{0})>> : std::true_type {};

/// How many bits a value of enum T has, without the sign.
struct enum_width {
  int digits;
  bool negative;
};

#if defined(__clang__) && __clang_major__ >= 20

/// True if `Value` is a value of enum T, that is, if it can be cast to T in a constant.
template <typename T, std::underlying_type_t<T> Value, typename T_Enable = void>
struct enum_can_hold : std::false_type {};
template <typename T, std::underlying_type_t<T> Value>
struct enum_can_hold<T, Value, std::void_t<std::integral_constant<T, static_cast<T>(Value)>>>
    : std::true_type {};

/// The number of bits, looked for between Low and High.
template <typename T, int Low, int High>
constexpr int count_enum_bits() {
  using T_Bits = std::underlying_type_t<T>;
  if constexpr (Low == High) {
    return Low;
  } else {
    constexpr int middle = (Low + High + 1) / 2;
    constexpr auto value = static_cast<T_Bits>((std::numeric_limits<T_Bits>::max)() >>
                                               (std::numeric_limits<T_Bits>::digits - middle));
    if constexpr (enum_can_hold<T, value>::value) {
      return count_enum_bits<T, middle, High>();
    } else {
      return count_enum_bits<T, Low, middle - 1>();
    }
  }
}

template <typename T>
constexpr enum_width get_enum_width() {
  using T_Bits = std::underlying_type_t<T>;
  constexpr int digits = count_enum_bits<T, 0, std::numeric_limits<T_Bits>::digits>();
  if constexpr (std::is_signed_v<T_Bits>) {
    return {digits, enum_can_hold<T, T_Bits{-1}>::value};
  } else {
    return {digits, false};
  }
}

#elif defined(__clang__)

/// Older ones do not tell what an enum can hold, and take every value of its underlying type for
/// one of its values, unless -fstrict-enums is set.
template <typename T>
constexpr enum_width get_enum_width() {
  using T_Bits = std::underlying_type_t<T>;
  return {std::numeric_limits<T_Bits>::digits, std::is_signed_v<T_Bits>};
}

#else

/// True if every value of enum T fits the integer type: braces refuse a conversion that narrows.
template <typename T, typename T_Integer, typename T_Enable = void>
struct enum_fits : std::false_type {};
template <typename T, typename T_Integer>
struct enum_fits<T, T_Integer, std::void_t<decltype(T_Integer{std::declval<T>()})>>
    : std::true_type {};

#if defined(__GNUC__)
// Values that the enum cannot hold are tried as well, for which they have no name.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
/// True if the enum has an enumerator of this value, for which compilers print its name.
template <auto RlboxValue>
constexpr bool is_enumerator() {
  constexpr std::string_view text = __PRETTY_FUNCTION__;
  constexpr std::string_view before = "RlboxValue = ";
  return text[text.find(before) + before.size()] != '(';
}
template <typename T, int First, std::size_t... I>
constexpr bool has_enumerators(std::index_sequence<I...>) {
  return (is_enumerator<static_cast<T>(First + static_cast<int>(I))>() || ...);
}
#pragma GCC diagnostic pop
#else
template <typename T, int First, std::size_t... I>
constexpr bool has_enumerators(std::index_sequence<I...>) {
  return true;
}
#endif

/// The number of bits of an enum with enumerators of at most Digits bits.
template <typename T, bool Negative, int Digits>
constexpr int count_enum_bits() {
  constexpr int half = 1 << (Digits - 1);
  using T_Half = std::make_index_sequence<static_cast<std::size_t>(half)>;
  if constexpr (Digits == 1) {
    return 1;
  } else if constexpr (has_enumerators<T, half>(T_Half{})) {
    return Digits;
  } else if constexpr (Negative) {
    if constexpr (has_enumerators<T, -2 * half>(T_Half{})) {
      return Digits;
    } else {
      return count_enum_bits<T, Negative, Digits - 1>();
    }
  } else {
    return count_enum_bits<T, Negative, Digits - 1>();
  }
}

// Exact for enums of up to eight bits, whose values can be tried; otherwise the next type's.
template <typename T>
constexpr enum_width get_enum_width() {
  using T_Bits = std::underlying_type_t<T>;
  constexpr bool negative = std::is_signed_v<T_Bits>;
  if constexpr (enum_fits<T, bool>::value) {
    return {1, false};
  } else if constexpr (enum_fits<T, signed char>::value) {
    return {count_enum_bits<T, negative, 7>(), negative};
  } else if constexpr (enum_fits<T, unsigned char>::value) {
    return {8, false};
  } else if constexpr (enum_fits<T, short>::value) {
    return {15, negative};
  } else if constexpr (enum_fits<T, unsigned short>::value) {
    return {16, false};
  } else {
    return {std::numeric_limits<T_Bits>::digits, negative};
  }
}

#endif

/// True if every object representation of a scalar is a value of its type.
template <typename T>
constexpr bool can_hold_any_bits() {
  if constexpr (std::is_enum_v<T>) {
    using T_Bits = std::underlying_type_t<T>;
    if constexpr (std::is_same_v<T_Bits, bool>) {
      return false;
    } else if constexpr (has_fixed_type<T>::value) {
      return true;
    } else {
      constexpr enum_width width = get_enum_width<T>();
      return width.digits == std::numeric_limits<T_Bits>::digits &&
             width.negative == std::is_signed_v<T_Bits>;
    }
  } else {
    return !std::is_same_v<std::remove_cv_t<T>, bool>;
  }
}

/// The enum T that the library means with `bits`, an integer of its choice. What T cannot hold
/// becomes the nearest value that it can. So verifiers may look at it, and a large or negative
/// number never becomes one of the small enumerators in the middle, such as the 0 of success.
template <typename T, typename T_Integer>
constexpr T enum_from_bits(T_Integer bits) {
  static_assert(std::is_enum_v<T> && std::is_integral_v<T_Integer>);
  using T_Bits = std::underlying_type_t<T>;
  if constexpr (std::is_same_v<T_Bits, bool>) {
    return static_cast<T>(bits != T_Integer{});
  } else if constexpr (can_hold_any_bits<T>()) {
    return static_cast<T>(static_cast<T_Bits>(bits));
  } else {
    constexpr enum_width width = get_enum_width<T>();
    constexpr auto largest =
        static_cast<T_Bits>((std::numeric_limits<T_Bits>::max)() >>
                            (std::numeric_limits<T_Bits>::digits - width.digits));
    const auto value = static_cast<T_Bits>(bits);
    if constexpr (std::is_signed_v<T_Bits>) {
      constexpr T_Bits smallest =
          width.negative ? static_cast<T_Bits>(-largest - T_Bits{1}) : T_Bits{0};
      if (value < smallest) {
        return static_cast<T>(smallest);
      }
    }
    return static_cast<T>(value > largest ? largest : value);
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_ENUM_HPP_
