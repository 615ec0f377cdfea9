#ifndef RLBOX_INTERNAL_STDLIB_HPP_
#define RLBOX_INTERNAL_STDLIB_HPP_
/// \file
/// Casts, memory functions and transfer of buffers for tainted pointers. The functions take the
/// sandbox first and are found by argument-dependent lookup, beside those of the C library.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/policy_types.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/sandbox.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_volatile.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/verify.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox {

// ---------------------------------------------------------------------------------------------
// Casts
// ---------------------------------------------------------------------------------------------

namespace detail {

template <typename T_To, typename T_From>
T_To reinterpret_cast_of(T_From from) {
  return reinterpret_cast<T_To>(from);
}
template <typename T_To, typename T_From>
T_To const_cast_of(T_From from) {
  return const_cast<T_To>(from);
}
template <typename T_To, typename T_From>
T_To static_cast_of(T_From from) {
  if constexpr (is_fundamental_or_enum_v<T_To> && is_fundamental_or_enum_v<T_From>) {
    return cast_number<std::remove_cv_t<T_To>>(from);
  } else {
    return static_cast<T_To>(from);
  }
}

}  // namespace detail

#define RLBOX_DETAIL_CAST(NAME, POINTERS_ONLY)                                                    \
  template <typename T_To, typename T_From, typename T_Sbx>                                       \
  tainted<T_To, T_Sbx> sandbox_##NAME(const tainted<T_From, T_Sbx>& from) {                       \
    constexpr bool supported = !POINTERS_ONLY || (std::is_pointer_v<std::remove_cv_t<T_From>> &&  \
                                                  std::is_pointer_v<T_To>);                       \
    rlbox_detail_static_fail_because(                                                             \
        !supported, "RLBox: sandbox_" #NAME " converts tainted pointers to pointer types only."); \
    if constexpr (supported) {                                                                    \
      return detail::access::make<T_To, T_Sbx>(                                                   \
          detail::NAME##_of<T_To>(from.INTERNAL_unverified_safe()));                              \
    } else {                                                                                      \
      return detail::access::make<T_To, T_Sbx>(std::remove_cv_t<T_To>{});                         \
    }                                                                                             \
  }                                                                                               \
  template <typename T_To, typename T_From, typename T_Sbx>                                       \
  tainted<T_To, T_Sbx> sandbox_##NAME(const tainted_volatile<T_From, T_Sbx>& from) {              \
    return sandbox_##NAME<T_To>(tainted<T_From, T_Sbx>(from));                                    \
  }                                                                                               \
  RLBOX_REQUIRE_SEMI_COLON

/// reinterpret_cast, const_cast and static_cast of the raw value; the result is tainted<T_To>.
RLBOX_DETAIL_CAST(reinterpret_cast, true);
RLBOX_DETAIL_CAST(const_cast, true);
RLBOX_DETAIL_CAST(static_cast, false);
#undef RLBOX_DETAIL_CAST

// ---------------------------------------------------------------------------------------------
// Memory functions
// ---------------------------------------------------------------------------------------------

