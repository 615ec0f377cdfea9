#ifndef RLBOX_INTERNAL_RANGE_HPP_
#define RLBOX_INTERNAL_RANGE_HPP_
/// \file
/// Bounds checks on sandbox memory. Everything that computes an address from a tainted pointer goes
/// through this file.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/sandbox_base.hpp"
#include "rlbox_types.hpp"

namespace rlbox::detail {

/// Checks that `bytes` bytes from `ptr` on lie in one sandbox. Null fails; no bytes are always
/// fine.
template <typename T_Sbx>
inline void check_sandbox_pointer_range_is_contained(const void* ptr, std::size_t bytes) {
  dynamic_check(ptr != nullptr, "RLBox: null pointer where a range of sandbox memory is needed");
  dynamic_check(bytes == 0 || rlbox_sandbox<T_Sbx>::is_range_in_one_sandbox(ptr, bytes),
                "RLBox: a range of memory goes beyond the end of the sandbox. The library chose "
                "its start or its length; verify the length first, or give this sandbox up.");
}

inline constexpr const char* wild_pointer =
    "RLBox: a tainted pointer does not refer to an object in the sandbox's memory. The library "
    "chose the pointer; give this sandbox up.";
inline constexpr const char* misaligned_pointer =
    "RLBox: a tainted pointer is not aligned as its type asks for. copy_and_verify, "
    "copy_and_verify_range and rlbox::memcpy take pointers to any address.";

/// An access through the tainted pointer `ptr` is refused: a failed check, or, where the sandbox
/// survives that, an address at which the access is harmless.
template <typename T_Sbx>
RLBOX_DETAIL_COLD const void* refuse_access(const void* ptr, std::size_t alignment,
                                            const char* message) {
  if (rlbox_sandbox<T_Sbx>::INTERNAL_survives_access(ptr)) {
    return reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(ptr) / alignment *
                                         alignment);
  }
  dynamic_check(false, message);
  return ptr;
}

/// The address of an object of `size` bytes that the application reaches through a reference:
/// `ptr`, if the object is in one sandbox and aligned.
template <typename T_Sbx>
RLBOX_DETAIL_ALWAYS_INLINE const void* accessible(const void* ptr, std::size_t size,
                                                  std::size_t alignment) {
  const bool inside = rlbox_sandbox<T_Sbx>::is_range_in_one_sandbox(ptr, size);
  const bool aligned = reinterpret_cast<std::uintptr_t>(ptr) % alignment == 0;
  return inside && aligned
             ? ptr
             : refuse_access<T_Sbx>(ptr, alignment, inside ? misaligned_pointer : wild_pointer);
}

/// Checks that an address is a multiple of `alignment`.
RLBOX_DETAIL_ALWAYS_INLINE void check_alignment(const void* ptr, std::size_t alignment) {
  dynamic_check(reinterpret_cast<std::uintptr_t>(ptr) % alignment == 0, misaligned_pointer);
}

/// `count` elements of `element_size` bytes, checked for overflow.
inline std::size_t checked_byte_count(std::size_t count, std::size_t element_size) {
  dynamic_check(count <= (std::numeric_limits<std::size_t>::max)() / element_size,
                "RLBox: the number of elements is too large for an address space; verify it "
                "first");
  return count * element_size;
}

/// Address of element `index` counted from `base`, which is not null; null if it leaves the sandbox
/// that `base` is in.
template <typename T_Sbx, typename T_Index>
inline void* element_address(const void* base, T_Index index, std::size_t element_size) {
  static_assert(std::is_integral_v<T_Index>);
  using T_Wide = std::conditional_t<std::is_signed_v<T_Index>, std::make_signed_t<std::uintmax_t>,
                                    std::uintmax_t>;
  const auto wide = static_cast<T_Wide>(index);
  bool negative = false;
  if constexpr (std::is_signed_v<T_Index>) {
    negative = wide < 0;
  }
  const std::uintmax_t bits = static_cast<std::uintmax_t>(wide);
  const std::uintmax_t magnitude = negative ? std::uintmax_t{0} - bits : bits;
  const auto start = reinterpret_cast<std::uintptr_t>(base);
  const std::uintptr_t room =
      negative ? start : (std::numeric_limits<std::uintptr_t>::max)() - start;
  const bool fits = magnitude <= room / element_size;
  const std::uintptr_t offset = static_cast<std::uintptr_t>(magnitude) * element_size;
  const std::uintptr_t target = negative ? start - offset : start + offset;
  void* const result = reinterpret_cast<void*>(target);
  return fits && rlbox_sandbox<T_Sbx>::is_in_same_sandbox(base, result) ? result : nullptr;
}

