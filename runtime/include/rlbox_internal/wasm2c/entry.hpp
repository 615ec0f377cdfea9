#ifndef RLBOX_INTERNAL_WASM2C_ENTRY_HPP_
#define RLBOX_INTERNAL_WASM2C_ENTRY_HPP_
/// \file
/// How the code of an instance is entered and left: calls, the policies for traps, time limits.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/wasm2c/abi.hpp"
#include "rlbox_internal/wasm2c/call.hpp"
#include "rlbox_internal/wasm2c/view.hpp"
#include "rlbox_wasm2c_options.hpp"
#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"
#include "rlbox_internal/wasm2c/trap.h"

namespace rlbox::detail::wasm2c {

/// The running part of an instance; `instance` makes it and gives it back.
template <typename T_Module>
class entry {
 public:
  bool has_trapped() const { return record.trapped; }
  rlbox_wasm2c_trap_reason trap_reason() const { return record.reason; }
  const char* trap_message() const { return record.message; }
  std::uint32_t memory_limit_hits() const { return record.memory_limit_hits; }

  /// Stops the library, from any thread.
  bool interrupt() {
    // Calls look for requests from now on. (A call on its way there gets the signal.)
    allow_plain_calls(false);
    return rlbox_wasm2c_interrupt(&record, RLBOX_WASM2C_TRAP_INTERRUPTED);
  }

  entry() { allow_plain_calls(false); }
  entry(const entry&) = delete;
  entry& operator=(const entry&) = delete;

 protected:
  ~entry() = default;

  enum class entry_mode : std::uint8_t {
    closed,  // no live instance
    direct,  // calls go straight into the generated code
    guarded  // calls can be left by a trap
  };

  // ---- the sandbox's own memory functions ----

  /// Memory of the guest's malloc; 0 if there is none.
  std::uint32_t impl_malloc_in_sandbox(std::size_t size) {
    // A 32-bit C library does not serve more than PTRDIFF_MAX, and some end in abort() when asked.
    if (size > INT32_MAX) {
      return 0;
    }
    return call(&T_Module::guest_malloc, static_cast<std::uint32_t>(size));
  }

  /// Gives it back. Does nothing after a trap. Never throws, since owners free in destructors: a
  /// trap in here shows in `has_trapped` and in the next call.
  void impl_free_in_sandbox(std::uint32_t p) {
    if (mode == entry_mode::direct) {
      without_throwing([this, p] { call(&T_Module::guest_free, p); });
    } else if (mode == entry_mode::guarded && !record.trapped) {
      run_last([this, p] { T_Module::guest_free(&guest, p); });
    }
  }

  /// Host address of `size` guest bytes, or null if they are not all in memory.
  std::uint8_t* guest_bytes(std::uint32_t address, std::uint32_t size) const {
    return std::uint64_t{address} + size <= memory->size ? memory->data + address : nullptr;
  }

  // ---- calls ----

  /// Calls a generated function with scalars.
  template <typename R, typename... P, typename... T_Args>
  RLBOX_DETAIL_ALWAYS_INLINE R call(R (*fn)(typename T_Module::instance_type*, P...),
                                    T_Args... params) {
    static_assert(sizeof...(P) == sizeof...(T_Args),
                  "RLBox: the function's declaration and the library have different numbers of "
                  "parameters. Is the header of the same version as the library?");
    return call_lowered(fn, lower<P>(params)...);
  }

  /// Calls a generated function that takes or returns structs by address.
  template <typename T_Result, typename R, typename... P, typename... T_Args>
  auto call_with_structs(R (*fn)(typename T_Module::instance_type*, P...),
                         const T_Args&... params) {
    // A scalar is what the generated function returns: T_Result may be narrower (see
    // prototype.hpp).
    using T_Out = std::conditional_t<is_struct_v<T_Result>, T_Result, R>;
    constexpr bool result_by_address = by_address_v<T_Result>;
    constexpr std::uint32_t total =
        area_of<T_Result>() + (area_of<std::decay_t<T_Args>>() + ... + 0U);
    static_assert(sizeof...(P) == sizeof...(T_Args) + (result_by_address ? 1 : 0),
                  "RLBox: the function's declaration and the library have different numbers of "
                  "parameters. Is the header of the same version as the library?");
    argument_area<entry, T_Module> area(*this, total);
    if (area.data == nullptr) {
      refuse_call(RLBOX_WASM2C_TRAP_STACK_EXHAUSTED,
                  "RLBox: no room for the struct arguments of a call in the sandbox's memory");
      return zero<T_Out>();
    }
    std::uint32_t used = area_of<T_Result>();
    const auto place = [&](const auto& value) {
      using T = std::decay_t<decltype(value)>;
      if constexpr (by_address_v<T>) {
        store_in_sandbox(area.data + used, value);
        const std::uint32_t address = area.address + used;
        used += area_of<T>();
        return address;
      } else {
        return lower<lowered_t<T>>(value);
      }
    };
    if constexpr (result_by_address) {
      // Braces: the arguments are placed from left to right.
      std::tuple<P...> list{area.address, place(params)...};
      std::apply([&](const P&... p) { call_lowered(fn, p...); }, list);
      T_Result result;
      // The guest cannot move its memory, and the area was checked; what it holds is untrusted.
      std::memcpy(static_cast<void*>(&result), area.data, sizeof(result));
      return result;
    } else {
      std::tuple<P...> list{place(params)...};
      const auto apply = [&](const P&... p) { return call_lowered(fn, p...); };
      if constexpr (is_struct_v<T_Result>) {
        return lift<T_Result>(std::apply(apply, list));
      } else {
        return std::apply(apply, list);
      }
    }
  }