namespace detail {

/// Checks that a tainted pointer has `bytes` bytes in this sandbox.
template <typename T_Sbx>
void check_operand(rlbox_sandbox<T_Sbx>& sandbox, const void* address, std::size_t bytes) {
  check_sandbox_pointer_range_is_contained<T_Sbx>(address, bytes);
  dynamic_check(bytes == 0 || sandbox.INTERNAL_contains(address, bytes),
                "RLBox: a tainted pointer does not refer to memory of the sandbox that it is used "
                "with. Pass the sandbox that the pointer came from.");
}

/// A raw operand of a memory function as an address; wrapped ones are checked to have `bytes`
/// bytes.
template <typename T_Sbx, typename T_Ptr>
const void* operand_address(rlbox_sandbox<T_Sbx>& sandbox, const T_Ptr& operand,
                            std::size_t bytes) {
  using T_Payload = std::decay_t<payload_t<T_Ptr>>;
  constexpr bool pointer = std::is_pointer_v<T_Payload> || std::is_null_pointer_v<T_Payload>;
  constexpr bool same_sandbox =
      !rlbox_is_tainted_or_vol_v<T_Ptr> || std::is_same_v<wrapper_sandbox_t<T_Ptr>, T_Sbx>;
  rlbox_detail_static_fail_because(!pointer, "RLBox: this memory function needs a pointer here.");
  rlbox_detail_static_fail_because(!same_sandbox,
                                   "RLBox: the pointer belongs to another sandbox type.");
  if constexpr (pointer && same_sandbox && rlbox_is_tainted_or_vol_v<T_Ptr>) {
    const void* const address = pointer_to_address(operand.INTERNAL_unverified_safe());
    check_operand(sandbox, address, bytes);
    return address;
  } else if constexpr (pointer && same_sandbox) {
    RLBOX_UNUSED(sandbox);
    return static_cast<const void*>(operand);
  } else {
    RLBOX_UNUSED(sandbox);
    return nullptr;
  }
}

/// The destination of a memory function: wrapped, not const, with room for `bytes` bytes.
template <typename T_Sbx, typename T_Dest>
auto destination(rlbox_sandbox<T_Sbx>& sandbox, const T_Dest& dest, std::size_t bytes) {
  using T_Payload = payload_t<T_Dest>;
  constexpr bool wrapped = rlbox_is_tainted_or_vol_v<T_Dest> && std::is_pointer_v<T_Payload>;
  constexpr bool same_sandbox = !wrapped || std::is_same_v<wrapper_sandbox_t<T_Dest>, T_Sbx>;
  constexpr bool writable = wrapped && !std::is_const_v<std::remove_pointer_t<T_Payload>> &&
                            !std::is_function_v<std::remove_pointer_t<T_Payload>>;
  rlbox_detail_static_fail_because(!wrapped,
                                   "RLBox: the destination of this function must be a tainted "
                                   "pointer. Use the C library's function for "
                                   "application memory.");
  rlbox_detail_static_fail_because(
      wrapped && !writable,
      "RLBox: the destination of this function is a pointer to const and cannot be written.");
  rlbox_detail_static_fail_because(
      !same_sandbox, "RLBox: the destination of this function belongs to another sandbox type.");
  if constexpr (writable && same_sandbox) {
    // read a pointer in sandbox memory once
    const tainted<T_Payload, T_Sbx> copy(dest);
    operand_address(sandbox, copy, bytes);
    return copy;
  } else {
    RLBOX_UNUSED(sandbox);
    return tainted<char*, T_Sbx>(nullptr);
  }
}

template <typename T_Sbx, typename T_Num>
std::size_t byte_count(rlbox_sandbox<T_Sbx>& sandbox, const T_Num& num) {
  using T_Value = payload_t<T_Num>;
  constexpr bool integral = std::is_integral_v<T_Value>;
  rlbox_detail_static_fail_because(!integral, "RLBox: the number of bytes must be an integer.");
  if constexpr (integral) {
    const T_Value value = unwrap_value(num);
    bool fits = true;
    if constexpr (std::is_signed_v<T_Value>) {
      fits = value >= 0;
    }
    const auto bytes = static_cast<std::uintmax_t>(value);
    dynamic_check(fits && bytes <= sandbox.get_total_memory(),
                  "RLBox: a memory function was called with more bytes than the sandbox has; "
                  "verify the number first");
    return static_cast<std::size_t>(bytes);
  } else {
    return 0;
  }
}

/// How many bytes of a raw operand may be read. The library chooses a tainted number of bytes, so
/// with it the application's buffer must be an array, whose size the compiler knows.
template <typename T_Ptr, typename T_Num>
constexpr std::size_t readable_bytes() {
  constexpr bool chosen = !rlbox_is_tainted_or_vol_v<T_Ptr> &&
                          wrapper_kind_v<remove_cvref_t<T_Num>> != wrapper_kind::none;
  constexpr bool unknown = chosen && !std::is_array_v<T_Ptr>;
  rlbox_detail_static_fail_because(
      unknown,
      "RLBox: the library chose this number of bytes, so it decides how much of the application's "
      "memory is read, beyond the end of the buffer as well. Verify the number first "
      "(copy_and_verify).");
  if constexpr (chosen && !unknown) {
    return sizeof(T_Ptr);
  } else {
    return (std::numeric_limits<std::size_t>::max)();
  }
}

inline constexpr const char* beyond_buffer =
    "RLBox: a tainted number of bytes is larger than the application's buffer; verify it first";

}  // namespace detail

