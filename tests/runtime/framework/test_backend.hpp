#ifndef RLBOX_TESTS_TEST_BACKEND_HPP_
#define RLBOX_TESTS_TEST_BACKEND_HPP_
// A complete backend for tests: 4 KiB of "sandbox" memory, 32-bit pointers and a 32-bit long,
// so that layouts differ from the host's. It has neither invocation nor grant members, which the
// framework must not need unless they are used.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "rlbox_helpers.hpp"

namespace rlbox {

class rlbox_test_sandbox {
 public:
  using T_ShortType = std::int16_t;
  using T_IntType = std::int32_t;
  using T_LongType = std::int32_t;
  using T_LongLongType = std::int64_t;
  using T_PointerType = std::uint32_t;
  using can_refuse_destruction = void;

  static constexpr std::size_t heap_size = 0x1000;

  // For tests: what the backend was asked.
  std::size_t live_callbacks = 0;
  std::size_t allocated() const { return top; }
  char* heap_begin() { return heap; }

 private:
  char* heap = nullptr;
  std::size_t top = 16;  // the first bytes stay unused, so that offset 0 is null
  bool refuse = false;
  bool failing = false;
  bool busy = false;

  void end(const char* what) const { detail::dynamic_check(!failing, what); }

  // Function pointers are indexes in here; 0 is null.
  mutable std::vector<const void*> functions{nullptr};

  static std::uintptr_t base_of(const void* p) {
    return reinterpret_cast<std::uintptr_t>(p) & ~(std::uintptr_t{heap_size} - 1);
  }

  std::uint32_t function_index(const void* p) const {
    for (std::size_t i = 1; i < functions.size(); i++) {
      if (functions[i] == p) {
        return static_cast<std::uint32_t>(i);
      }
    }
    functions.push_back(p);
    return static_cast<std::uint32_t>(functions.size() - 1);
  }

 public:
  void refuse_creation(bool value) { refuse = value; }
  // Makes everything fail a check that ends something: free, unregister, destroy.
  void fail_at_the_end(bool value) { failing = value; }
  // As while code of the sandbox is on the stack.
  void refuse_destruction(bool value) { busy = value; }

 protected:
  bool impl_create_sandbox(bool succeed = true) {
    if (!succeed || refuse) {
      return false;
    }
    heap = static_cast<char*>(std::aligned_alloc(heap_size, heap_size));
    std::memset(heap, 0, heap_size);
    top = 16;
    functions.resize(1);
    return true;
  }
  void impl_destroy_sandbox() {
    std::free(heap);
    heap = nullptr;
    end("the library's destructors failed");
  }
  bool impl_can_destroy_sandbox() const { return !busy; }

  template <typename T>
  void* impl_get_unsandboxed_pointer(T_PointerType p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return p < functions.size() ? const_cast<void*>(functions[p]) : nullptr;
    } else {
      return heap + (p & (heap_size - 1));
    }
  }
  template <typename T>
  T_PointerType impl_get_sandboxed_pointer(const void* p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return function_index(p);
    } else {
      return static_cast<T_PointerType>(reinterpret_cast<std::uintptr_t>(p) & (heap_size - 1));
    }
  }
  template <typename T>
  static void* impl_get_unsandboxed_pointer_no_ctx(T_PointerType p, const void* example,
                                                   rlbox_test_sandbox* (*finder)(const void*)) {
    RLBOX_DEBUG_ASSERT(example != nullptr);
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return finder(example)->template impl_get_unsandboxed_pointer<T>(p);
    } else {
      return reinterpret_cast<void*>(base_of(example) | (p & (heap_size - 1)));
    }
  }
  template <typename T>
  static T_PointerType impl_get_sandboxed_pointer_no_ctx(
      const void* p, const void* example, rlbox_test_sandbox* (*finder)(const void*)) {
    RLBOX_DEBUG_ASSERT(example != nullptr);
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return finder(example)->template impl_get_sandboxed_pointer<T>(p);
    } else {
      RLBOX_UNUSED(finder);
      return static_cast<T_PointerType>(reinterpret_cast<std::uintptr_t>(p) & (heap_size - 1));
    }
  }

  T_PointerType impl_malloc_in_sandbox(std::size_t size) {
    const std::size_t start = (top + 15) & ~std::size_t{15};
    if (size > heap_size - start) {
      return 0;
    }
    top = start + size;
    return static_cast<T_PointerType>(start);
  }
  void impl_free_in_sandbox(T_PointerType) {
    freed++;
    end("the library's free failed");
  }

  static bool impl_is_in_same_sandbox(const void* p1, const void* p2) {
    return base_of(p1) == base_of(p2);
  }
  bool impl_is_pointer_in_sandbox_memory(const void* p) {
    return heap != nullptr && base_of(p) == reinterpret_cast<std::uintptr_t>(heap);
  }
  bool impl_is_pointer_in_app_memory(const void* p) {
    return !impl_is_pointer_in_sandbox_memory(p);
  }
  std::size_t impl_get_total_memory() { return heap_size; }
  void* impl_get_memory_location() { return heap; }

  template <typename T_Ret, typename... T_Args>
  T_PointerType impl_register_callback(void* key, void*) {
    live_callbacks++;
    return function_index(key);
  }
  template <typename T_Ret, typename... T_Args>
  void impl_unregister_callback(void*) {
    live_callbacks--;
    end("the callback cannot be unregistered");
  }
  static std::pair<rlbox_test_sandbox*, void*> impl_get_executed_callback_sandbox_and_key() {
    return {nullptr, nullptr};
  }

 public:
  std::size_t freed = 0;
};

}  // namespace rlbox

#endif  // RLBOX_TESTS_TEST_BACKEND_HPP_
