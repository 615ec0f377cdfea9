#ifndef RLBOX_INTERNAL_WASM2C_CALL_HPP_
#define RLBOX_INTERNAL_WASM2C_CALL_HPP_
/// \file
/// Crossing the boundary of a wasm2c sandbox: entering it, the arguments that live in guest
/// memory, and the thunks through which the guest calls back.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/wasm2c/abi.hpp"
#include "rlbox_internal/wasm2c/table.hpp"
#include "wasm-rt.h"
#include "rlbox_internal/wasm2c/trap.h"

#define RLBOX_DETAIL_LIKELY(...) (__builtin_expect(static_cast<bool>(__VA_ARGS__), 1))
#define RLBOX_DETAIL_NOINLINE [[gnu::noinline]]

namespace rlbox::detail::wasm2c {

/// Notes which function a sandbox runs, until the scope is left: for reports, and as the sign that
/// the sandbox is in use.
class function_scope {
  rlbox_wasm2c_record& record;
  const wasm_rt_function_ptr_t outer;
  const std::uintptr_t outer_frame;

 public:
  /// On any thread whose stack is known; a callback of the sandbox may make the call.
  RLBOX_DETAIL_ALWAYS_INLINE function_scope(rlbox_wasm2c_record& sandbox,
                                            wasm_rt_function_ptr_t function)
      : record(sandbox), outer(sandbox.function), outer_frame(sandbox.frame) {
    record.function = function;
    if (!rlbox_wasm2c_is_in_use(&record)) {
      rlbox_wasm2c_note_limit(&record);
    }
    rlbox_wasm2c_note_frame(&record, rlbox_wasm2c_stack_pointer());
  }
  RLBOX_DETAIL_ALWAYS_INLINE ~function_scope() {
    record.function = outer;
    record.frame = outer_frame;
  }
  function_scope(const function_scope&) = delete;
  function_scope& operator=(const function_scope&) = delete;
};

/// The same where rlbox_wasm2c_is_free(&sandbox, here).
class first_function_scope {
  rlbox_wasm2c_record& record;

 public:
  RLBOX_DETAIL_ALWAYS_INLINE first_function_scope(rlbox_wasm2c_record& sandbox,
                                                  wasm_rt_function_ptr_t function,
                                                  std::uintptr_t here)
      : record(sandbox) {
    record.function = function;
    rlbox_wasm2c_note_frame(&record, here);
  }
  RLBOX_DETAIL_ALWAYS_INLINE ~first_function_scope() { record.frame = 0; }
  first_function_scope(const first_function_scope&) = delete;
  first_function_scope& operator=(const first_function_scope&) = delete;
};

/// Marks a sandbox as running on this thread until the scope is left.
class entry_scope {
  rlbox_wasm2c_record* const previous;

 public:
  /// On a thread that is known to run `running`.
  RLBOX_DETAIL_ALWAYS_INLINE entry_scope(rlbox_wasm2c_record& record, rlbox_wasm2c_record* running)
      : previous(running) {
    rlbox_wasm2c_set_active(&record);
  }
  RLBOX_DETAIL_ALWAYS_INLINE ~entry_scope() { rlbox_wasm2c_set_active(previous); }
  entry_scope(const entry_scope&) = delete;
  entry_scope& operator=(const entry_scope&) = delete;
};

/// Stops a call that takes longer than a sandbox's time limit (nanoseconds; 0: none).
class watch_scope {
  rlbox_wasm2c_watch watch{};
  const bool watching;

 public:
  watch_scope(rlbox_wasm2c_record& record, std::uint64_t limit) : watching(limit != 0) {
    if (watching) {
      rlbox_wasm2c_begin_watch(&watch, &record, limit);
    }
  }
  ~watch_scope() {
    if (watching) {
      rlbox_wasm2c_end_watch(&watch);
    }
  }
  watch_scope(const watch_scope&) = delete;
  watch_scope& operator=(const watch_scope&) = delete;
};

/// Takes the guest's stack back to where it was when an exception of the application passes through
/// the guest. Functions that return do that themselves; `returned()` says that this one did.
class stack_scope {
  std::uint32_t* const& stack_pointer;  // null: the module does not export it
  const std::uint32_t& value;
  bool unwinding = true;