/// Sets `num` bytes of sandbox memory; value and count may be tainted. Returns the destination.
template <typename T_Sbx, typename T_Dest, typename T_Val, typename T_Num>
auto memset(rlbox_sandbox<T_Sbx>& sandbox, const T_Dest& dest, const T_Val& value,
            const T_Num& num) {
  const std::size_t bytes = detail::byte_count(sandbox, num);
  const auto target = detail::destination(sandbox, dest, bytes);
  const auto fill = detail::static_cast_of<unsigned char>(detail::unwrap_value(value));
  std::memset(static_cast<void*>(target.INTERNAL_unverified_safe()), fill, bytes);
  return target;
}

/// Copies `num` bytes into sandbox memory, from a tainted (checked) or raw pointer. The contents
/// are not converted, and all bytes are copied: the padding of a struct as well, which may hold
/// anything. Store structs through tainted pointers instead. A tainted number of bytes needs a
/// tainted source or an array. Returns the destination.
template <typename T_Sbx, typename T_Dest, typename T_Src, typename T_Num>
auto memcpy(rlbox_sandbox<T_Sbx>& sandbox, const T_Dest& dest, const T_Src& src, const T_Num& num) {
  const std::size_t bytes = detail::byte_count(sandbox, num);
  const auto target = detail::destination(sandbox, dest, bytes);
  detail::dynamic_check(bytes <= detail::readable_bytes<T_Src, T_Num>(), detail::beyond_buffer);
  const void* const source = detail::operand_address(sandbox, src, bytes);
  if (bytes != 0) {
    // memmove, since two tainted ranges may overlap
    std::memmove(static_cast<void*>(target.INTERNAL_unverified_safe()), source, bytes);
  }
  return target;
}

/// As the C function: copies a string of at most `num` bytes into sandbox memory and fills the rest
/// of the `num` bytes with zeros. Returns the destination.
template <typename T_Sbx, typename T_Dest, typename T_Src, typename T_Num>
auto strncpy(rlbox_sandbox<T_Sbx>& sandbox, const T_Dest& dest, const T_Src& src,
             const T_Num& num) {
  const std::size_t bytes = detail::byte_count(sandbox, num);
  const auto target = detail::destination(sandbox, dest, bytes);
  const auto* const source =
      static_cast<const volatile char*>(detail::operand_address(sandbox, src, bytes));
  auto* const out = static_cast<char*>(static_cast<void*>(target.INTERNAL_unverified_safe()));
  // a raw pointer is taken for a C string, which ends
  constexpr bool bounded = std::is_array_v<T_Src> && detail::rlbox_is_wrapper_v<T_Num>;
  std::size_t i = 0;
  for (; i < bytes; i++) {
    if constexpr (bounded) {
      detail::dynamic_check(i < sizeof(src), detail::beyond_buffer);
    }
    const char c = source[i];
    if (c == '\0') {
      break;
    }
    out[i] = c;
  }
  if (i < bytes) {
    std::memset(out + i, 0, bytes - i);
  }
  return target;
}

/// Compares `num` bytes; either side may be tainted (checked) or raw. The result is a hint, since
/// sandbox memory may change afterwards.
template <typename T_Sbx, typename T_Lhs, typename T_Rhs, typename T_Num>
tainted_int_hint memcmp(rlbox_sandbox<T_Sbx>& sandbox, const T_Lhs& lhs, const T_Rhs& rhs,
                        const T_Num& num) {
  constexpr bool wrapped =
      detail::rlbox_is_tainted_or_vol_v<T_Lhs> || detail::rlbox_is_tainted_or_vol_v<T_Rhs>;
  rlbox_detail_static_fail_because(
      !wrapped, "RLBox: memcmp with a sandbox needs at least one tainted pointer.");
  const std::size_t bytes = detail::byte_count(sandbox, num);
  detail::dynamic_check(bytes <= detail::readable_bytes<T_Lhs, T_Num>() &&
                            bytes <= detail::readable_bytes<T_Rhs, T_Num>(),
                        detail::beyond_buffer);
  const void* const left = detail::operand_address(sandbox, lhs, bytes);
  const void* const right = detail::operand_address(sandbox, rhs, bytes);
  return bytes == 0 ? 0 : std::memcmp(left, right, bytes);
}

