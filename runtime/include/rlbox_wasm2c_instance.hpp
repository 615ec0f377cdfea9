#ifndef RLBOX_WASM2C_INSTANCE_HPP_
#define RLBOX_WASM2C_INSTANCE_HPP_
/// \file
/// One instance of a module: its life cycle, memory, function table and calls. The part of the
/// backend that does not depend on the framework's types.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_wasm2c_abi.hpp"
#include "rlbox_wasm2c_call.hpp"
#include "rlbox_wasm2c_options.hpp"
#include "rlbox_wasm2c_table.hpp"
#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"
#include "wasm2c_rt_minwasi.h"
#include "wasm2c_rt_trap.h"

namespace rlbox::detail::wasm2c {

/// True if both addresses are in the same 4 GiB, which is what one memory can span.
RLBOX_DETAIL_ALWAYS_INLINE bool same_slot(const void* p1, const void* p2) {
  return ((reinterpret_cast<std::uintptr_t>(p1) ^ reinterpret_cast<std::uintptr_t>(p2)) >>
          RLBOX_WASM2C_ALIGNMENT_SHIFT) == 0;
}

/// An instance; not live before `create` and after `impl_destroy_sandbox`.
template <typename T_Module>
class instance {
 public:
  bool has_trapped() const { return record.trapped; }
  rlbox_wasm2c_trap_reason trap_reason() const { return record.reason; }
  const char* trap_message() const { return record.message; }
  std::uint32_t memory_limit_hits() const { return record.memory_limit_hits; }

  /// Stops the library, from any thread.
  void interrupt() {
    // Calls look for requests from now on. (A call on its way there gets the signal.)
    allow_plain_calls(false);
    rlbox_wasm2c_interrupt(&record, RLBOX_WASM2C_TRAP_INTERRUPTED);
  }

  instance() = default;
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;
  ~instance() { release(); }

 protected:
  // ---- life cycle ----

  /// Makes the instance live. `owner` is what `owner_of` finds. False, or a failed check, if that
  /// is impossible.
  bool create(rlbox_wasm2c_options&& new_options, void* owner) {
    const volatile char& same_definitions =
        RLBOX_WASM2C_CONFIG_SYMBOL;  // or the program does not link
    RLBOX_UNUSED(same_definitions + 0);
    release();
    options = std::make_unique<rlbox_wasm2c_options>(std::move(new_options));
    set_up_record(owner);
    wasi.set_up(*options);
    static const bool runtime_ready = (wasm_rt_init(), minwasi_init());
    const char* failure = runtime_ready ? start() : "RLBox: the WebAssembly runtime cannot start";
    if (failure == nullptr) {
      mode = record.survives ? entry_mode::guarded : entry_mode::direct;
      if (mode == entry_mode::direct && time_limit == 0) {
        allow_plain_calls(true);
      }
      return true;
    }
    const std::string message = failure;
    const bool infallible = options->infallible;
    release();
    dynamic_check(!infallible, message.c_str());
    return false;
  }

  /// False while a call into the sandbox has not returned: its frames need what would be given
  /// back (invariant S15).
  bool impl_can_destroy_sandbox() const { return record.function == nullptr; }

  /// Runs the library's destructors and gives everything back.
  void impl_destroy_sandbox() {
    if constexpr (T_Module::has_call_dtors) {
      if (mode != entry_mode::closed && !record.trapped) {
        // Destructors and atexit handlers; flushes what the library printed.
        run_last([this] { T_Module::call_dtors(&guest); });
      }
    }
    release();
  }

  // ---- memory ----

  /// Address 0 of the guest.
  std::uint8_t* heap_base() const { return memory->data; }
  /// The same, or null without an instance.
  void* impl_get_memory_location() const { return memory != nullptr ? memory->data : nullptr; }
  /// Bytes of the guest's memory now.
  std::size_t impl_get_total_memory() const { return memory != nullptr ? memory->size : 0; }

  /// True for addresses in the guest's memory, as large as it is now.
  bool impl_is_pointer_in_sandbox_memory(const void* p) const {
    return memory != nullptr &&
           reinterpret_cast<std::uintptr_t>(p) - reinterpret_cast<std::uintptr_t>(memory->data) <
               memory->size;
  }

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
    argument_area<instance, T_Module> area(*this, total);
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