 public:
  /// `before` is what the stack pointer goes back to. Both are read when that happens.
  RLBOX_DETAIL_ALWAYS_INLINE stack_scope(std::uint32_t* const& guest_stack_pointer,
                                         const std::uint32_t& before)
      : stack_pointer(guest_stack_pointer), value(before) {}
  RLBOX_DETAIL_ALWAYS_INLINE ~stack_scope() {
    if (unwinding && stack_pointer != nullptr) {
      *stack_pointer = value;
    }
  }
  RLBOX_DETAIL_ALWAYS_INLINE void returned() { unwinding = false; }
  stack_scope(const stack_scope&) = delete;
  stack_scope& operator=(const stack_scope&) = delete;
};

/// Takes the guest's try blocks back when an exception of the application leaves a callback, and
/// with it the frames that they are in. A callback that returns costs nothing.
class try_scope {
  rlbox_wasm2c_record* const guest;
  bool unwinding = true;

 public:
  RLBOX_DETAIL_ALWAYS_INLINE explicit try_scope(rlbox_wasm2c_record* caller) : guest(caller) {}
  RLBOX_DETAIL_ALWAYS_INLINE ~try_scope() {
    if (unwinding) {
      rlbox_wasm2c_leave_try_blocks(guest);
    }
  }
  RLBOX_DETAIL_ALWAYS_INLINE void returned() { unwinding = false; }
  try_scope(const try_scope&) = delete;
  try_scope& operator=(const try_scope&) = delete;
};

/// Guest memory for struct arguments and results of one call: on the guest's stack if the module
/// exports its stack pointer, otherwise from its malloc. Both are the guest's words, so the range
/// is checked; `data` is null if there is no room.
template <typename T_Instance, typename T_Module>
class argument_area {
  T_Instance& instance;

 public:
  std::uint32_t address = 0;
  std::uint8_t* data = nullptr;

  argument_area(T_Instance& owner, std::uint32_t size) : instance(owner) {
    if (instance.memory == nullptr) {
      return;
    }
    if constexpr (T_Module::has_stack_pointer) {
      std::uint32_t* const stack_pointer = instance.guest_stack;
      const std::uint32_t top = *stack_pointer & ~15U;
      if (top <= size) {
        return;
      }
      address = top - size;
      data = instance.guest_bytes(address, size);
      if (data != nullptr) {
        saved = *stack_pointer;
        *stack_pointer = address;
      }
    } else {
      address = instance.impl_malloc_in_sandbox(size);
      data = address != 0 ? instance.guest_bytes(address, size) : nullptr;
    }
  }
  ~argument_area() {
    if constexpr (T_Module::has_stack_pointer) {
      if (data != nullptr) {
        *instance.guest_stack = saved;
      }
    } else if (address != 0) {
      instance.impl_free_in_sandbox(address);
    }
  }
  argument_area(const argument_area&) = delete;
  argument_area& operator=(const argument_area&) = delete;

 private:
  std::uint32_t saved = 0;
};

/// A value-initialised T, also for void.
template <typename T>
T zero() {
  if constexpr (!std::is_void_v<T>) {
    return T{};
  }
}

/// Stands for a function of type R(A...) that is known at run time only, and that asks which
/// callback was executed (impl_get_executed_callback_sandbox_and_key).
struct classic_interceptor {};

/// A function of type R(void* record, A...) as a type.
template <auto Function>
struct record_interceptor {
  template <typename... A>
  RLBOX_DETAIL_ALWAYS_INLINE static decltype(auto) run(void* record, A... args) {
    return Function(record, std::move(args)...);
  }
};

/// The registration whose thunk ran last on this thread; for the classic callback interface.
inline thread_local const callback_slot* executed_callback = nullptr;

/// What the guest calls for a callback of sandbox signature R(A...). T_Interceptor is the type of
/// the framework's function that is called in turn: one with a static member `run(void* record,
/// A...)`, or classic_interceptor.
template <typename T_Interceptor, typename R, typename... A>
struct callback_thunk {
  using lowered_result = std::conditional_t<by_address_v<R>, void, lowered_t<R>>;

