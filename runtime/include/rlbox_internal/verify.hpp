#ifndef RLBOX_INTERNAL_VERIFY_HPP_
#define RLBOX_INTERNAL_VERIFY_HPP_
/// \file
/// Implementation of the copy_and_verify family. Each function copies out of the sandbox first and
/// hands the copy to the verifier, so that the sandbox cannot change what was verified.

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

/// Element type that a range check on a T* counts with: bytes for void and functions.
template <typename T>
using range_element_t = std::conditional_t<std::is_void_v<T> || std::is_function_v<T>, char, T>;

/// Returns `verifier(copy)`, the end of every function of the family.
template <typename T_Func, typename T_Copy>
RLBOX_DETAIL_ALWAYS_INLINE auto call_verifier(T_Func& verifier, T_Copy&& copy) {
  constexpr bool callable = std::is_invocable_v<T_Func&, T_Copy&&>;
  rlbox_detail_static_fail_because(
      !callable,
      "RLBox: the verifier cannot be called with the copy that it gets: the number or enum itself, "
      "std::unique_ptr<T> for a pointer, std::unique_ptr<tainted<T>> for a pointer to a struct, "
      "std::array for an array, std::unique_ptr<T[]> for a range, std::uintptr_t for an address.");
  if constexpr (callable) {
    return verifier(std::forward<T_Copy>(copy));
  }
}

/// Copies `count` elements at `from` in sandbox memory into `to`, converting each if necessary.
template <typename T_Sbx, typename T_Element>
void copy_elements_out(std::remove_cv_t<T_Element>* to, const volatile void* from,
                       std::size_t count) {
  using T_App = std::remove_cv_t<T_Element>;
  if constexpr (is_copied_as_bytes<T_App, T_Sbx>()) {
    copy_from_shared(to, from, count * sizeof(T_App));
  } else {
    using T_Equivalent = convert_to_sandbox_equivalent_t<T_App, T_Sbx>;
    const auto* bytes = static_cast<const volatile char*>(from);
    for (std::size_t i = 0; i < count; i++) {
      // bytes first: the sandbox chooses the address, which need not be aligned
      T_Equivalent element;
      copy_from_shared(&element, bytes + i * sizeof(T_Equivalent), sizeof(T_Equivalent));
      convert_type_non_class<T_Sbx, adjust_type_direction::TO_APPLICATION,
                             adjust_type_context::EXAMPLE>(
          to[i], element, const_cast<const char*>(bytes),
          static_cast<rlbox_sandbox<T_Sbx>*>(nullptr));
    }
  }
}

/// copy_and_verify of a pointer to one element.
template <typename T_Sbx, typename T_Element, typename T_Func>
auto verify_pointee(T_Element* ptr, T_Func& verifier) {
  using T_Bare = std::remove_cv_t<T_Element>;
  if constexpr (std::is_class_v<T_Bare> || std::is_union_v<T_Bare>) {
    using T_Copy = std::unique_ptr<tainted<T_Bare, T_Sbx>>;
    if (ptr == nullptr) {
      return call_verifier(verifier, T_Copy());
    }
    check_sandbox_pointer_range_is_contained<T_Sbx>(ptr, sandbox_sizeof<T_Bare, T_Sbx>());
    // as bytes: the sandbox chooses the address, which need not be aligned
    convert_to_sandbox_equivalent_t<T_Bare, T_Sbx> layout;
    copy_from_shared(&layout, ptr, sizeof(layout));
    uninitialized<T_Bare> raw;
    convert_type<T_Sbx, adjust_type_direction::TO_APPLICATION, adjust_type_context::EXAMPLE>(
        raw.value, layout, ptr, static_cast<rlbox_sandbox<T_Sbx>*>(nullptr));
    T_Copy copy(new tainted<T_Bare, T_Sbx>);
    static_assert(sizeof(*copy) == sizeof(raw));
    std::memcpy(static_cast<void*>(copy.get()), static_cast<const void*>(&raw), sizeof(raw));
    return call_verifier(verifier, std::move(copy));
  } else {
    using T_Copy = std::unique_ptr<T_Bare>;
    if (ptr == nullptr) {
      // one argument type for both cases, so that the verifier returns one type
      return call_verifier(verifier, T_Copy());
    }
    check_sandbox_pointer_range_is_contained<T_Sbx>(ptr, sandbox_sizeof<T_Bare, T_Sbx>());
    T_Copy copy(new T_Bare);
    copy_elements_out<T_Sbx, T_Bare>(copy.get(), ptr, 1);
    return call_verifier(verifier, std::move(copy));
  }
}

