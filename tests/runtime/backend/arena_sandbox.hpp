#ifndef RLBOX_TESTS_BACKEND_ARENA_SANDBOX_HPP_
#define RLBOX_TESTS_BACKEND_ARENA_SANDBOX_HPP_
// A backend as somebody else would write one: from the description of the plugin interface, with
// standard headers and rlbox_helpers.hpp only.
//
// The "sandboxed" code are ordinary functions over a 64 KiB arena. They see what a 32-bit guest
// would: addresses are offsets in the arena, long has 32 bits, a function pointer is an index into
// a table. Each thread knows the sandbox whose code it executes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "rlbox_helpers.hpp"

namespace rlbox {

class rlbox_arena_sandbox {
 public:
  using T_ShortType = std::int16_t;
  using T_IntType = std::int32_t;
  using T_LongType = std::int32_t;
  using T_LongLongType = std::int64_t;
  using T_PointerType = std::uint32_t;
  using can_grant_deny_access = void;
  using needs_internal_lookup_symbol = void;

  /// A function of the library, under the name that it has for the application.
  struct symbol {
    const char* name;
    void* function;
  };

  static constexpr std::size_t arena_size = 0x10000;

  /// The sandbox whose code the calling thread executes, or null.
  static rlbox_arena_sandbox* executing() { return thread().sandbox; }

  // ---- for the library's code ----

  /// The object at an address of the library's.
  template <typename T>
  T read(std::uint32_t address) const {
    T value;
    std::memcpy(&value, arena + address % arena_size, sizeof(value));
    return value;
  }
  template <typename T>
  void write(std::uint32_t address, const T& value) {
    std::memcpy(arena + address % arena_size, &value, sizeof(value));
  }

  /// Calls what the table has at an index: a callback or a function of the library.
  template <typename T_Ret, typename... T_Args>
  T_Ret call_indirect(std::uint32_t index, T_Args... args) {
    detail::dynamic_check(index < table.size() && table[index].code != nullptr,
                          "arena: call of a function pointer that is none");
    const table_entry entry = table[index];
    const auto previous = std::exchange(thread().key, entry.key);
    const auto restore = detail::make_scope_exit([&] { thread().key = previous; });
    return reinterpret_cast<T_Ret (*)(T_Args...)>(entry.code)(args...);
  }

  // ---- for the tests ----

  std::size_t live_callbacks() const {
    std::size_t count = 0;
    for (const table_entry& entry : table) {
      count += entry.key != nullptr ? 1 : 0;
    }
    return count;
  }
  std::size_t live_allocations() const { return allocations; }

 private:
  struct table_entry {
    void* code = nullptr;  // what is called
    void* key = nullptr;   // the application's function, if it is a callback
  };
  struct thread_state {
    rlbox_arena_sandbox* sandbox;
    void* key;  // of the callback that runs
  };

  static thread_state& thread() {
    static thread_local thread_state state = {nullptr, nullptr};
    return state;
  }

  unsigned char* arena = nullptr;
  std::uint32_t top = 0;
  std::size_t allocations = 0;
  const symbol* symbols = nullptr;
  std::size_t symbol_count = 0;
  // Swizzling, which is const, may put functions of the library here.
  mutable std::vector<table_entry> table;

  bool contains(const void* p) const {
    const auto address = reinterpret_cast<std::uintptr_t>(p);
    const auto start = reinterpret_cast<std::uintptr_t>(arena);
    return arena != nullptr && address >= start && address - start < arena_size;
  }

  std::uint32_t table_index(void* code, void* key) const {
    for (std::size_t i = 1; i < table.size(); i++) {
      if (table[i].code == code && table[i].key == key) {
        return static_cast<std::uint32_t>(i);
      }
    }
    for (std::size_t i = 1; i < table.size(); i++) {
      if (table[i].code == nullptr) {
        table[i] = {code, key};
        return static_cast<std::uint32_t>(i);
      }
    }
    table.push_back({code, key});
    return static_cast<std::uint32_t>(table.size() - 1);
  }

  void* find_symbol(const char* name) const {
    for (std::size_t i = 0; i < symbol_count; i++) {
      if (std::strcmp(symbols[i].name, name) == 0) {
        return symbols[i].function;
      }
    }
    const std::string message = std::string("arena: the library has no function ") + name;
    detail::dynamic_check(false, message.c_str());
    return nullptr;
  }

 protected:
  // ---- life cycle ----

