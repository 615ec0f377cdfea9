#ifndef RLBOX_INTERNAL_WASM2C_ABI_HPP_
#define RLBOX_INTERNAL_WASM2C_ABI_HPP_
/// \file
/// How C values are passed between WebAssembly functions, as compiled by clang: integers of up to
/// 32 bits and pointers as i32, 64-bit integers as i64, float and double as themselves, a struct
/// that holds exactly one scalar as that scalar, and any other struct by address.
///
/// "Sandbox representation" below is the framework's: int32_t, uint32_t for pointers, layout
/// structs. "Lowered" is what generated code takes: u32, u64, f32, f64.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "wasm-rt.h"

namespace rlbox::detail::wasm2c {

/// True for structs and unions.
template <typename T>
inline constexpr bool is_struct_v = std::is_class_v<T> || std::is_union_v<T>;

/// True if T is passed as the address of a copy.
template <typename T>
inline constexpr bool by_address_v =
    is_struct_v<std::remove_cv_t<T>> && std::is_void_v<single_scalar_t<T>>;

/// A type as a value.
template <typename T>
struct type_tag {
  using type = T;
};

/// See lowered_t.
template <typename T>
constexpr auto lowered_of() {
  if constexpr (std::is_void_v<T>) {
    return type_tag<void>{};
  } else if constexpr (by_address_v<T>) {
    return type_tag<std::uint32_t>{};
  } else if constexpr (is_struct_v<T>) {
    return lowered_of<single_scalar_t<T>>();
  } else if constexpr (std::is_floating_point_v<T>) {
    static_assert(
        sizeof(T) <= sizeof(double),
        "RLBox: long double differs between the application and the sandbox, so it cannot "
        "be passed by value; use double.");
    if constexpr (sizeof(T) == sizeof(float)) {
      return type_tag<float>{};
    } else {
      return type_tag<double>{};
    }
  } else {
    static_assert(std::is_integral_v<T> || std::is_enum_v<T>,
                  "RLBox: this type cannot be passed to or from a sandboxed function.");
    static_assert(sizeof(T) <= sizeof(std::uint64_t),
                  "RLBox: integers of more than 64 bits cannot be passed by value.");
    if constexpr (sizeof(T) <= sizeof(std::uint32_t)) {
      return type_tag<std::uint32_t>{};
    } else {
      return type_tag<std::uint64_t>{};
    }
  }
}

/// The generated code's type for a parameter or result of sandbox representation T.
template <typename T>
using lowered_t = typename decltype(lowered_of<std::remove_cv_t<T>>())::type;

/// wasm-rt's name of a lowered type.
template <typename T>
constexpr wasm_rt_type_t type_code() {
  if constexpr (std::is_same_v<T, float>) {
    return WASM_RT_F32;
  } else if constexpr (std::is_same_v<T, double>) {
    return WASM_RT_F64;
  } else if constexpr (sizeof(T) == sizeof(std::uint64_t)) {
    return WASM_RT_I64;
  } else {
    return WASM_RT_I32;
  }
}

/// One letter for a lowered type, for messages.
template <typename T>
constexpr const char* type_name() {
  if constexpr (std::is_void_v<T>) {
    return "void";
  } else if constexpr (std::is_same_v<T, float>) {
    return "f32";
  } else if constexpr (std::is_same_v<T, double>) {
    return "f64";
  } else if constexpr (sizeof(T) == sizeof(std::uint64_t)) {
    return "i64";
  } else {
    return "i32";
  }
}

/// Lowers a scalar, or a struct that is one, to T_Low. Narrow signed integers are sign-extended,
/// as the C ABI asks the caller to do. The library's char is signed, whatever the application's is.
template <typename T_Low, typename T>
RLBOX_DETAIL_ALWAYS_INLINE T_Low lower(const T& value) {
  static_assert(!by_address_v<T>);
  if constexpr (is_struct_v<T>) {
    single_scalar_t<T> scalar;
    static_assert(sizeof(scalar) == sizeof(value));
    std::memcpy(&scalar, &value, sizeof(scalar));
    return lower<T_Low>(scalar);
  } else if constexpr (std::is_enum_v<T>) {
    return lower<T_Low>(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_same_v<T, char>) {
    return lower<T_Low>(static_cast<signed char>(value));
  } else if constexpr (std::is_floating_point_v<T_Low> || std::is_unsigned_v<T>) {
    return static_cast<T_Low>(value);
  } else {
    return static_cast<T_Low>(static_cast<std::make_signed_t<T_Low>>(value));
  }
}

/// The opposite of lower: takes the bits that matter, whatever the guest put into the others.
template <typename T, typename T_Low>
RLBOX_DETAIL_ALWAYS_INLINE T lift(T_Low value) {
  static_assert(!by_address_v<T>);
  if constexpr (is_struct_v<T>) {
    const auto scalar = lift<single_scalar_t<T>>(value);
    T result;
    static_assert(sizeof(scalar) == sizeof(result));
    std::memcpy(static_cast<void*>(&result), &scalar, sizeof(result));
    return result;
  } else if constexpr (std::is_same_v<T, bool>) {
    return value != 0;
  } else if constexpr (std::is_enum_v<T>) {
    return enum_from_bits<T>(value);
  } else {
    return static_cast<T>(value);
  }
}

/// The generated function's parameters after the instance, and its result.
template <typename T>
struct prototype;
template <typename R, typename T_Instance, typename... P>
struct prototype<R(T_Instance*, P...)> {
  using result = R;
  using instance = T_Instance;
  template <template <typename...> class T_List>
  using apply = T_List<P...>;
  static constexpr std::size_t arity = sizeof...(P);
};

/// Space that a struct takes among the arguments in guest memory.
template <typename T>
constexpr std::uint32_t area_of() {
  if constexpr (std::is_void_v<T>) {
    return 0;
  } else if constexpr (by_address_v<T>) {
    return (static_cast<std::uint32_t>(sizeof(T)) + 15U) & ~15U;
  } else {
    return 0;
  }
}

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_ABI_HPP_