/// copy_and_verify_range.
template <typename T_Sbx, typename T_Element, typename T_Func>
auto verify_range(T_Element* ptr, T_Func& verifier, std::size_t count) {
  using T_Bare = std::remove_cv_t<T_Element>;
  dynamic_check(count != 0, "RLBox: copy_and_verify_range needs at least one element");
  std::unique_ptr<T_Bare[]> copy;
  if (ptr != nullptr) {
    const std::size_t bytes = checked_byte_count(count, sandbox_sizeof<T_Bare, T_Sbx>());
    check_sandbox_pointer_range_is_contained<T_Sbx>(ptr, bytes);
    static_cast<void>(checked_byte_count(count, sizeof(T_Bare)));
    copy.reset(new T_Bare[count]);
    copy_elements_out<T_Sbx, T_Bare>(copy.get(), ptr, count);
  }
  return call_verifier(verifier, std::move(copy));
}

/// A copy of the string at `str`, which was `length` bytes long when it was measured.
inline std::string copied_string(const char* str, std::size_t length) {
  std::string copy(str, length);
#if defined(__GNUC__) || defined(__clang__)
  __asm__ volatile("" : : : "memory");  // as in copy_from_shared
#endif
  // the sandbox may have shortened its string since it was measured
  if (const std::size_t present = std::strlen(copy.c_str()); present < length) {
    copy.resize(present);
  }
  return copy;
}

/// copy_and_verify_string.
template <typename T_Sbx, typename T_Func>
auto verify_string(const char* str, T_Func& verifier) {
  using T_Param = remove_cvref_t<first_parameter_t<T_Func>>;
  constexpr bool takes_string = std::is_same_v<T_Param, std::string>;
  constexpr bool takes_chars = std::is_same_v<T_Param, std::unique_ptr<char[]>> ||
                               std::is_same_v<T_Param, std::unique_ptr<const char[]>>;
  constexpr bool takes_unknown = std::is_void_v<T_Param>;
  rlbox_detail_static_fail_because(
      takes_unknown,
      "RLBox: copy_and_verify_string looks at the verifier's parameter type to choose the copy it "
      "makes. "
      "The verifier must be callable with one argument and neither generic (auto) nor overloaded: "
      "take "
      "std::unique_ptr<char[]>, std::unique_ptr<const char[]> or std::string.");
  rlbox_detail_static_fail_because(
      !takes_string && !takes_chars && !takes_unknown,
      "RLBox: the verifier of copy_and_verify_string must take std::unique_ptr<char[]>, "
      "std::unique_ptr<const char[]> or std::string.");
  if constexpr (takes_string) {
    return call_verifier(verifier, str != nullptr
                                       ? copied_string(str, checked_string_length<T_Sbx>(str))
                                       : std::string());
  } else if constexpr (takes_chars) {
    std::unique_ptr<char[]> copy;
    if (str != nullptr) {
      const std::size_t length = checked_string_length<T_Sbx>(str);
      copy.reset(new char[length + 1]);
      copy_from_shared(copy.get(), str, length);
      copy[length] = '\0';
    }
    return verifier(T_Param(std::move(copy)));
  } else {
    return;
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_VERIFY_HPP_
