#ifndef RLBOX_INTERNAL_APP_POINTER_HPP_
#define RLBOX_INTERNAL_APP_POINTER_HPP_
/// \file
/// The table behind `app_pointer`: small indexes stand for application pointers, which never enter
/// the sandbox themselves.

#include <cstddef>
#include <cstdint>
#include <map>
#include <type_traits>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/unwrap.hpp"

namespace rlbox {
namespace detail {

/// One object per type; its address identifies the type without RTTI.
template <typename T>
struct type_tag {
  static inline char id = 0;
};

/// Tag of the pointee of an app pointer: no qualifiers, and null for void, which matches any type.
template <typename T>
const void* app_pointer_tag() {
  if constexpr (std::is_void_v<T>) {
    return nullptr;
  } else {
    return &type_tag<std::remove_cv_t<T>>::id;
  }
}

}  // namespace detail

/// Maps indexes 1..limit to application pointers of a recorded type. Index 0 is never used.
template <typename T_PointerType>
class app_pointer_map {
  struct entry {
    void* pointer;
    const void* type;
    detail::owner_link* owner;
  };

  // T_PointerType may be a pointer; the arithmetic needs an integer.
  using T_Index = std::uintptr_t;
  std::map<T_Index, entry> entries;
  T_Index last_index = 0;
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
  RLBOX_SHARED_LOCK(lock);
#endif

  static T_Index to_index(T_PointerType token) {
    if constexpr (std::is_pointer_v<T_PointerType>) {
      return reinterpret_cast<T_Index>(token);
    } else {
      return static_cast<T_Index>(token);
    }
  }
  static T_PointerType to_token(T_Index index) {
    if constexpr (std::is_pointer_v<T_PointerType>) {
      return reinterpret_cast<T_PointerType>(index);
    } else {
      return static_cast<T_PointerType>(index);
    }
  }

 public:
  /// Registers `ptr` under the next free index up to `limit`; fails a check if there is none.
  T_PointerType get_app_pointer_idx(void* ptr, const void* type, std::uintptr_t limit) {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
#endif
    detail::dynamic_check(entries.size() < limit,
                          "RLBox: too many app pointers are registered in this sandbox");
    T_Index index = last_index;
    do {
      index = index >= limit ? 1 : index + 1;
    } while (entries.find(index) != entries.end());
    entries.emplace(index, entry{ptr, type, nullptr});
    last_index = index;
    return to_token(index);
  }

  /// Removes an index; an unknown one fails a check.
  void remove_app_ptr(T_PointerType token) {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
#endif
    const std::size_t removed = entries.erase(to_index(token));
    detail::dynamic_check(removed == 1, "RLBox: this app pointer is not registered");
  }

  /// The pointer behind an index; an unknown one, or one of another type, fails a check. Pointers
  /// registered or looked up as void* have no type to compare.
  void* lookup_index(T_PointerType token, const void* type) {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_SHARED_GUARD(guard, lock);
#endif
    const auto found = entries.find(to_index(token));
    detail::dynamic_check(found != entries.end(), "RLBox: this app pointer is not registered");
    const void* const registered_type = found->second.type;
    detail::dynamic_check(type == nullptr || registered_type == nullptr || registered_type == type,
                          "RLBox: this app pointer was registered for another type");
    return found->second.pointer;
  }

  /// Records where the owner keeps its sandbox pointer, to be cleared by clear().
  void set_owner(T_PointerType token, detail::owner_link* owner) {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
#endif
    const auto found = entries.find(to_index(token));
    if (found != entries.end()) {
      found->second.owner = owner;
    }
  }

  /// Forgets everything; owners that are left become empty.
  void clear() {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
#endif
    for (auto& item : entries) {
      if (item.second.owner != nullptr) {
        item.second.owner->sandbox = nullptr;
      }
    }
    entries.clear();
    last_index = 0;
  }
};

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_APP_POINTER_HPP_