  // ---- running code as the guest ----

  /// Runs `body` as the guest; false if it trapped.
  template <typename T_Body>
  bool run_guarded(T_Body&& body) {
    using T = std::remove_reference_t<T_Body>;
    // An exception of the application that passes through leaves the inner state in force.
    auto keep_state =
        make_scope_exit([this, running = rlbox_wasm2c_get_active(), outer = record.target] {
          rlbox_wasm2c_set_active(running);
          record.target = outer;
        });
    return rlbox_wasm2c_guarded_call(
        &record, [](void* self) { (*static_cast<T*>(self))(); }, &body);
  }

  /// Runs `body` for a caller that must not throw.
  template <typename T_Body>
  RLBOX_DETAIL_ALWAYS_INLINE void without_throwing(T_Body&& body) {
#if RLBOX_DETAIL_THROWS
    try {
      body();
    } catch (...) {
      // A callback threw, and nobody is there to catch: the library's function has not returned. Or
      // the call has been refused.
      rlbox_wasm2c_note_trap(&record, RLBOX_WASM2C_TRAP_OTHER,
                             rlbox_wasm2c_is_viewed(&record)
                                 ? called_while_viewed
                                 : "a callback threw an exception while the library freed memory "
                                   "or ran its destructors");
    }
#else
    body();
#endif
  }

  /// Runs `body` as the guest for a caller that must not throw; a trap shows in the record.
  template <typename T_Body>
  void run_last(T_Body&& body) {
    rlbox_wasm2c_record* const running = rlbox_wasm2c_enter_thread();
    if (const char* const problem = entry_problem(); problem != nullptr) {
      rlbox_wasm2c_note_trap(&record, RLBOX_WASM2C_TRAP_OTHER, problem);
      return;
    }
    watch_scope watch(record, rlbox_wasm2c_is_in_use(&record) ? 0 : time_limit);
    const function_scope function(record, running_destructors);
    without_throwing([&] {
      const std::uint32_t stack_before = guest_stack != nullptr ? *guest_stack : 0;
      stack_scope stack(guest_stack, stack_before);
      if (mode == entry_mode::guarded) {
        if (run_guarded(body)) {
          stack.returned();
        }
      } else {
        stop_if_requested(running);
        const entry_scope scope(record, running);
        body();
        stack.returned();
      }
    });
  }

  /// Whether calls may go straight into the generated code. Atomic: see `interrupt`.
  void allow_plain_calls(bool allowed) {
    __atomic_store_n(&record.plain, allowed, __ATOMIC_RELAXED);
    // The next call finds its own.
    __atomic_store_n(&record.stack_limit, RLBOX_WASM2C_NO_STACK, __ATOMIC_RELAXED);
  }

  /// True if somebody asked to stop the library.
  bool is_stop_requested() const { return __atomic_load_n(&record.stop, __ATOMIC_RELAXED) != 0; }

  /// Why no call may begin here; null if one may.
  const char* entry_problem() const {
    if (!rlbox_wasm2c_knows_stack()) {
      if (const char* const problem = rlbox_wasm2c_find_stack(); problem != nullptr) {
        return problem;
      }
    }
    if (rlbox_wasm2c_is_viewed(&record)) {
      return called_while_viewed;
    }
    return !rlbox_wasm2c_is_in_use(&record) || rlbox_wasm2c_is_nested(&record)
               ? nullptr
               : "RLBox: a call into a sandbox began before a call by another thread or on another "
                 "stack had returned. One sandbox runs one call at a time, and the calls of its "
                 "callbacks.";
  }

  // ---- state ----

  // Stand for functions that have no name in reports.
  static void constructors() {}
  static void destructors() {}
  static constexpr wasm_rt_function_ptr_t running_constructors = &constructors;
  static constexpr wasm_rt_function_ptr_t running_destructors = &destructors;

  // First, so that the sandbox and its record have one address.
  rlbox_wasm2c_record record{};
  entry_mode mode = entry_mode::closed;
  std::uint64_t time_limit = 0;          // nanoseconds for one call; 0: none
  std::uint32_t resting_stack = 0;       // the stack pointer when no function runs
  std::uint32_t* guest_stack = nullptr;  // the module's __stack_pointer, if it is exported
  typename T_Module::instance_type guest{};

  wasm_rt_memory_t* memory = nullptr;