  /// The object given to `create` by the sandbox whose memory `example` is in.
  static void* owner_of(const void* example) {
    const rlbox_wasm2c_reservation* const found = rlbox_wasm2c_find_reservation(example);
    dynamic_check(
        found != nullptr && found->record != nullptr && found->record->owner_type == &type_marker,
        "RLBox: a function pointer was converted for memory of no live sandbox");
    return found->record->owner;
  }

  // ---- function pointers ----

  /// The table index of a function pointer of the application: one that came from this sandbox,
  /// or the address of a generated function. `type` yields its wasm type.
  template <typename T_Type>
  std::uint32_t function_to_sandbox_typed(const void* p, T_Type&& type) {
    if (const rlbox_wasm2c_reservation* found = rlbox_wasm2c_find_reservation(p);
        found != nullptr) {
      dynamic_check(found->base == memory->data,
                    "RLBox: a function pointer of one sandbox was given to another");
      return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(p));
    }
    spin_guard guard(lock);
    if (const std::uint32_t index = functions.find(p); index != 0) {
      return index;
    }
    if constexpr (has_function_name<T_Module>::value) {
      dynamic_check(
          T_Module::function_name(as_function(p)) != nullptr,
          "RLBox: only functions of the sandboxed library and registered callbacks can be "
          "passed as function pointers");
    }
    wasm_rt_funcref_t entry{};
    entry.func_type = type();
    entry.func = as_function(p);
    entry.module_instance = &guest;
    dynamic_check(entry.func_type != nullptr,
                  "RLBox: the library calls no function pointer of this function's type");
    const std::uint32_t index = functions.reserve();
    dynamic_check(index != 0, table_full);
    if (index != 0) {
      functions.set(index, entry);
      functions.remember(p, index);
    }
    return index;
  }

  /// A function pointer of the guest as the application sees it. Indices that stand for no known
  /// address become addresses in the sandbox's guard area: not callable, but they can be compared,
  /// stored and given back, and they tell which sandbox they belong to.
  void* function_to_application(std::uint32_t index) const {
    if (const void* known = functions.address_of(index); known != nullptr) {
      return const_cast<void*>(known);
    }
    constexpr std::uint64_t guard_area = UINT64_C(1) << RLBOX_WASM2C_ALIGNMENT_SHIFT;
    return memory->data + guard_area + index;
  }

  // ---- callbacks ----

  /// Registers a callback under a key; its index in the guest's table.
  template <typename T_Thunk, typename R, typename... A>
  std::uint32_t add_callback(void* key, void (*interceptor)(), void* user_record) {
    static const wasm_rt_func_type_t type = T_Thunk::template type<T_Module>();
    if (type == nullptr) {
      dynamic_check(false, unknown_signature<R, A...>().c_str());
      return 0;
    }
    const wasm_rt_function_ptr_t function = T_Thunk::function();
    std::uint32_t index = 0;
    {
      spin_guard guard(lock);
      callback_slot* const slot = callbacks.acquire(function, functions);
      if (slot != nullptr) {
        slot->owner = record.owner;
        slot->guest = &record;
        slot->memory = memory;
        slot->interceptor = interceptor;
        slot->stack_reserve = record.stack_reserve;
        wasm_rt_funcref_t entry{};
        entry.func_type = type;
        entry.func = function;
        entry.module_instance = slot;
        callbacks.insert(key, slot);
        slot->admit(user_record != nullptr ? user_record : slot);
        functions.set(slot->index, entry);
        index = slot->index;
      }
    }
    dynamic_check(index != 0, table_full);
    return index;
  }

  /// Ends the registration under a key.
  void remove_callback(void* key) {
    if (mode == entry_mode::closed) {
      return;
    }
    spin_guard guard(lock);
    if (const callback_slot* slot = callbacks.remove(key); slot != nullptr) {
      functions.clear(slot->index);
    }
  }

 private:
  template <typename, typename>
  friend class argument_area;

  enum class entry_mode : std::uint8_t {
    closed,  // no live instance
    direct,  // calls go straight into the generated code
    guarded  // calls can be left by a trap
  };

  /// Its address tells instances of this module from those of others.
  static inline const char type_marker = 0;