  /// The wasm type of the callback, or null if the module has no such type.
  template <typename T_Module>
  static wasm_rt_func_type_t type() {
    constexpr std::uint32_t hidden = by_address_v<R> ? 1 : 0;
    constexpr std::uint32_t parameters = sizeof...(A) + hidden;
    if constexpr (hidden != 0) {
      return T_Module::get_func_type(parameters, 0U, WASM_RT_I32, type_code<lowered_t<A>>()...);
    } else if constexpr (std::is_void_v<R>) {
      return T_Module::get_func_type(parameters, 0U, type_code<lowered_t<A>>()...);
    } else {
      return T_Module::get_func_type(parameters, 1U, type_code<lowered_t<A>>()...,
                                     type_code<lowered_t<R>>());
    }
  }

  static wasm_rt_function_ptr_t function() {
    if constexpr (by_address_v<R>) {
      return reinterpret_cast<wasm_rt_function_ptr_t>(&call_for_struct);
    } else {
      return reinterpret_cast<wasm_rt_function_ptr_t>(&call);
    }
  }

 private:
  /// An argument of sandbox representation T; structs are copied out of guest memory.
  template <typename T, typename T_Low>
  RLBOX_DETAIL_ALWAYS_INLINE static T take(const callback_slot* slot, T_Low value) {
    if constexpr (by_address_v<T>) {
      T result;
      std::memcpy(static_cast<void*>(&result), struct_at<T>(slot, value), sizeof(result));
      return result;
    } else {
      RLBOX_UNUSED(slot);
      return lift<T>(value);
    }
  }

  /// Host address of a guest struct; a trap of the guest if it is not in memory.
  template <typename T>
  static std::uint8_t* struct_at(const callback_slot* slot, std::uint32_t address) {
    if (std::uint64_t{address} + sizeof(T) > slot->memory->size) {
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS,
                         "address of a struct given to a callback");
    }
    return slot->memory->data + address;
  }

  RLBOX_DETAIL_ALWAYS_INLINE static R run(callback_slot* slot, A... args) {
    if constexpr (std::is_same_v<T_Interceptor, classic_interceptor>) {
      executed_callback = slot;
      return reinterpret_cast<R (*)(A...)>(slot->interceptor)(std::move(args)...);
    } else {
      return T_Interceptor::run(slot->record, std::move(args)...);
    }
  }

  /// True if the code behind the checks is sure to have a small frame: it passes scalars on to a
  /// function that it does not know. Otherwise it may have the frame of the application's callback,
  /// or structs as large as the library's, and must not be inlined into what does the checks.
  static constexpr bool is_small = !std::is_same_v<T_Interceptor, classic_interceptor> &&
                                   !by_address_v<R> && !(by_address_v<A> || ...);

  // The functions that the guest calls have small frames and do nothing before the checks: the
  // callback is registered (invariant S13), and the thread's stack has the sandbox's reserve left
  // (invariant S12). Otherwise the guest traps.
  RLBOX_DETAIL_OPTIMISE static lowered_result call(callback_slot* slot, lowered_t<A>... args) {
    rlbox_wasm2c_record* const guest = slot->admitted();
    if (!rlbox_wasm2c_has_stack(guest)) {
      return check_and_enter(slot, args...);
    }
    if constexpr (is_small) {
      return enter(slot, guest, args...);
    } else {
      return enter_apart(slot, guest, args...);
    }
  }
  RLBOX_DETAIL_COLD static lowered_result check_and_enter(callback_slot* slot,
                                                          lowered_t<A>... args) {
    rlbox_wasm2c_record* const guest = slot->admitted();
    rlbox_wasm2c_need_stack(guest);
    return enter_apart(slot, guest, args...);
  }
  RLBOX_DETAIL_OPTIMISE static void call_for_struct(callback_slot* slot,
                                                    std::uint32_t result_address,
                                                    lowered_t<A>... args) {
    rlbox_wasm2c_record* const guest = slot->admitted();
    rlbox_wasm2c_need_stack(guest);
    enter_for_struct(slot, guest, result_address, args...);
  }

  /// Runs the application's function. While it runs, faults and traps are not the guest's. An
  /// exception that leaves it unwinds to the scope of the call, which sets its own state.
  RLBOX_DETAIL_ALWAYS_INLINE static R run_as_host(callback_slot* slot, A... args) {
    rlbox_wasm2c_set_active(&rlbox_wasm2c_callback);
    return run(slot, std::move(args)...);
  }

