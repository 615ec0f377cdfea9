#ifndef RLBOX_INTERNAL_SANDBOX_BASE_HPP_
#define RLBOX_INTERNAL_SANDBOX_BASE_HPP_
/// \file
/// Parts of rlbox_sandbox that do not touch the backend's members: the list of live sandboxes, the
/// symbol cache, detection of optional backend members.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_types.hpp"

namespace rlbox::detail {

#define RLBOX_DETAIL_DETECT_ALIAS(NAME)   \
  template <typename T, typename = void>  \
  struct has_##NAME : std::false_type {}; \
  template <typename T>                   \
  struct has_##NAME<T, std::void_t<identity<typename T::NAME>>> : std::true_type {}
RLBOX_DETAIL_DETECT_ALIAS(can_grant_deny_access);
RLBOX_DETAIL_DETECT_ALIAS(needs_internal_lookup_symbol);
RLBOX_DETAIL_DETECT_ALIAS(can_check_ranges);
RLBOX_DETAIL_DETECT_ALIAS(can_measure_room);
RLBOX_DETAIL_DETECT_ALIAS(can_refuse_destruction);
RLBOX_DETAIL_DETECT_ALIAS(can_register_callback_record);
RLBOX_DETAIL_DETECT_ALIAS(can_survive_accesses);
RLBOX_DETAIL_DETECT_ALIAS(in_place_view);
RLBOX_DETAIL_DETECT_ALIAS(rlbox_module_type);
RLBOX_DETAIL_DETECT_ALIAS(rlbox_typed_invoke);
#undef RLBOX_DETAIL_DETECT_ALIAS

/// Life cycle of a sandbox object.
enum class sandbox_state { not_created, initializing, created, cleaning_up };

/// The live sandboxes of one backend type in this process.
template <typename T_Sbx>
class sandbox_registry {
  static inline std::vector<rlbox_sandbox<T_Sbx>*> sandboxes;
  static inline RLBOX_SHARED_LOCK(lock);
  // Changes with every creation and destruction; invalidates the per-thread memory of find().
  static inline std::atomic<std::uint64_t> generation{1};

#ifndef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
  struct last_found {
    std::uint64_t generation;
    rlbox_sandbox<T_Sbx>* sandbox;
  };
  static last_found& last() {
    static thread_local last_found found = {0, nullptr};
    return found;
  }
#endif

 public:
  static void add(rlbox_sandbox<T_Sbx>* sandbox) {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    sandboxes.push_back(sandbox);
    generation.fetch_add(1, std::memory_order_release);
  }

  static void remove(rlbox_sandbox<T_Sbx>* sandbox) {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    for (std::size_t i = sandboxes.size(); i-- != 0;) {
      if (sandboxes[i] == sandbox) {
        sandboxes[i] = sandboxes.back();
        sandboxes.pop_back();
        break;
      }
    }
    generation.fetch_add(1, std::memory_order_release);
  }

  /// The first live sandbox for which `contains` is true, or null. Threads remember what they
  /// found, so that the list is rarely walked or locked.
  template <typename T_Func>
  static rlbox_sandbox<T_Sbx>* find(T_Func contains) {
#ifndef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
    last_found& memory = last();
    if (memory.generation == generation.load(std::memory_order_acquire) &&
        contains(*memory.sandbox)) {
      return memory.sandbox;
    }
#endif
    RLBOX_ACQUIRE_SHARED_GUARD(guard, lock);
    for (auto* const sandbox : sandboxes) {
      if (contains(*sandbox)) {
#ifndef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
        memory = {generation.load(std::memory_order_relaxed), sandbox};
#endif
        return sandbox;
      }
    }
    return nullptr;
  }
};

/// Addresses of symbols by name.
class symbol_cache {
  std::map<std::string, void*, std::less<>> symbols;
  RLBOX_SHARED_LOCK(lock);

 public:
  /// The remembered address, or what `lookup()` returns.
  template <typename T_Func>
  void* get(const char* name, T_Func lookup) {
    const std::string_view key(name);
    {
      RLBOX_ACQUIRE_SHARED_GUARD(guard, lock);
      const auto found = symbols.find(key);
      if (found != symbols.end()) {
        return found->second;
      }
    }
    void* const address = lookup();
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    symbols[std::string(key)] = address;
    return address;
  }

  void clear() {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    symbols.clear();
  }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_SANDBOX_BASE_HPP_
