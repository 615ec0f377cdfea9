#ifndef RLBOX_INTERNAL_HOST_ABI_SANDBOX_HPP_
#define RLBOX_INTERNAL_HOST_ABI_SANDBOX_HPP_
/// \file
/// What the noop and dylib backends share: the library runs in the application's address space with
/// the host's ABI, without isolation. Useful while porting an application to RLBox.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

#include "rlbox_helpers.hpp"

namespace rlbox::detail {

/// Calls through a pointer whose type may name the layout-compatible copy of a struct.
#if defined(__clang__)
#define RLBOX_DETAIL_NO_SANITIZE_FUNCTION __attribute__((no_sanitize("function")))
#else
#define RLBOX_DETAIL_NO_SANITIZE_FUNCTION
#endif

/// T_Backend provides `static T_ThreadData* thread_data()` with members `sandbox` (T_Backend*) and
/// `last_callback_invoked`. The framework may be given a class that derives from T_Backend.
template <typename T_Backend>
class host_abi_sandbox {
 public:
  using T_ShortType = short;
  using T_IntType = int;
  using T_LongType = long;
  using T_LongLongType = long long;
  using T_PointerType = void*;
  using can_grant_deny_access = void;

  /// Callbacks that can be registered at the same time.
  static constexpr std::uint32_t max_callbacks = 64;

 private:
  // Written under the lock, read without it by the trampolines.
  struct callback_slot {
    std::atomic<void*> key{nullptr};
    std::atomic<void*> interceptor{nullptr};
  };
  std::array<callback_slot, max_callbacks> slots;
  RLBOX_SHARED_LOCK(callback_mutex);

  // C functions carry no context, so every slot has a function of its own per signature.
  template <std::uint32_t N, typename T_Ret, typename... T_Args>
  static T_Ret trampoline(T_Args... args) {
    auto* const data = T_Backend::thread_data();
    dynamic_check(data->sandbox != nullptr,
                  "RLBox: a callback was called on a thread that is not executing in the sandbox");
    data->last_callback_invoked = N;
    const host_abi_sandbox& sandbox = *data->sandbox;
    void* const interceptor = sandbox.slots[N].interceptor.load(std::memory_order_acquire);
    dynamic_check(interceptor != nullptr,
                  "RLBox: the library called a callback that is no longer registered");
    return reinterpret_cast<T_Ret (*)(T_Args...)>(interceptor)(args...);
  }

  template <typename T_Ret, typename... T_Args, std::uint32_t... N>
  static void* get_trampoline(std::uint32_t slot, std::integer_sequence<std::uint32_t, N...>) {
    static constexpr T_Ret (*const functions[])(T_Args...) = {&trampoline<N, T_Ret, T_Args...>...};
    return reinterpret_cast<void*>(functions[slot]);
  }

  // Makes the sandbox current on this thread for the duration of a call.
  class current_sandbox {
    T_Backend*& current;
    T_Backend* const previous;

   public:
    RLBOX_DETAIL_ALWAYS_INLINE explicit current_sandbox(T_Backend* sandbox)
        : current(T_Backend::thread_data()->sandbox), previous(current) {
      current = sandbox;
    }
    current_sandbox(const current_sandbox&) = delete;
    current_sandbox& operator=(const current_sandbox&) = delete;
    RLBOX_DETAIL_ALWAYS_INLINE ~current_sandbox() { current = previous; }
  };

 protected:
  template <typename T>
  void* impl_get_unsandboxed_pointer(T_PointerType p) const {
    return p;
  }
  template <typename T>
  T_PointerType impl_get_sandboxed_pointer(const void* p) const {
    return const_cast<void*>(p);
  }
  template <typename T, typename T_Given>
  static void* impl_get_unsandboxed_pointer_no_ctx(T_PointerType p, const void*,
                                                   T_Given* (*)(const void*)) {
    return p;
  }
  template <typename T, typename T_Given>
  static T_PointerType impl_get_sandboxed_pointer_no_ctx(const void* p, const void*,
                                                         T_Given* (*)(const void*)) {
    return const_cast<void*>(p);
  }

  T_PointerType impl_malloc_in_sandbox(std::size_t size) { return std::malloc(size); }
  void impl_free_in_sandbox(T_PointerType p) { std::free(p); }

  static bool impl_is_in_same_sandbox(const void*, const void*) { return true; }
  bool impl_is_pointer_in_sandbox_memory(const void*) { return true; }
  bool impl_is_pointer_in_app_memory(const void*) { return true; }
  std::size_t impl_get_total_memory() { return (std::numeric_limits<std::size_t>::max)(); }
  void* impl_get_memory_location() { return nullptr; }

  template <typename T, typename T_Converted, typename... T_Args>
  RLBOX_DETAIL_NO_SANITIZE_FUNCTION auto impl_invoke_with_func_ptr(T_Converted* func_ptr,
                                                                   T_Args&&... params) {
    const current_sandbox guard(static_cast<T_Backend*>(this));
    return (*func_ptr)(static_cast<T_Args&&>(params)...);
  }

  template <typename T_Ret, typename... T_Args>
  T_PointerType impl_register_callback(void* key, void* interceptor) {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, callback_mutex);
    for (std::uint32_t i = 0; i < max_callbacks; i++) {
      callback_slot& slot = slots[i];
      if (slot.key.load(std::memory_order_relaxed) == nullptr) {
        slot.key.store(key, std::memory_order_relaxed);
        slot.interceptor.store(interceptor, std::memory_order_release);
        return get_trampoline<T_Ret, T_Args...>(
            i, std::make_integer_sequence<std::uint32_t, max_callbacks>{});
      }
    }
    dynamic_check(false,
                  "RLBox: too many callbacks are registered; this sandbox allows 64 at a time");
    return nullptr;
  }

  template <typename T_Ret, typename... T_Args>
  void impl_unregister_callback(void* key) {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, callback_mutex);
    for (callback_slot& slot : slots) {
      if (slot.key.load(std::memory_order_relaxed) == key) {
        slot.interceptor.store(nullptr, std::memory_order_release);
        slot.key.store(nullptr, std::memory_order_relaxed);
        return;
      }
    }
  }

  static std::pair<T_Backend*, void*> impl_get_executed_callback_sandbox_and_key() {
    auto* const data = T_Backend::thread_data();
    if (data->sandbox == nullptr) {
      return {nullptr, nullptr};
    }
    const host_abi_sandbox& sandbox = *data->sandbox;
    return {data->sandbox,
            sandbox.slots[data->last_callback_invoked].key.load(std::memory_order_relaxed)};
  }

  template <typename T>
  T* impl_grant_access(T* src, std::size_t, bool& success) {
    success = true;
    return src;
  }
  template <typename T>
  T* impl_deny_access(T* src, std::size_t, bool& success) {
    success = true;
    return src;
  }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_HOST_ABI_SANDBOX_HPP_