// ---------------------------------------------------------------------------------------------
// Transfer of buffers
// ---------------------------------------------------------------------------------------------

/// True if buffers of T can be handed over as bytes: T has the same representation in the sandbox
/// T_Sbx, or, without T_Sbx, in every sandbox.
template <typename T, typename T_Sbx = void>
inline constexpr bool can_type_be_memcopied =
    detail::has_same_representation<std::remove_cv_t<T>, T_Sbx>();
template <typename T>
inline constexpr bool can_type_be_memcopied<T, void> = detail::is_same_everywhere_v<T>;

/// Makes `num` elements at `src` accessible to the sandbox: without a copy if the backend can, else
/// by copying into new sandbox memory (`copied` is set; null if the sandbox is exhausted). With
/// `free_source_on_copy` a copied source is freed with free().
template <typename T_Sbx, typename T>
tainted<T*, T_Sbx> copy_memory_or_grant_access(rlbox_sandbox<T_Sbx>& sandbox, T* src,
                                               std::size_t num, bool free_source_on_copy,
                                               bool& copied) {
  constexpr bool supported = can_type_be_memcopied<T, T_Sbx>;
  rlbox_detail_static_fail_because(
      !supported,
      "RLBox: buffers of this type cannot be transferred as bytes, because its representation in "
      "the sandbox "
      "differs. Convert element by element through a tainted pointer.");
  copied = false;
  if constexpr (detail::has_can_grant_deny_access<T_Sbx>::value) {
    bool success = false;
    auto granted = sandbox.INTERNAL_grant_access(src, num, success);
    if (success) {
      return granted;
    }
  }
  using T_Bare = std::remove_cv_t<T>;
  static_cast<void>(detail::checked_byte_count(num, sizeof(T)));
  detail::dynamic_check(num <= (std::numeric_limits<std::uint32_t>::max)(),
                        "RLBox: a buffer is too large for the sandbox, which has 32-bit sizes; "
                        "pass it in parts");
  auto copy = sandbox.template malloc_in_sandbox<T_Bare>(num);
  if (!copy) {
    return nullptr;
  }
  auto on_failure =
      detail::make_scope_exit([&] { detail::run_quietly([&] { sandbox.free_in_sandbox(copy); }); });
  rlbox::memcpy(sandbox, copy, src, num * sizeof(T));
  on_failure.release();
  if (free_source_on_copy) {
    std::free(const_cast<void*>(static_cast<const void*>(src)));
  }
  copied = true;
  return sandbox_const_cast<T*>(copy);
}

/// The way back: takes access to `num` elements from the sandbox, without a copy if the backend
/// can, else by copying into memory from malloc() (`copied` is set; null if it is exhausted). With
/// `free_source_on_copy` a copied source is freed in the sandbox.
template <typename T_Sbx, typename T, template <typename, typename> typename T_Wrap>
T* copy_memory_or_deny_access(rlbox_sandbox<T_Sbx>& sandbox, const T_Wrap<T*, T_Sbx>& source,
                              std::size_t num, bool free_source_on_copy, bool& copied) {
  constexpr bool supported = can_type_be_memcopied<T, T_Sbx>;
  rlbox_detail_static_fail_because(!supported,
                                   "RLBox: buffers of this type cannot be transferred as bytes, "
                                   "because its representation in the sandbox "
                                   "differs. Use copy_and_verify_range.");
  copied = false;
  const tainted<T*, T_Sbx> src(source);
  if constexpr (detail::has_can_grant_deny_access<T_Sbx>::value) {
    bool success = false;
    T* const taken = sandbox.INTERNAL_deny_access(src, num, success);
    if (success) {
      return taken;
    }
  }
  const std::size_t bytes = detail::checked_byte_count(num, sizeof(T));
  const void* const from = detail::operand_address(sandbox, src, bytes);
  auto* const copy = static_cast<std::remove_cv_t<T>*>(std::malloc(bytes));
  if (copy == nullptr) {
    return nullptr;
  }
  detail::copy_elements_out<T_Sbx, T>(copy, from, num);
  if (free_source_on_copy) {
    // the data is here already, so a library that fails to free it changes nothing
    detail::run_quietly([&] { sandbox.free_in_sandbox(src); });
  }
  copied = true;
  return copy;
}

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_STDLIB_HPP_
