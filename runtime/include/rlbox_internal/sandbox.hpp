#ifndef RLBOX_INTERNAL_SANDBOX_HPP_
#define RLBOX_INTERNAL_SANDBOX_HPP_
/// \file
/// `rlbox_sandbox<T_Sbx>`: one sandbox of backend T_Sbx.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "rlbox_internal/app_pointer.hpp"
#include "rlbox_internal/call_macros.hpp"
#include "rlbox_internal/callback_support.hpp"
#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/guest_types.hpp"
#include "rlbox_internal/invoke.hpp"
#include "rlbox_internal/made_when_used.hpp"
#include "rlbox_internal/named_calls.hpp"
#include "rlbox_internal/policy_types.hpp"
#include "rlbox_internal/prototype.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/sandbox_base.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_volatile.hpp"
#include "rlbox_internal/transition.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/unwrap.hpp"

namespace rlbox {

/// One sandbox. Not copyable or movable, since tainted values and callbacks refer to it.
///
/// A sandbox is created with create_sandbox and destroyed with destroy_sandbox or by the
/// destructor; it can be created again afterwards. Different sandboxes may be used by different
/// threads at once.
template <typename T_Sbx>
class rlbox_sandbox : public detail::named_calls_t<T_Sbx> {  // which derives from T_Sbx, protected
  std::atomic<detail::sandbox_state> state{detail::sandbox_state::not_created};
  std::atomic<std::uint64_t> instance{0};  // counts creations and destructions
  void* transition_state = nullptr;
  detail::made_when_used<detail::callback_registry<T_Sbx>> callbacks;
  detail::made_when_used<detail::symbol_cache> symbols;
  detail::made_when_used<detail::symbol_cache> internal_symbols;
  detail::made_when_used<app_pointer_map<typename T_Sbx::T_PointerType>> app_pointers;
  detail::made_when_used<detail::transition_log> transitions;

  using T_Pointer = typename T_Sbx::T_PointerType;

  bool is_created() const {
    return state.load(std::memory_order_acquire) == detail::sandbox_state::created;
  }

  static T_Sbx* find_sandbox_from_example(const void* example) {
    detail::dynamic_check(example != nullptr,
                          "RLBox: a null pointer was used to look up its sandbox");
    return detail::sandbox_registry<T_Sbx>::find([example](rlbox_sandbox& sandbox) {
      return sandbox.impl_is_pointer_in_sandbox_memory(example);
    });
  }

  static constexpr const char* other_sandbox =
      "RLBox: a pointer of another sandbox was passed to this sandbox. Copy what it refers to "
      "(malloc_in_sandbox and memcpy) and pass the copy.";

  static constexpr const char* destruction_refused =
      "RLBox: a sandbox cannot be destroyed while its code is on the stack, as in a callback that "
      "the library called, or a verifier looks at its memory in place. Return from them first.";

  bool can_destroy() {
    if constexpr (detail::has_can_refuse_destruction<T_Sbx>::value) {
      return this->impl_can_destroy_sandbox();
    } else {
      return true;
    }
  }

  // Forgets everything that belongs to the present instance; its owners become empty.
  void reset_instance_state() {
    if (auto* const registered = callbacks.if_made()) {
      while (const auto record = registered->take_any()) {
        if (record->owner != nullptr) {
          record->owner->sandbox = nullptr;
        }
        detail::run_quietly([&] { record->unregister(*this, record->key); });
      }
    }
    app_pointers.clear();
    symbols.clear();
    internal_symbols.clear();
  }

  template <typename T, typename T_Fn, std::size_t... I, typename... T_Args>
  RLBOX_DETAIL_ALWAYS_INLINE auto call_backend(T_Fn function, std::index_sequence<I...>,
                                               const T_Args&... args) {
    using T_Representation = detail::call_representation<T_Sbx, T, T_Fn>;
    using T_Parameters = typename detail::function_traits<T>::template args<detail::type_list>;
    using T_Call = typename T_Representation::function;
    constexpr bool unchanged =
        !std::is_same_v<T_Fn, void*> && detail::has_rlbox_typed_invoke<T_Sbx>::value;
    const auto target = [function]() RLBOX_DETAIL_ALWAYS_INLINE_LAMBDA {
      if constexpr (unchanged) {
        return function;
      } else {
        return reinterpret_cast<T_Call*>(function);
      }
    }();
    if constexpr (std::is_void_v<typename T_Representation::result>) {
      this->template impl_invoke_with_func_ptr<T>(
          target, detail::lower_argument<typename T_Representation::template parameter<I>,
                                         std::remove_cv_t<detail::type_at_t<I, T_Parameters>>>(
                      *this, args)...);
    } else {
      return detail::normalize_result<typename T_Representation::result>(
          this->template impl_invoke_with_func_ptr<T>(
              target, detail::lower_argument<typename T_Representation::template parameter<I>,
                                             std::remove_cv_t<detail::type_at_t<I, T_Parameters>>>(
                          *this, args)...));
    }
  }