  static constexpr const char* table_full =
      "RLBox: the function table of the sandbox is full. Unregister a callback, or raise "
      "max_callbacks of its rlbox_wasm2c_options and, if that is set, max_table of its "
      "wasm_library "
      "(in other builds: link with --growable-table, or import the table).";
  static constexpr std::size_t most_reserve = std::size_t{1} << 30;
  static constexpr std::uint32_t most_callbacks = 1U << 20;

  static inline rlbox_wasm2c_record nobody{};  // runs on no thread

  // Stand for functions that have no name in reports.
  static void constructors() {}
  static void destructors() {}
  static constexpr wasm_rt_function_ptr_t running_constructors = &constructors;
  static constexpr wasm_rt_function_ptr_t running_destructors = &destructors;

  // What every call reads comes first. A thread that runs one of these two can call without ado:
  // the first while no function of the sandbox runs, the second from a callback of any sandbox.
  rlbox_wasm2c_record* plain_from = &nobody;
  rlbox_wasm2c_record* plain_nested_from = &nobody;
  entry_mode mode = entry_mode::closed;
  std::uint64_t time_limit = 0;          // nanoseconds for one call; 0: none
  std::uint32_t resting_stack = 0;       // the stack pointer when no function runs
  std::uint32_t* guest_stack = nullptr;  // the module's __stack_pointer, if it is exported
  rlbox_wasm2c_record record{};
  typename T_Module::instance_type guest{};

  wasm_rt_memory_t* memory = nullptr;
  spin_lock lock;  // callbacks and functions
  callback_map callbacks;
  function_table functions;
  wasm_rt_memory_t own_memory{};        // of a module that imports its memory
  wasm_rt_funcref_table_t own_table{};  // of a module that imports its table
  w2c_env env{};
  wasi_settings wasi;
  std::unique_ptr<rlbox_wasm2c_options> options;

  /// Whether calls may go straight into the generated code. Atomic: see `interrupt`.
  void allow_plain_calls(bool allowed) {
    __atomic_store_n(&plain_from, allowed ? &rlbox_wasm2c_host : &nobody, __ATOMIC_RELAXED);
    __atomic_store_n(&plain_nested_from, allowed ? &rlbox_wasm2c_callback : &nobody,
                     __ATOMIC_RELAXED);
  }

  void set_up_record(void* owner) {
    record = rlbox_wasm2c_record{};
    record.owner = owner;
    record.owner_type = &type_marker;
    record.module = T_Module::module_name;
    record.name = options->name.empty() ? nullptr : options->name.c_str();
    if constexpr (has_function_name<T_Module>::value) {
      record.function_name = &T_Module::function_name;
    }
#if !RLBOX_DETAIL_THROWS && defined(RLBOX_CUSTOM_ABORT)
    record.fail = [](const char* message) { dynamic_check(false, message); };
#endif
    const w2c_mem_capacity capacity = get_valid_wasm2c_memory_capacity(options->max_memory, true);
    record.max_pages = options->max_memory != 0 && capacity.is_valid ? capacity.max_pages : 0;
    record.survives = options->traps == rlbox_wasm2c_trap_policy::survive;
    record.stack_reserve =
        options->stack_reserve < most_reserve ? options->stack_reserve : most_reserve;
    record.max_table = options->max_table;
    record.spare_entries =
        options->max_callbacks < most_callbacks ? options->max_callbacks : most_callbacks;
    time_limit = 0;
    if (options->time_limit.count() > 0) {
      time_limit = static_cast<std::uint64_t>(options->time_limit.count()) * 1000000U;
    }
    record.trap_on_memory_limit = options->trap_on_memory_limit;
    record.report_memory_limit = options->max_memory != 0;
  }