 private:
  template <typename, typename>
  friend class argument_area;

  /// Calls a generated function with arguments of its own types.
  template <typename R, typename... P>
  RLBOX_DETAIL_ALWAYS_INLINE R call_lowered(R (*fn)(typename T_Module::instance_type*, P...),
                                            P... params) {
    rlbox_wasm2c_record* const running = rlbox_wasm2c_get_active();
    const std::uintptr_t here = rlbox_wasm2c_stack_pointer();
    if (rlbox_wasm2c_is_free(&record, here)) {
      // Nothing of the sandbox runs, and nothing is on the guest's stack.
      const first_function_scope function(record, reinterpret_cast<wasm_rt_function_ptr_t>(fn),
                                          here);
      return call_directly(fn, running, resting_stack, params...);
    }
    return call_nested(fn, running, params...);
  }

  /// A call by a callback, and any other that is not the usual one. Apart, so that the usual one is
  /// small enough to be inlined.
  template <typename R, typename... P>
  RLBOX_DETAIL_NOINLINE R call_nested(R (*fn)(typename T_Module::instance_type*, P...),
                                      rlbox_wasm2c_record* running, P... params) {
    if (!__atomic_load_n(&record.plain, __ATOMIC_RELAXED) || running != &rlbox_wasm2c_callback ||
        !rlbox_wasm2c_knows_stack() ||
        (rlbox_wasm2c_is_in_use(&record) && !rlbox_wasm2c_is_nested(&record))) {
      return call_slowly(fn, params...);
    }
    const function_scope function(record, reinterpret_cast<wasm_rt_function_ptr_t>(fn));
    const std::uint32_t stack_before = T_Module::has_stack_pointer ? *guest_stack : 0;
    return call_directly(fn, &rlbox_wasm2c_callback, stack_before, params...);
  }

  /// Calls a generated function on a thread that runs `running`.
  template <typename R, typename... P>
  RLBOX_DETAIL_ALWAYS_INLINE R call_directly(R (*fn)(typename T_Module::instance_type*, P...),
                                             rlbox_wasm2c_record* running,
                                             const std::uint32_t& stack_before, P... params) {
    const entry_scope scope(record, running);
    stack_scope stack(guest_stack, stack_before);
    if constexpr (std::is_void_v<R>) {
      fn(&guest, params...);
      stack.returned();
    } else {
      const R result = fn(&guest, params...);
      stack.returned();
      return result;
    }
  }

  /// A call on a new thread, and one that may be refused, stopped or trap.
  template <typename R, typename... P>
  RLBOX_DETAIL_COLD R call_slowly(R (*fn)(typename T_Module::instance_type*, P...), P... params) {
    dynamic_check(mode != entry_mode::closed,
                  "RLBox: a function was called in a sandbox that is not created");
    if (mode == entry_mode::closed || record.trapped) {
      fail_call(record.message);
      return zero<R>();
    }
    rlbox_wasm2c_record* const running = rlbox_wasm2c_enter_thread();
    if (const char* const problem = entry_problem(); problem != nullptr) {
      dynamic_check(false, problem);
      return zero<R>();
    }
    // The time limit is one for the outermost call.
    watch_scope watch(record, rlbox_wasm2c_is_in_use(&record) ? 0 : time_limit);
    const function_scope function(record, reinterpret_cast<wasm_rt_function_ptr_t>(fn));
    const std::uint32_t stack_before = guest_stack != nullptr ? *guest_stack : 0;
    if (mode == entry_mode::direct) {
      stop_if_requested(running);
      return call_directly(fn, running, stack_before, params...);
    }
    stack_scope stack(guest_stack, stack_before);
    if constexpr (std::is_void_v<R>) {
      if (!run_guarded([&] { fn(&guest, params...); })) {
        fail_call(record.message);
        return;
      }
      stack.returned();
    } else {
      R result{};
      if (run_guarded([&] { result = fn(&guest, params...); })) {
        stack.returned();
        return result;
      }
      fail_call(record.message);
      return zero<R>();
    }
  }

  /// Ends the program with a report if the library is to run no more.
  void stop_if_requested(rlbox_wasm2c_record* running) {
    const entry_scope scope(record, running);
    rlbox_wasm2c_leave_host(&record);
  }

  /// Fails a call that cannot be made because of what the library did. Where traps are survived,
  /// the sandbox has trapped.
  void refuse_call(rlbox_wasm2c_trap_reason reason, const char* message) {
    dynamic_check(mode != entry_mode::closed,
                  "RLBox: a function was called in a sandbox that is not created");
    dynamic_check(mode != entry_mode::direct, message);
    rlbox_wasm2c_note_trap(&record, reason, message);
    fail_call(record.message);
  }

  /// A call cannot be made or did not complete: an exception where they are in use.
  void fail_call(const char* message) {
#if RLBOX_DETAIL_THROWS
    throw rlbox_wasm2c_trap_error(record.reason, message);
#else
    RLBOX_UNUSED(message);
#endif
  }
};

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_ENTRY_HPP_