  template <std::size_t N>
  bool impl_create_sandbox(const std::array<symbol, N>* library, bool succeed = true) {
    if (!succeed) {
      return false;
    }
    arena = static_cast<unsigned char*>(std::aligned_alloc(arena_size, arena_size));
    std::memset(arena, 0, arena_size);
    top = 64;  // nothing is at 0, which is null
    allocations = 0;
    symbols = library->data();
    symbol_count = N;
    table.assign(1, table_entry{});
    return true;
  }
  void impl_destroy_sandbox() {
    std::free(arena);
    arena = nullptr;
    table.clear();
  }

  // ---- pointers ----

  template <typename T>
  void* impl_get_unsandboxed_pointer(T_PointerType p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return p < table.size() ? table[p].code : nullptr;
    } else {
      return arena + p % arena_size;
    }
  }
  template <typename T>
  T_PointerType impl_get_sandboxed_pointer(const void* p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return table_index(const_cast<void*>(p), nullptr);
    } else {
      return static_cast<T_PointerType>(static_cast<const unsigned char*>(p) - arena);
    }
  }
  template <typename T>
  static void* impl_get_unsandboxed_pointer_no_ctx(T_PointerType p, const void* example,
                                                   rlbox_arena_sandbox* (*finder)(const void*)) {
    return finder(example)->template impl_get_unsandboxed_pointer<T>(p);
  }
  template <typename T>
  static T_PointerType impl_get_sandboxed_pointer_no_ctx(
      const void* p, const void* example, rlbox_arena_sandbox* (*finder)(const void*)) {
    return finder(example)->template impl_get_sandboxed_pointer<T>(p);
  }

  // With the finder, unlike the other backends.
  static bool impl_is_in_same_sandbox(const void* p1, const void* p2,
                                      rlbox_arena_sandbox* (*finder)(const void*)) {
    const rlbox_arena_sandbox* const sandbox = finder(p1);
    return sandbox != nullptr && sandbox == finder(p2);
  }
  bool impl_is_pointer_in_sandbox_memory(const void* p) { return contains(p); }
  bool impl_is_pointer_in_app_memory(const void* p) { return !contains(p); }
  std::size_t impl_get_total_memory() { return arena_size; }
  void* impl_get_memory_location() { return arena; }

  // ---- memory ----

  T_PointerType impl_malloc_in_sandbox(std::size_t size) {
    const std::size_t start = (top + std::size_t{15}) & ~std::size_t{15};
    if (start > arena_size || size > arena_size - start) {
      return 0;
    }
    top = static_cast<std::uint32_t>(start + size);
    allocations++;
    return static_cast<T_PointerType>(start);
  }
  void impl_free_in_sandbox(T_PointerType p) { allocations -= p != 0 ? 1 : 0; }

  // Only what is in the arena already can be granted without a copy.
  template <typename T>
  T* impl_grant_access(T* source, std::size_t count, bool& success) {
    success = contains(source) && contains(source + count - 1);
    return success ? source : nullptr;
  }
  template <typename T>
  T* impl_deny_access(T*, std::size_t, bool& success) {
    success = false;
    return nullptr;
  }

  // ---- calls ----

  void* impl_lookup_symbol(const char* name) { return find_symbol(name); }
  void* impl_internal_lookup_symbol(const char* name) { return find_symbol(name); }

  template <typename T, typename T_Converted, typename... T_Args>
  auto impl_invoke_with_func_ptr(T_Converted* function, T_Args&&... params) {
    static_assert(std::is_function_v<T> && std::is_function_v<T_Converted>);
    const thread_state previous = std::exchange(thread(), thread_state{this, nullptr});
    const auto restore = detail::make_scope_exit([&] { thread() = previous; });
    return function(std::forward<T_Args>(params)...);
  }

  template <typename T_Ret, typename... T_Args>
  T_PointerType impl_register_callback(void* key, void* interceptor) {
    return table_index(interceptor, key);
  }
  template <typename T_Ret, typename... T_Args>
  void impl_unregister_callback(void* key) {
    for (table_entry& entry : table) {
      if (entry.key == key) {
        entry = table_entry{};
      }
    }
  }
  static std::pair<rlbox_arena_sandbox*, void*> impl_get_executed_callback_sandbox_and_key() {
    return {thread().sandbox, thread().key};
  }
};

}  // namespace rlbox

#endif  // RLBOX_TESTS_BACKEND_ARENA_SANDBOX_HPP_