  template <typename T, typename T_Fn, typename... T_Args>
  RLBOX_DETAIL_OPTIMISE auto invoke([[maybe_unused]] const char* name, T_Fn function,
                                    const T_Args&... args) {
    using T_Ret = typename detail::function_traits<T>::result;
#ifdef RLBOX_TRANSITION_ACTION_IN
    RLBOX_TRANSITION_ACTION_IN(::rlbox::rlbox_transition::INVOKE, name,
                               detail::to_hook_pointer(function), transition_state);
#endif
#ifdef RLBOX_TRANSITION_ACTION_OUT
    auto on_exit = detail::make_scope_exit([&] {
      RLBOX_TRANSITION_ACTION_OUT(::rlbox::rlbox_transition::INVOKE, name,
                                  detail::to_hook_pointer(function), transition_state);
    });
#endif
#ifdef RLBOX_MEASURE_TRANSITION_TIMES
    detail::transition_timer timer(INTERNAL_transition_log(), rlbox_transition::INVOKE, name,
                                   detail::to_hook_pointer(function));
#endif
    if constexpr (std::is_void_v<T_Ret>) {
      call_backend<T>(function, std::index_sequence_for<T_Args...>{}, args...);
    } else {
      return detail::raise_value<T_Ret, T_Sbx>(
          *this, call_backend<T>(function, std::index_sequence_for<T_Args...>{}, args...));
    }
  }

  template <typename T, typename T_Fn, typename... T_Args>
  RLBOX_DETAIL_ALWAYS_INLINE auto checked_invoke(const char* name, T_Fn function,
                                                 const T_Args&... args) {
    using T_Func = std::remove_pointer_t<std::remove_reference_t<T>>;
    if constexpr (detail::is_call_ok<T_Func, T_Fn, T_Sbx, T_Args...>()) {
      return invoke<typename detail::function_traits<T_Func>::type>(name, function, args...);
    } else {
      detail::check_call<T_Func, T_Fn, T_Sbx, T_Args...>();
      return detail::failed_call_result<T_Func, T_Sbx>();
    }
  }

  template <typename T>
  static constexpr std::size_t allocation_size() {
    // The larger of both, since helpers may copy the application's representation.
    if constexpr (std::is_void_v<T> || std::is_function_v<T>) {
      return 1;
    } else if constexpr (std::is_class_v<T> && !detail::is_registered_struct_v<T>) {
      return sizeof(T);
    } else {
      constexpr std::size_t in_sandbox = detail::sandbox_sizeof<T, T_Sbx>();
      return in_sandbox > sizeof(T) ? in_sandbox : sizeof(T);
    }
  }

 public:
  /// The backend's type.
  using T_Backend = T_Sbx;

  /// Sandbox representation of a type.
  template <typename T>
  using convert_to_sandbox_equivalent_nonclass_t =
      detail::convert_to_sandbox_equivalent_t<T, T_Sbx>;

  /// For the embedder's use.
  void* sandbox_storage = nullptr;

  rlbox_sandbox() = default;
  rlbox_sandbox(const rlbox_sandbox&) = delete;
  rlbox_sandbox& operator=(const rlbox_sandbox&) = delete;
  rlbox_sandbox(rlbox_sandbox&&) = delete;
  rlbox_sandbox& operator=(rlbox_sandbox&&) = delete;

  /// Destroys the sandbox if destroy_sandbox was not called. Ends the program where destroy_sandbox
  /// would be refused.
  ~rlbox_sandbox() {
    if (is_created()) {
      if (!can_destroy()) {
        detail::end_program(destruction_refused);
      }
      detail::run_quietly([this] { static_cast<void>(destroy_sandbox()); });
    }
  }

  // ---- life cycle ----