  RLBOX_DETAIL_NOINLINE RLBOX_DETAIL_OPTIMISE static lowered_result enter_apart(
      callback_slot* slot, rlbox_wasm2c_record* guest, lowered_t<A>... args) {
    return enter(slot, guest, args...);
  }

  RLBOX_DETAIL_ALWAYS_INLINE static lowered_result enter(callback_slot* slot,
                                                         rlbox_wasm2c_record* guest,
                                                         lowered_t<A>... args) {
    try_scope blocks(guest);
    if constexpr (std::is_void_v<R>) {
      run_as_host(slot, take<A>(slot, args)...);
      blocks.returned();
      rlbox_wasm2c_set_active(guest);
    } else {
      const lowered_result result =
          lower<lowered_result>(run_as_host(slot, take<A>(slot, args)...));
      blocks.returned();
      rlbox_wasm2c_set_active(guest);
      return result;
    }
  }

  RLBOX_DETAIL_NOINLINE RLBOX_DETAIL_OPTIMISE static void enter_for_struct(
      callback_slot* slot, rlbox_wasm2c_record* guest, std::uint32_t result_address,
      lowered_t<A>... args) {
    callback_slot where{};
    where.memory = slot->memory;
    try_scope blocks(guest);
    const R result = run_as_host(slot, take<A>(slot, args)...);
    blocks.returned();
    rlbox_wasm2c_set_active(guest);
    store_in_sandbox(struct_at<R>(&where, result_address), result);
  }
};

/// The message for a callback of a type that the library never calls.
template <typename R, typename... A>
std::string unknown_signature() {
  std::string text = "RLBox: the library calls no function pointer with the signature (";
  const char* separator = "";
  const auto append = [&](const char* name) {
    text += separator;
    text += name;
    separator = ", ";
  };
  if constexpr (by_address_v<R>) {
    append("i32");
  }
  (append(type_name<lowered_t<A>>()), ...);
  RLBOX_UNUSED(append);
  text += ") -> ";
  text += by_address_v<R> ? "void" : type_name<lowered_t<R>>();
  return text + "; is the callback's type the one in the library's header?";
}

/// The wasm type of a function of application type R(A...), or null if the module has none.
template <typename T_Module, typename T_Sbx, typename R, typename... A>
wasm_rt_func_type_t type_id(R (*)(A...)) {
  return callback_thunk<
      classic_interceptor, std::remove_cv_t<convert_to_sandbox_equivalent_t<R, T_Sbx>>,
      std::remove_cv_t<convert_to_sandbox_equivalent_t<A, T_Sbx>>...>::template type<T_Module>();
}
template <typename T_Module, typename T_Sbx, typename R, typename... A>
wasm_rt_func_type_t type_id(R (*)(A...) noexcept) {
  return type_id<T_Module, T_Sbx>(static_cast<R (*)(A...)>(nullptr));
}
template <typename T_Module, typename T_Sbx, typename R, typename... A>
wasm_rt_func_type_t type_id(R (*)(A..., ...)) {
  static_assert(false_v<R>, "RLBox: C variadic functions cannot cross the sandbox boundary.");
  return nullptr;
}

template <typename T>
struct return_of;
template <typename R, typename... A>
struct return_of<R(A...)> : type_tag<R> {};
template <typename R, typename... A>
struct return_of<R(A...) noexcept> : type_tag<R> {};
template <typename T>
struct return_of<T*> : return_of<T> {};
/// Result of a function type or function-pointer type.
template <typename T>
using return_of_t = typename return_of<std::remove_cv_t<T>>::type;

template <typename T_Module, typename T_Enable = void>
struct has_function_name : std::false_type {};
template <typename T_Module>
struct has_function_name<T_Module, std::void_t<decltype(&T_Module::function_name)>>
    : std::true_type {};

/// True if the module describes exceptions that leave it: C++ exceptions are on.
template <typename T_Module, typename = void>
struct has_describe_exception : std::false_type {};
template <typename T_Module>
struct has_describe_exception<T_Module, std::void_t<decltype(&T_Module::describe_exception)>>
    : std::true_type {};

/// A data pointer as a function pointer; they have one size on all supported hosts.
inline wasm_rt_function_ptr_t as_function(const void* p) {
  return reinterpret_cast<wasm_rt_function_ptr_t>(reinterpret_cast<std::uintptr_t>(p));
}

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_CALL_HPP_