/// Address of an object of Size bytes, element `index` counted from `base`, which is not null, if
/// `base` and the object are in one sandbox and the object is aligned; otherwise null, and the
/// caller finds out why. In one step where the backend looks ranges up in one.
template <typename T_Sbx, std::size_t Size, std::size_t Alignment, typename T_Index>
RLBOX_DETAIL_ALWAYS_INLINE void* usual_element_address(const void* base, T_Index index) {
  // Wider indices could overflow below.
  if constexpr (has_can_check_ranges<T_Sbx>::value && sizeof(T_Index) <= 4 && Size < (1U << 24)) {
    const auto start = reinterpret_cast<std::uintptr_t>(base);
    const auto steps = static_cast<std::int64_t>(index);
    const bool backwards = steps < 0;
    const auto offset = static_cast<std::uint64_t>(backwards ? -steps : steps) * Size;
    const std::uintptr_t target = backwards ? start - offset : start + offset;
    const std::uint64_t bytes = backwards ? offset + 1 : offset + Size;
    const bool inside =
        target % Alignment == 0 && rlbox_sandbox<T_Sbx>::is_range_in_one_sandbox(
                                       backwards ? reinterpret_cast<void*>(target) : base, bytes);
    return inside ? reinterpret_cast<void*>(target) : nullptr;
  } else {
    RLBOX_UNUSED(base);
    RLBOX_UNUSED(index);
    return nullptr;
  }
}

/// The same, checked to be in the sandbox.
template <typename T_Sbx, typename T_Index>
inline void* checked_element_address(const void* base, T_Index index, std::size_t element_size) {
  dynamic_check(base != nullptr, "RLBox: pointer arithmetic on a null pointer");
  void* const result = element_address<T_Sbx>(base, index, element_size);
  dynamic_check(result != nullptr,
                "RLBox: pointer arithmetic leaves the sandbox; verify the index first");
  return result;
}

inline constexpr const char* no_terminator =
    "RLBox: a string in the sandbox has no terminating zero. Give this sandbox up, or use "
    "copy_and_verify_range where the length is known.";
inline constexpr const char* no_terminator_in_time =
    "RLBox: a string in the sandbox has no terminating zero within the max_length that it was "
    "verified with. Give this sandbox up, or allow longer strings.";

/// Length of the string at `str`, looked for inside the sandbox only, and at most `max_length`.
template <typename T_Sbx>
inline std::size_t checked_string_length(
    const char* str, std::size_t max_length = (std::numeric_limits<std::size_t>::max)()) {
  std::size_t length = 0;
  if constexpr (has_can_measure_room<T_Sbx>::value) {
    const std::size_t room = rlbox_sandbox<T_Sbx>::INTERNAL_room(str);
    const std::size_t most = max_length < room ? max_length + 1 : room;
    if (const void* const end = most != 0 ? std::memchr(str, 0, most) : nullptr) {
      return static_cast<std::size_t>(static_cast<const char*>(end) - str);
    }
    length = most;
  } else {
    constexpr std::size_t max_step = 4096;
    std::size_t step = 64;
    while (step != 0 && length <= max_length) {
      if (step - 1 > max_length - length) {
        step /= 2;  // close to the longest
        continue;
      }
      if (!rlbox_sandbox<T_Sbx>::is_range_in_one_sandbox(str, length + step)) {
        step /= 2;  // close to the end of the sandbox
        continue;
      }
      if (const void* end = std::memchr(str + length, 0, step)) {
        return static_cast<std::size_t>(static_cast<const char*>(end) - str);
      }
      length += step;
      if (step < max_step) {
        step *= 2;
      }
    }
  }
  dynamic_check(false, length > max_length ? no_terminator_in_time : no_terminator);
  return max_length < length ? max_length : length;
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_RANGE_HPP_