  /// Makes the instance and runs the library's constructors. Null, or why that failed.
  const char* start() {
    if (time_limit != 0 && !rlbox_wasm2c_prepare_watch()) {
      return "RLBox: time_limit needs a thread of its own and the signal SIGURG, and the system "
             "refuses one of them";
    }
    const function_scope function(record, running_constructors);
    rlbox_wasm2c_enter_thread();
    watch_scope watch(record, time_limit);
    const bool completed = run_guarded([this] {
      if constexpr (T_Module::imports_memory) {
        memory = &own_memory;
        wasm_rt_allocate_memory(&own_memory, T_Module::memory_min_pages, T_Module::memory_max_pages,
                                T_Module::memory_is64 != 0, RLBOX_WASM2C_PAGE_SIZE);
      } else {
        memory = T_Module::memory(&guest);
      }
      if constexpr (T_Module::imports_table) {
        wasm_rt_allocate_funcref_table(&own_table, T_Module::table_min, T_Module::table_max);
      }
      env.sandbox_memory_info = &own_memory;
      env.sandbox_callback_table = &own_table;
      wasi.context.instance_memory = memory;
      if constexpr (T_Module::has_stack_pointer) {
        guest_stack = T_Module::stack_pointer(&guest);
      }
      T_Module::instantiate(&guest, &env, &wasi.context);
      if constexpr (T_Module::has_initialize || T_Module::has_call_ctors) {
        T_Module::initialize(&guest);
      }
      resting_stack = guest_stack != nullptr ? *guest_stack : 0;
    });
    if (!completed) {
      return record.message;
    }
    functions.attach(T_Module::imports_table ? &own_table : T_Module::table(&guest));
    const bool has_memory = memory != nullptr && memory->data != nullptr;
    return has_memory ? nullptr : "RLBox: the module has no memory";
  }

  /// Ends the instance without running library code.
  void release() {
    if (options == nullptr) {
      return;
    }
    if (!impl_can_destroy_sandbox()) {  // a destructor, which cannot refuse
      rlbox_wasm2c_abort(
          "RLBox: a sandbox was destroyed while a call into it had not returned. Destroy the "
          "sandbox after the call.");
    }
    mode = entry_mode::closed;
    allow_plain_calls(false);
    T_Module::free_instance(&guest);
    if constexpr (T_Module::imports_memory) {
      wasm_rt_free_memory(&own_memory);
    }
    if constexpr (T_Module::imports_table) {
      wasm_rt_free_funcref_table(&own_table);
      own_table = wasm_rt_funcref_table_t{};
    }
    functions.detach();
    callbacks.clear();
    minwasi_cleanup_instance(&wasi.context);
    guest = typename T_Module::instance_type{};
    memory = nullptr;
    guest_stack = nullptr;
    record.name = nullptr;
    options.reset();
  }

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
      // A callback threw, and nobody is there to catch: the library's function has not returned.
      rlbox_wasm2c_note_trap(&record, RLBOX_WASM2C_TRAP_OTHER,
                             "a callback threw an exception while the library freed memory or ran "
                             "its destructors");
    }
#else
    body();
#endif
  }

  /// Runs `body` as the guest for a caller that must not throw; a trap shows in the record.
  template <typename T_Body>
  void run_last(T_Body&& body) {
    rlbox_wasm2c_record* const running = rlbox_wasm2c_enter_thread();
    watch_scope watch(record, record.function == nullptr ? time_limit : 0);
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

  /// Calls a generated function with arguments of its own types.
  template <typename R, typename... P>
  RLBOX_DETAIL_ALWAYS_INLINE R call_lowered(R (*fn)(typename T_Module::instance_type*, P...),
                                            P... params) {
    rlbox_wasm2c_record* const running = rlbox_wasm2c_get_active();
    if (RLBOX_DETAIL_LIKELY(running == __atomic_load_n(&plain_from, __ATOMIC_RELAXED))) {
      // Nothing of the sandbox runs, and nothing is on the guest's stack.
      const function_scope function(record, reinterpret_cast<wasm_rt_function_ptr_t>(fn), nullptr);
      return call_directly(fn, &rlbox_wasm2c_host, resting_stack, params...);
    }
    return call_nested(fn, running, params...);
  }

  /// A call by a callback, and any other that is not the usual one. Apart, so that the usual one is
  /// small enough to be inlined.
  template <typename R, typename... P>
  RLBOX_DETAIL_NOINLINE R call_nested(R (*fn)(typename T_Module::instance_type*, P...),
                                      rlbox_wasm2c_record* running, P... params) {
    if (running != __atomic_load_n(&plain_nested_from, __ATOMIC_RELAXED)) {
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
    // The time limit is one for the outermost call.
    watch_scope watch(record, record.function == nullptr ? time_limit : 0);
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

#endif  // RLBOX_WASM2C_INSTANCE_HPP_