  /// Creates the sandbox; the arguments are those of the backend. False if the backend reports a
  /// failure, after which it may be tried again.
  template <typename... T_Args>
  bool create_sandbox(T_Args... args) {
    auto expected = detail::sandbox_state::not_created;
    detail::dynamic_check(
        state.compare_exchange_strong(expected, detail::sandbox_state::initializing),
        "RLBox: create_sandbox was called on a sandbox that exists already");
    auto on_failure =
        detail::make_scope_exit([&] { state.store(detail::sandbox_state::not_created); });
    using T_Outcome = decltype(this->impl_create_sandbox(std::forward<T_Args>(args)...));
    constexpr bool supported = std::is_void_v<T_Outcome> || std::is_same_v<T_Outcome, bool>;
    rlbox_detail_static_fail_because(
        !supported, "RLBox: the backend's impl_create_sandbox must return void or bool.");
    bool created = true;
    if constexpr (std::is_same_v<T_Outcome, bool>) {
      created = this->impl_create_sandbox(std::forward<T_Args>(args)...);
    } else {
      this->impl_create_sandbox(std::forward<T_Args>(args)...);
    }
    if (created) {
      on_failure.release();
      detail::sandbox_registry<T_Sbx>::add(this);
      instance.fetch_add(1);
      state.store(detail::sandbox_state::created);
    }
    return created;
  }

  /// Destroys the sandbox. Callbacks and app pointers that are still owned become empty. Exceptions
  /// of callbacks that the library's destructors call end here. A sandbox whose code is still on
  /// the stack, since it called the callback that runs, is not destroyed: that fails a check.
  auto destroy_sandbox() {
    using T_Outcome = decltype(this->impl_destroy_sandbox());
    detail::dynamic_check(!is_created() || can_destroy(), destruction_refused);
    auto expected = detail::sandbox_state::created;
    detail::dynamic_check(
        state.compare_exchange_strong(expected, detail::sandbox_state::cleaning_up),
        "RLBox: destroy_sandbox was called on a sandbox that does not exist");
    auto on_exit =
        detail::make_scope_exit([&] { state.store(detail::sandbox_state::not_created); });
    instance.fetch_add(1);
    reset_instance_state();
    detail::sandbox_registry<T_Sbx>::remove(this);
    if constexpr (std::is_void_v<T_Outcome>) {
      detail::run_quietly([this] { this->impl_destroy_sandbox(); });
    } else {
      T_Outcome outcome{};
      detail::run_quietly([&] { outcome = this->impl_destroy_sandbox(); });
      return outcome;
    }
  }

  /// The backend object, for its own extensions.
  T_Sbx* get_sandbox_impl() { return this; }

  /// The pointer that transition hooks get.
  void* get_transition_state() { return transition_state; }
  /// Sets it.
  void set_transition_state(void* new_state) { transition_state = new_state; }

  // ---- pointers ----

  /// The application's view of a sandbox pointer. T is the application's pointer type.
  template <typename T>
  T get_unsandboxed_pointer(T_Pointer p) const {
    if (p == T_Pointer{}) {
      return nullptr;
    }
    return detail::address_to_pointer<T>(this->template impl_get_unsandboxed_pointer<T>(p));
  }

  /// The sandbox's view of an application pointer. A data pointer must be in this sandbox.
  template <typename T>
  T_Pointer get_sandboxed_pointer(const void* p) const;

  /// The same for callers that know an address in the sandbox instead of the sandbox.
  template <typename T>
  static T get_unsandboxed_pointer_no_ctx(T_Pointer p, const void* example_unsandboxed_ptr);
  /// The same for callers that know an address in the sandbox instead of the sandbox.
  template <typename T>
  static T_Pointer get_sandboxed_pointer_no_ctx(const void* p, const void* example_unsandboxed_ptr);

  /// True only if both addresses are in the same sandbox (always true without isolation).
  static bool is_in_same_sandbox(const void* p1, const void* p2);
  /// True only if the `bytes` bytes (one at least) from `p` on are in one sandbox (always true
  /// without isolation).
  static bool is_range_in_one_sandbox(const void* p, std::size_t bytes);
  /// True if the address is in this sandbox (always true without isolation).
  bool is_pointer_in_sandbox_memory(const void* p) {
    return this->impl_is_pointer_in_sandbox_memory(p);
  }
  /// True if the address is the application's (always true without isolation).
  bool is_pointer_in_app_memory(const void* p) { return this->impl_is_pointer_in_app_memory(p); }

