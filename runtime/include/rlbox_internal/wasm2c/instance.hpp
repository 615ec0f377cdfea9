#ifndef RLBOX_INTERNAL_WASM2C_INSTANCE_HPP_
#define RLBOX_INTERNAL_WASM2C_INSTANCE_HPP_
/// \file
/// One instance of a module: its life cycle, memory and function table. The part of the backend
/// that does not depend on the framework's types.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/wasm2c/abi.hpp"
#include "rlbox_internal/wasm2c/call.hpp"
#include "rlbox_internal/wasm2c/entry.hpp"
#include "rlbox_wasm2c_options.hpp"
#include "rlbox_internal/wasm2c/table.hpp"
#include "rlbox_internal/wasm2c/wasi_settings.hpp"
#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"
#include "wasm2c_rt_minwasi.h"
#include "rlbox_internal/wasm2c/trap.h"

namespace rlbox::detail::wasm2c {

/// True if both addresses are in the same 4 GiB, which is what one memory can span.
RLBOX_DETAIL_ALWAYS_INLINE bool same_slot(const void* p1, const void* p2) {
  return ((reinterpret_cast<std::uintptr_t>(p1) ^ reinterpret_cast<std::uintptr_t>(p2)) >>
          RLBOX_WASM2C_ALIGNMENT_SHIFT) == 0;
}

/// An instance; not live before `create` and after `impl_destroy_sandbox`.
template <typename T_Module>
class instance : protected entry<T_Module> {
  using base = entry<T_Module>;

 public:
  using base::has_trapped;
  using base::interrupt;
  using base::memory_limit_hits;
  using base::trap_message;
  using base::trap_reason;

  instance() = default;
  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;
  ~instance() { release(); }

 protected:
  using base::allow_plain_calls;
  using base::call;
  using base::call_with_structs;
  using base::guest;
  using base::guest_stack;
  using base::impl_free_in_sandbox;
  using base::impl_malloc_in_sandbox;
  using base::memory;
  using base::mode;
  using base::record;
  using base::resting_stack;
  using base::time_limit;
  using typename base::entry_mode;

  // ---- life cycle ----

  /// Makes the instance live. `owner` is what `owner_of` finds. False, or a failed check, if that
  /// is impossible.
  bool create(rlbox_wasm2c_options&& new_options, void* owner) {
    release();
    begun = true;
    if (wasi_settings::refers_to(new_options) || !new_options.name.empty()) {
      kept = std::make_unique<rlbox_wasm2c_options>(std::move(new_options));
    }
    rlbox_wasm2c_options& options = kept != nullptr ? *kept : new_options;
    set_up_record(options, owner);
    const std::string problem = wasi.set_up(options);
    static const bool runtime_ready = (wasm_rt_init(), minwasi_init());
    const char* const failure = !problem.empty() ? problem.c_str()
                                : runtime_ready  ? start()
                                                 : "RLBox: the WebAssembly runtime cannot start";
    if (failure == nullptr) {
      mode = record.survives ? entry_mode::guarded : entry_mode::direct;
      allow_plain_calls(mode == entry_mode::direct && time_limit == 0 &&
                        !this->is_stop_requested());
      return true;
    }
    const std::string message = failure;
    const bool infallible = options.infallible;
    release();
    dynamic_check(!infallible, message.c_str());
    return false;
  }

  /// False while a call into the sandbox has not returned: its frames need what would be given
  /// back (invariant S15).
  bool impl_can_destroy_sandbox() const { return !rlbox_wasm2c_is_in_use(&record); }

