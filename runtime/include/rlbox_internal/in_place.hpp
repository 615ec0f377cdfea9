#ifndef RLBOX_INTERNAL_IN_PLACE_HPP_
#define RLBOX_INTERNAL_IN_PLACE_HPP_
/// \file
/// Implementation of verify_string_in_place and verify_range_in_place. The backend's
/// `in_place_view` sees to it that nothing runs in the sandbox meanwhile; backends without one get
/// a copy.

#include <array>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/conversion.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/sandbox_base.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_internal/verify.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

// ---- what a verifier must not return ----

/// True for types that may lead to what a verifier has looked at, as far as a type tells: pointers
/// to data, references, views, and templates with such an argument. What is tainted may.
template <typename T>
struct leads_to_view : std::bool_constant<std::is_reference_v<T> || is_data_ptr_v<T>> {};
template <typename T>
struct leads_to_view<const T> : leads_to_view<T> {};
template <template <typename...> typename T_Class, typename... T_Args>
struct leads_to_view<T_Class<T_Args...>>
    : std::bool_constant<!rlbox_is_wrapper_v<T_Class<T_Args...>> &&
                         (leads_to_view<T_Args>::value || ... || false)> {};
template <typename T, typename T_Traits>
struct leads_to_view<std::basic_string_view<T, T_Traits>> : std::true_type {};
template <typename T>
struct leads_to_view<std::initializer_list<T>> : std::true_type {};
template <typename T>
struct leads_to_view<std::reference_wrapper<T>> : std::true_type {};
template <typename T, std::size_t N>
struct leads_to_view<std::array<T, N>> : leads_to_view<T> {};
/// std::span, without its header, and its like.
template <template <typename, std::size_t> typename T_Class, typename T, std::size_t N>
struct leads_to_view<T_Class<T, N>>
    : std::bool_constant<std::is_constructible_v<T_Class<T, N>, T*, std::size_t>> {};

// ---- the verifier's turn ----

/// Returns `verifier(parts...)`, the end of both functions.
template <typename T_Func, typename... T_Parts>
RLBOX_DETAIL_ALWAYS_INLINE auto call_in_place_verifier(T_Func& verifier, T_Parts... parts) {
  constexpr bool callable = std::is_invocable_v<T_Func&, T_Parts...>;
  rlbox_detail_static_fail_because(
      !callable,
      "RLBox: the verifier cannot be called with what it gets: a std::string_view for a string, "
      "the address of the first element (const T*) and the number of elements (std::size_t) for a "
      "range.");
  if constexpr (callable) {
    using T_Result = std::invoke_result_t<T_Func&, T_Parts...>;
    constexpr bool leads = leads_to_view<T_Result>::value;
    rlbox_detail_static_fail_because(
        leads,
        "RLBox: a verifier that looks in place must return no pointer, reference or view "
        "(std::string_view), nor a type that has one inside, because the library may change the "
        "memory as soon as the verifier has returned. Return a copy, such as a std::string, or a "
        "number.");
    if constexpr (!leads) {
      return verifier(parts...);
    }
  }
}

/// The same during a view of the sandbox that `address` is in the memory of.
template <typename T_Sbx, typename T_Func, typename... T_Parts>
RLBOX_DETAIL_ALWAYS_INLINE auto call_during_view(const void* address, T_Func& verifier,
                                                 T_Parts... parts) {
  const typename T_Sbx::in_place_view view(address);
  using T_Result = decltype(call_in_place_verifier(verifier, parts...));
  if constexpr (std::is_void_v<T_Result>) {
    call_in_place_verifier(verifier, parts...);
    view.close();
  } else {
    T_Result result = call_in_place_verifier(verifier, parts...);
    view.close();
    return result;
  }
}

/// verify_string_in_place.
template <typename T_Sbx, typename T_Func>
auto verify_string_in_place(const char* str, T_Func& verifier, std::size_t max_length) {
  if (str == nullptr) {
    return call_in_place_verifier(verifier, std::string_view());
  }
  const std::size_t length = checked_string_length<T_Sbx>(str, max_length);
  if constexpr (has_in_place_view<T_Sbx>::value) {
    return call_during_view<T_Sbx>(str, verifier, std::string_view(str, length));
  } else {
    const std::string copy = copied_string(str, length);
    return call_in_place_verifier(verifier, std::string_view(copy));
  }
}

/// verify_range_in_place, of elements that look the same on both sides.
template <typename T_Sbx, typename T_Element, typename T_Func>
auto verify_range_in_place(const volatile T_Element* ptr, T_Func& verifier, std::size_t count) {
  dynamic_check(count != 0, "RLBox: verify_range_in_place needs at least one element");
  if (ptr == nullptr) {
    return call_in_place_verifier(verifier, static_cast<const T_Element*>(nullptr), std::size_t{0});
  }
  const auto* const first = const_cast<const T_Element*>(ptr);
  check_sandbox_pointer_range_is_contained<T_Sbx>(first,
                                                  checked_byte_count(count, sizeof(T_Element)));
  check_alignment(first, alignof(T_Element));
  if constexpr (has_in_place_view<T_Sbx>::value) {
    return call_during_view<T_Sbx>(first, verifier, first, count);
  } else {
    const std::unique_ptr<T_Element[]> copy(new T_Element[count]);
    copy_from_shared(copy.get(), first, count * sizeof(T_Element));
    return call_in_place_verifier(verifier, static_cast<const T_Element*>(copy.get()), count);
  }
}

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_IN_PLACE_HPP_