  /// Wraps a raw pointer after a check that it is in the sandbox; a porting aid.
  template <typename T>
  tainted<T*, T_Sbx> UNSAFE_accept_pointer(T* ptr) {
    tainted<T*, T_Sbx> ret;
    ret.assign_raw_pointer(*this, ptr);
    return ret;
  }

  // ---- memory ----

  /// Bytes of sandbox memory at present.
  std::size_t get_total_memory() { return this->impl_get_total_memory(); }
  /// Start of sandbox memory.
  void* get_memory_location() { return this->impl_get_memory_location(); }

  /// sizeof(T) as the library's compiler has it, for functions that are told how large their caller
  /// believes a struct to be (zlib's deflateInit_, libjpeg's jpeg_CreateDecompress).
  template <typename T>
  static constexpr std::size_t sizeof_in_sandbox() {
    return detail::sandbox_sizeof<T, T_Sbx>();
  }

  /// Allocates one T in the sandbox; null if it is exhausted or was destroyed.
  template <typename T>
  tainted<T*, T_Sbx> malloc_in_sandbox() {
    return malloc_in_sandbox<T>(1);
  }

  /// Allocates `count` (not 0) objects of type T in the sandbox.
  template <typename T>
  tainted<T*, T_Sbx> malloc_in_sandbox(std::size_t count);

  /// Frees memory in the sandbox; does nothing if it was destroyed.
  template <typename T>
  void free_in_sandbox(tainted<T*, T_Sbx> ptr) {
    if (is_created()) {
      this->impl_free_in_sandbox(ptr.INTERNAL_sandboxed(*this));
    }
  }
  template <typename T>
  void free_in_sandbox(tainted_volatile<T, T_Sbx>& ptr) {
    free_in_sandbox(tainted<T, T_Sbx>(ptr));
  }
  template <typename T>
  void free_in_sandbox(tainted_opaque<T, T_Sbx> ptr) {
    free_in_sandbox(from_opaque(ptr));
  }
  template <typename T>
  void free_in_sandbox(T*) {
    constexpr bool never = detail::false_v<T>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: a raw pointer cannot be freed in the sandbox. Pass the tainted pointer that "
        "malloc_in_sandbox returned.");
  }

  /// For library code: true if an access through the tainted pointer `p`, which is to be refused,
  /// is made all the same, since it is harmless.
  static bool INTERNAL_survives_access(const void* p);
  /// For library code: bytes of sandbox memory from `p` on (backends with can_measure_room).
  static std::size_t INTERNAL_room(const void* p) { return T_Sbx::impl_room_in_sandbox_memory(p); }

  /// For library code: true if the `bytes` bytes (one at least) from `p` on are in this sandbox.
  bool INTERNAL_contains(const void* p, std::size_t bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(p);
    const std::uintptr_t last = first + (bytes - 1);
    return last >= first && is_pointer_in_sandbox_memory(p) &&
           is_pointer_in_sandbox_memory(reinterpret_cast<const void*>(last));
  }

  /// For owners: a number that changes when the sandbox is created or destroyed.
  std::uint64_t INTERNAL_instance() const { return instance.load(); }

  // ---- functions ----

  /// Address of a symbol of the library.
  void* lookup_symbol(const char* name) {
    return symbols.get().get(name, [&] { return this->impl_lookup_symbol(name); });
  }
  /// Address of a symbol to be used inside the sandbox.
  void* internal_lookup_symbol(const char* name) {
    if constexpr (detail::has_needs_internal_lookup_symbol<T_Sbx>::value) {
      return internal_symbols.get().get(name,
                                        [&] { return this->impl_internal_lookup_symbol(name); });
    } else {
      return lookup_symbol(name);
    }
  }

