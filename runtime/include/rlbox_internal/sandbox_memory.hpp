#ifndef RLBOX_INTERNAL_SANDBOX_MEMORY_HPP_
#define RLBOX_INTERNAL_SANDBOX_MEMORY_HPP_
/// \file
/// Members of rlbox_sandbox that convert addresses, say what is in a sandbox, and allocate there.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "rlbox_internal/sandbox.hpp"

namespace rlbox {

template <typename T_Sbx>
template <typename T>
typename T_Sbx::T_PointerType rlbox_sandbox<T_Sbx>::get_sandboxed_pointer(const void* p) const {
  if (p == nullptr) {
    return T_Pointer{};
  }
  if constexpr (!detail::is_func_ptr_v<T> && !detail::is_host_abi_v<T_Sbx>) {
    // one past the end of an object is fine
    auto* const self = const_cast<rlbox_sandbox*>(this);
    const void* const before =
        reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(p) - 1);
    detail::dynamic_check(self->impl_is_pointer_in_sandbox_memory(p) ||
                              self->impl_is_pointer_in_sandbox_memory(before),
                          other_sandbox);
  }
  return this->template impl_get_sandboxed_pointer<T>(p);
}

template <typename T_Sbx>
template <typename T>
T rlbox_sandbox<T_Sbx>::get_unsandboxed_pointer_no_ctx(T_Pointer p,
                                                       const void* example_unsandboxed_ptr) {
  if (p == T_Pointer{}) {
    return nullptr;
  }
  return detail::address_to_pointer<T>(T_Sbx::template impl_get_unsandboxed_pointer_no_ctx<T>(
      p, example_unsandboxed_ptr, find_sandbox_from_example));
}

template <typename T_Sbx>
template <typename T>
typename T_Sbx::T_PointerType rlbox_sandbox<T_Sbx>::get_sandboxed_pointer_no_ctx(
    const void* p, const void* example_unsandboxed_ptr) {
  if (p == nullptr) {
    return T_Pointer{};
  }
  if constexpr (!detail::is_func_ptr_v<T> && !detail::is_host_abi_v<T_Sbx>) {
    const void* const before =
        reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(p) - 1);
    detail::dynamic_check(example_unsandboxed_ptr == nullptr ||
                              is_in_same_sandbox(p, example_unsandboxed_ptr) ||
                              is_in_same_sandbox(before, example_unsandboxed_ptr),
                          other_sandbox);
  }
  return T_Sbx::template impl_get_sandboxed_pointer_no_ctx<T>(p, example_unsandboxed_ptr,
                                                              find_sandbox_from_example);
}

template <typename T_Sbx>
bool rlbox_sandbox<T_Sbx>::is_in_same_sandbox(const void* p1, const void* p2) {
  using T_Check = decltype(&T_Sbx::impl_is_in_same_sandbox);
  if constexpr (std::is_invocable_v<T_Check, const void*, const void*>) {
    return T_Sbx::impl_is_in_same_sandbox(p1, p2);
  } else {
    return T_Sbx::impl_is_in_same_sandbox(p1, p2, find_sandbox_from_example);
  }
}

template <typename T_Sbx>
RLBOX_DETAIL_ALWAYS_INLINE bool rlbox_sandbox<T_Sbx>::is_range_in_one_sandbox(const void* p,
                                                                              std::size_t bytes) {
  const auto first = reinterpret_cast<std::uintptr_t>(p);
  const std::uintptr_t last = first + (bytes - 1);
  if constexpr (detail::has_can_check_ranges<T_Sbx>::value) {
    return last >= first && T_Sbx::impl_is_range_in_sandbox_memory(p, bytes);
  } else {
    return last >= first && is_in_same_sandbox(p, reinterpret_cast<const void*>(last));
  }
}

template <typename T_Sbx>
template <typename T>
tainted<T*, T_Sbx> rlbox_sandbox<T_Sbx>::malloc_in_sandbox(std::size_t count) {
  if (!is_created()) {
    return nullptr;
  }
  constexpr std::size_t size = allocation_size<T>();
  constexpr bool too_large = size > (std::numeric_limits<std::uint32_t>::max)();
  rlbox_detail_static_fail_because(too_large, "RLBox: objects of this type are too large.");
  detail::dynamic_check(count <= (std::numeric_limits<std::uint32_t>::max)(),
                        "RLBox: malloc_in_sandbox was asked for too many elements");
  detail::dynamic_check(count != 0, "RLBox: malloc_in_sandbox needs at least one element");
  const std::size_t bytes = detail::checked_byte_count(count, size);
  if constexpr (!std::is_pointer_v<T_Pointer>) {
    if (bytes > (std::numeric_limits<T_Pointer>::max)()) {
      return nullptr;  // more than the sandbox can address
    }
  }
  const auto in_sandbox = this->impl_malloc_in_sandbox(bytes);
  T* const ptr = get_unsandboxed_pointer<T*>(in_sandbox);
  if (ptr == nullptr) {
    return nullptr;
  }
  detail::dynamic_check(
      INTERNAL_contains(ptr, bytes),
      "RLBox: the sandbox's malloc returned memory outside of the sandbox; give this sandbox up");
  return detail::access::make<T*, T_Sbx>(ptr);
}

template <typename T_Sbx>
bool rlbox_sandbox<T_Sbx>::INTERNAL_survives_access([[maybe_unused]] const void* p) {
  if constexpr (detail::has_can_survive_accesses<T_Sbx>::value) {
    return T_Sbx::impl_survives_access(p);
  } else {
    return false;
  }
}

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_SANDBOX_MEMORY_HPP_