  /// Runs the library's destructors and gives everything back.
  void impl_destroy_sandbox() {
    if constexpr (T_Module::has_call_dtors) {
      if (mode != entry_mode::closed && !record.trapped) {
        // Destructors and atexit handlers; flushes what the library printed.
        this->run_last([this] { T_Module::call_dtors(&guest); });
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
        slot->memory = memory;
        slot->interceptor = interceptor;
        slot->record = user_record;
        wasm_rt_funcref_t entry{};
        entry.func_type = type;
        entry.func = function;
        entry.module_instance = slot;
        callbacks.insert(key, slot);
        slot->admit(&record);
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
  /// Its address tells instances of this module from those of others.
  static inline const char type_marker = 0;

  static constexpr const char* table_full =
      "RLBox: the function table of the sandbox is full. Unregister a callback, or raise "
      "max_callbacks of its rlbox_wasm2c_options and, if that is set, max_table of its "
      "wasm_library "
      "(in other builds: link with --growable-table, or import the table).";
  static constexpr std::size_t most_reserve = std::size_t{1} << 30;
  static constexpr std::uint32_t most_callbacks = 1U << 20;

  spin_lock lock;      // callbacks and functions
  bool begun = false;  // there is something to give back
  callback_map callbacks;
  function_table functions;
  wasm_rt_memory_t own_memory{};        // of a module that imports its memory
  wasm_rt_funcref_table_t own_table{};  // of a module that imports its table
  w2c_env env{};
  wasi_settings wasi;
  std::unique_ptr<rlbox_wasm2c_options> kept;  // null if nothing refers to the options

  void set_up_record(const rlbox_wasm2c_options& options, void* owner) {
    record = rlbox_wasm2c_record{};
    allow_plain_calls(false);
    record.owner = owner;
    record.owner_type = &type_marker;
    record.module = T_Module::module_name;
    record.name = options.name.empty() ? nullptr : options.name.c_str();
    if constexpr (has_function_name<T_Module>::value) {
      record.function_name = &T_Module::function_name;
    }
    if constexpr (has_describe_exception<T_Module>::value) {
      record.guest = &this->guest;
      record.describe = [](void* guest, std::uint32_t thrown) {
        T_Module::describe_exception(static_cast<typename T_Module::instance_type*>(guest), thrown);
      };
    }
#if !RLBOX_DETAIL_THROWS && defined(RLBOX_CUSTOM_ABORT)
    record.fail = [](const char* message) { dynamic_check(false, message); };
#endif
    const w2c_mem_capacity capacity = rlbox_wasm2c_memory_limit(options.max_memory);
    record.max_pages = options.max_memory != 0 && capacity.is_valid ? capacity.max_pages : 0;
    record.survives = options.traps == rlbox_wasm2c_trap_policy::survive;
    record.stack_reserve =
        options.stack_reserve < most_reserve ? options.stack_reserve : most_reserve;
    record.max_table = options.max_table;
    record.spare_entries =
        options.max_callbacks < most_callbacks ? options.max_callbacks : most_callbacks;
    time_limit = 0;
    if (options.time_limit.count() > 0) {
      time_limit = static_cast<std::uint64_t>(options.time_limit.count()) * 1000000U;
    }
    record.trap_on_memory_limit = options.trap_on_memory_limit;
    record.report_memory_limit = options.max_memory != 0;
  }

  /// Makes the instance and runs the library's constructors. Null, or why that failed.
  const char* start() {
    if (time_limit != 0 && !rlbox_wasm2c_prepare_watch()) {
      return "RLBox: time_limit needs a thread of its own and the signal SIGURG, and the system "
             "refuses one of them";
    }
    rlbox_wasm2c_enter_thread();
    if (const char* const problem = this->entry_problem(); problem != nullptr) {
      return problem;
    }
    const function_scope function(record, base::running_constructors);
    watch_scope watch(record, time_limit);
    const bool completed = this->run_guarded([this] {
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
    if (!begun) {
      return;
    }
    if (!impl_can_destroy_sandbox()) {  // a destructor, which cannot refuse
      rlbox_wasm2c_abort(
          "RLBox: a sandbox was destroyed while a call into it had not returned. Destroy the "
          "sandbox after the call.");
    }
    rlbox_wasm2c_forget_interrupt(&record);
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
    kept.reset();
    begun = false;
  }
};

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_INSTANCE_HPP_