  /// Targets of the call macros.
  template <typename T, typename T_Lookup, typename... T_Args>
  RLBOX_DETAIL_ALWAYS_INLINE auto INTERNAL_invoke_with_func_ptr(const char* name,
                                                                const T_Lookup& lookup,
                                                                const T_Args&... args) {
    const auto function = detail::resolve_function<T_Sbx>(lookup);
    if constexpr (std::is_same_v<decltype(function), const detail::unresolved_function>) {
      using T_Func = std::remove_pointer_t<std::remove_reference_t<T>>;
      return detail::failed_call_result<T_Func, T_Sbx>();
    } else if constexpr (detail::is_described_v<decltype(function)>) {
      return detail::call_described<T_Sbx>(
          function,
          [&](auto target) RLBOX_DETAIL_ALWAYS_INLINE_LAMBDA {
            return checked_invoke<T>(name, target, args...);
          },
          args...);
    } else {
      return checked_invoke<T>(name, function, args...);
    }
  }
  template <typename T, typename... T_Args>
  auto INTERNAL_invoke_with_func_name(const char* name, const T_Args&... args) {
    if constexpr (detail::has_rlbox_typed_invoke<T_Sbx>::value) {
      lookup_symbol(name);  // the backend reports that it needs RLBOX_USE_STATIC_CALLS()
      using T_Func = std::remove_pointer_t<std::remove_reference_t<T>>;
      return detail::failed_call_result<T_Func, T_Sbx>();
    } else {
      return checked_invoke<T>(name, lookup_symbol(name), args...);
    }
  }
  template <typename T, typename T_Lookup>
  auto INTERNAL_get_sandbox_function_ptr(const T_Lookup& lookup);
  template <typename T>
  auto INTERNAL_get_sandbox_function_name(const char* name);

  /// Target of calls by name; see named_calls.hpp.
  template <typename T_Pointer, typename T_Fn, typename... T_Args>
  RLBOX_DETAIL_ALWAYS_INLINE auto INTERNAL_call_by_name(const char* name, T_Fn function,
                                                        const T_Args&... args);

  // ---- callbacks ----

  /// Makes a host function callable by the sandbox for as long as the returned owner lives. The
  /// function takes the sandbox and tainted (or tainted_opaque) arguments, and returns void or a
  /// tainted (or tainted_opaque) value. Capturing lambdas cannot be registered.
  template <typename T_Ret, typename T_First, typename... T_Args>
  auto register_callback(T_Ret (*function)(T_First, T_Args...));
  template <typename T_Ret>
  auto register_callback(T_Ret (*function)());
  template <typename T_Func, RLBOX_ENABLE_IF(std::is_class_v<T_Func>)>
  auto register_callback(const T_Func&) {
    constexpr bool never = detail::false_v<T_Func>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: only functions can be registered as callbacks. Put + in front of a lambda without "
        "captures; "
        "lambdas with captures cannot be registered, pass their state through an app_pointer.");
    return sandbox_callback<void (*)(), T_Sbx>();
  }

  void INTERNAL_unregister_callback(void* record);
  static void INTERNAL_set_callback_owner(void* record, detail::owner_link* owner);
  static rlbox_sandbox* INTERNAL_get_executed_callback(void*& key);

  // ---- app pointers ----

  /// A token that stands for `ptr` in the sandbox, until the returned owner dies.
  template <typename T>
  app_pointer<T*, T_Sbx> get_app_pointer(T* ptr);

  /// The application pointer behind a token that came back from the sandbox.
  template <typename T>
  T* lookup_app_ptr(tainted<T*, T_Sbx> token);

  void INTERNAL_remove_app_pointer(T_Pointer index);
  void INTERNAL_set_app_pointer_owner(T_Pointer index, detail::owner_link* owner);

  // ---- zero-copy transfer (backends with can_grant_deny_access) ----
  template <typename T>
  tainted<T*, T_Sbx> INTERNAL_grant_access(T* src, std::size_t num, bool& success);
  template <typename T>
  T* INTERNAL_deny_access(tainted<T*, T_Sbx> src, std::size_t num, bool& success);

  // ---- transitions ----
  void*& INTERNAL_transition_state() { return transition_state; }
  detail::transition_log& INTERNAL_transition_log() { return transitions.get(); }

#ifdef RLBOX_MEASURE_TRANSITION_TIMES
  /// One entry per invocation and callback so far.
  std::vector<rlbox_transition_timing>& process_and_get_transition_times() {
    return transitions.get().get();
  }
  /// Nanoseconds spent in invocations, without the callbacks they made.
  std::int64_t get_total_ns_time_in_sandbox_and_transitions() { return transitions.get().total(); }
  /// Forgets the entries.
  void clear_transition_times() { transitions.get().clear(); }
#endif
};

}  // namespace rlbox

#include "rlbox_internal/sandbox_callbacks.hpp"
#include "rlbox_internal/sandbox_functions.hpp"
#include "rlbox_internal/sandbox_memory.hpp"

#endif  // RLBOX_INTERNAL_SANDBOX_HPP_
