#ifndef RLBOX_WASM2C_MODULE_HPP_
#define RLBOX_WASM2C_MODULE_HPP_
/// \file
/// The wasm2c backend: a library compiled to WebAssembly and back to C, in the application's
/// process.
///
/// `rlbox_wasm2c_module_sandbox<T_Module>` is the backend for the module that the descriptor
/// T_Module describes. A descriptor is a class of static members; `<module>.rlbox.h` contains a
/// generated one, and rlbox_wasm2c_sandbox.hpp makes one for the module RLBOX_WASM2C_MODULE_NAME:
///
///   module_name                        name for reports
///   instance_type                      the generated instance, value-initialised by the backend
///   instantiate(instance*, w2c_env*, w2c_wasi__snapshot__preview1*)   runs the constructors, too
///   free_instance(instance*)
///   get_func_type                      pointer to the generated function of that name
///   imports_memory, imports_table      constexpr bool
///   memory_is64, memory_min_pages, memory_max_pages, table_min, table_max
///   memory(instance*), table(instance*)   for exported ones; otherwise null
///   has_call_dtors, has_stack_pointer   constexpr bool
///   call_dtors(instance*), stack_pointer(instance*)
///   guest_malloc(instance*, u32), guest_free(instance*, u32)
///   rlbox_fn_NAME                      pointer to the generated function of each exported function
///   function_name(wasm_rt_function_ptr_t)   optional; name of an exported function, or null
///   rlbox_calls<T>                     optional; calls by name: see rlbox_internal/named_calls.hpp
///
/// Different sandboxes may be used by different threads at the same time; one sandbox by one
/// thread at a time.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/wasm2c/abi.hpp"
#include "rlbox_internal/wasm2c/call.hpp"
#include "rlbox_internal/wasm2c/instance.hpp"
#include "rlbox_wasm2c_options.hpp"
#include "rlbox_internal/wasm2c/table.hpp"
#include "rlbox_internal/wasm2c/view.hpp"
#include "rlbox_wasm2c_tls.hpp"
#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"
#include "wasm2c_rt_minwasi.h"
#include "rlbox_internal/wasm2c/trap.h"

/// Lookup macro for descriptors: a callable from the descriptor to the typed generated function. It
/// cannot be called if there is none of this name.
#define rlbox_wasm2c_module_lookup_symbol(fn)                                                 \
  [](auto rlbox_module)                                                                       \
      RLBOX_DETAIL_ALWAYS_INLINE_LAMBDA -> decltype(+decltype(rlbox_module)::rlbox_fn_##fn) { \
        return decltype(rlbox_module)::rlbox_fn_##fn;                                         \
      }

namespace rlbox {

/// The backend for the module that T_Module describes. T_Derived is the class that derives from
/// this one and that the framework is given, if there is one.
template <typename T_Module, typename T_Derived = void>
class rlbox_wasm2c_module_sandbox : private detail::wasm2c::instance<T_Module> {
  using base = detail::wasm2c::instance<T_Module>;
  using self =
      std::conditional_t<std::is_void_v<T_Derived>, rlbox_wasm2c_module_sandbox, T_Derived>;

 public:
  /// The sandbox's `long long`.
  using T_LongLongType = std::int64_t;
  /// The sandbox's `long`.
  using T_LongType = std::int32_t;
  /// The sandbox's `int`.
  using T_IntType = std::int32_t;
  /// The sandbox's `short`.
  using T_ShortType = std::int16_t;
  /// The sandbox's pointers: offsets into its memory, or indices into its function table.
  using T_PointerType = std::uint32_t;

  /// The descriptor; the framework gives one to the lookup macro's callable.
  using rlbox_module_type = T_Module;
  /// Has the calls by name.
  using rlbox_named_type = T_Module;
  /// Functions arrive with the generated prototype.
  using rlbox_typed_invoke = void;
  /// Callbacks carry a record of the framework.
  using can_register_callback_record = void;
  /// Ranges are looked up in one step.
  using can_check_ranges = void;
  /// How much memory there is behind an address is known in one step.
  using can_measure_room = void;
  /// Nothing but a call into the sandbox changes the memory, and no call begins during a view.
  using in_place_view = detail::wasm2c::view_scope;
  /// Where traps are survived, so are wild pointers.
  using can_survive_accesses = void;
  /// Not while a call has not returned.
  using can_refuse_destruction = void;

  /// True after a trap of the library that was survived; such a sandbox runs no more library code.
  using base::has_trapped;
  /// Why the library was stopped, if has_trapped().
  using base::trap_reason;
  /// The report of the trap; empty if there was none.
  using base::trap_message;
  /// How often the library asked for more memory than the limit.
  using base::memory_limit_hits;
  /// Stops the library, from any thread: a call that runs now traps, and so does each later one
  /// (RLBOX_WASM2C_TRAP_INTERRUPTED). A callback that runs is not cut short; the trap comes when
  /// the library goes on. Waits until no thread runs library code of this sandbox any more, at most
  /// a tenth of a second; false if one still does. The caller sees to it that the sandbox is not
  /// destroyed meanwhile.
  using base::interrupt;

  /// No sandbox yet; `create_sandbox` makes it.
  rlbox_wasm2c_module_sandbox() = default;

 protected:
  using base::impl_can_destroy_sandbox;
  using base::impl_destroy_sandbox;
  using base::impl_free_in_sandbox;
  using base::impl_get_memory_location;
  using base::impl_get_total_memory;
  using base::impl_is_pointer_in_sandbox_memory;
  using base::impl_malloc_in_sandbox;

  // ---- life cycle ----

  /// Upstream's signature. A capacity limits the memory; it may be smaller than 4 GiB.
  bool impl_create_sandbox(bool infallible = true,
                           const w2c_mem_capacity* custom_capacity = nullptr,
                           const char* instance_name = nullptr) {
    rlbox_wasm2c_options options;
    options.infallible = infallible;
    if (instance_name != nullptr) {
      options.name = instance_name;
    }
    if (custom_capacity != nullptr) {
      if (!custom_capacity->is_valid || custom_capacity->max_size == 0) {
        detail::dynamic_check(!infallible, "RLBox: create_sandbox got an invalid memory capacity");
        return false;
      }
      options.max_memory = custom_capacity->max_size;
    }
    return this->create(std::move(options), this->self_as_owner());
  }

  /// The same with all settings.
  bool impl_create_sandbox(rlbox_wasm2c_options options) {
    return this->create(std::move(options), this->self_as_owner());
  }

  // ---- pointers ----

  /// The application's pointer for one of the sandbox.
  template <typename T>
  void* impl_get_unsandboxed_pointer(T_PointerType p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return this->function_to_application(p);
    } else {
      return this->heap_base() + p;
    }
  }

  /// The sandbox's pointer for one of the application; a failed check if it is not this sandbox's.
  template <typename T>
  T_PointerType impl_get_sandboxed_pointer(const void* p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return const_cast<rlbox_wasm2c_module_sandbox*>(this)->template function_to_sandbox<T>(p);
    } else {
      detail::dynamic_check(
          detail::wasm2c::same_slot(p, this->heap_base()),
          "RLBox: a pointer was given to a sandbox whose memory it does not point to");
      return static_cast<T_PointerType>(reinterpret_cast<std::uintptr_t>(p));
    }
  }

  /// The application's pointer, in the sandbox that `example` points into.
  template <typename T>
  static void* impl_get_unsandboxed_pointer_no_ctx(T_PointerType p, const void* example,
                                                   self* (*)(const void*)) {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return sandbox_of(example)->template impl_get_unsandboxed_pointer<T>(p);
    } else {
      constexpr std::uintptr_t low_bits = 0xffffffffU;
      return reinterpret_cast<void*>((reinterpret_cast<std::uintptr_t>(example) & ~low_bits) | p);
    }
  }

  /// The sandbox's pointer, in the sandbox that `example` points into.
  template <typename T>
  static T_PointerType impl_get_sandboxed_pointer_no_ctx(const void* p, const void* example,
                                                         self* (*)(const void*)) {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return sandbox_of(example)->template impl_get_sandboxed_pointer<T>(p);
    } else {
      detail::dynamic_check(
          detail::wasm2c::same_slot(p, example),
          "RLBox: a pointer into one sandbox was stored in the memory of another");
      return static_cast<T_PointerType>(reinterpret_cast<std::uintptr_t>(p));
    }
  }

  /// True if both addresses are in the memory, as large as it is now, of one live sandbox.
  static bool impl_is_in_same_sandbox(const void* p1, const void* p2) {
    const rlbox_wasm2c_reservation* const found = rlbox_wasm2c_find_reservation(p1);
    if (found == nullptr || !detail::wasm2c::same_slot(p1, p2)) {
      return false;
    }
    const auto base_address = reinterpret_cast<std::uintptr_t>(found->base);
    return reinterpret_cast<std::uintptr_t>(p1) - base_address < found->size &&
           reinterpret_cast<std::uintptr_t>(p2) - base_address < found->size;
  }

  /// True if the bytes (one at least) are in the memory, as large as it is now, of one live
  /// sandbox.
  static bool impl_is_range_in_sandbox_memory(const void* first, std::size_t bytes) {
    const rlbox_wasm2c_reservation* const found = rlbox_wasm2c_find_reservation(first);
    if (found == nullptr || bytes > found->size) {
      return false;
    }
    const auto offset =
        reinterpret_cast<std::uintptr_t>(first) - reinterpret_cast<std::uintptr_t>(found->base);
    return offset <= found->size - bytes;
  }

  /// Bytes of memory, as large as it is now, from `p` to the end; 0 if `p` is in no live sandbox.
  static std::size_t impl_room_in_sandbox_memory(const void* p) {
    const rlbox_wasm2c_reservation* const found = rlbox_wasm2c_find_reservation(p);
    if (found == nullptr) {
      return 0;
    }
    const auto offset =
        reinterpret_cast<std::uintptr_t>(p) - reinterpret_cast<std::uintptr_t>(found->base);
    return offset < found->size ? found->size - offset : 0;
  }

  /// Notes that the application follows a wild pointer of the library's: where traps are survived,
  /// the sandbox has trapped. True if the access is to go on for lack of exceptions; where the
  /// sandbox has no memory, the application then finds zeroes (wasm2c_rt_signal.c).
  static bool impl_survives_access(const void* pointer) {
    return rlbox_wasm2c_note_wild_pointer(pointer) && !RLBOX_DETAIL_THROWS;
  }

  /// True for everything but this sandbox's memory.
  bool impl_is_pointer_in_app_memory(const void* p) const {
    return !this->impl_is_pointer_in_sandbox_memory(p);
  }

  // ---- calls ----

  /// Refuses to look functions up at run time.
  template <typename T_Diagnose = void>
  void* impl_lookup_symbol(const char*) {
    rlbox_detail_static_fail_because(
        detail::true_v<T_Diagnose>,
        "RLBox: wasm2c sandboxes resolve functions at compile time. Include <module>.rlbox.h "
        "before "
        "any other RLBox header, or define RLBOX_USE_STATIC_CALLS() as "
        "rlbox_wasm2c_sandbox_lookup_symbol.");
    return nullptr;
  }

  /// Calls a generated function. T is the application's function type; parameters are in sandbox
  /// representation. Scalars are returned as the generated function returned them.
  template <typename T, typename T_Generated, typename... T_Args>
  RLBOX_DETAIL_ALWAYS_INLINE auto impl_invoke_with_func_ptr(T_Generated* fn, T_Args&&... params) {
    using T_Result = std::remove_cv_t<
        detail::convert_to_sandbox_equivalent_t<detail::wasm2c::return_of_t<T>, self>>;
    if constexpr (detail::wasm2c::by_address_v<T_Result> ||
                  (detail::wasm2c::by_address_v<std::decay_t<T_Args>> || ...)) {
      return this->template call_with_structs<T_Result>(fn, params...);
    } else if constexpr (detail::wasm2c::is_struct_v<T_Result>) {
      return detail::wasm2c::lift<T_Result>(this->call(fn, params...));
    } else {
      return this->call(fn, params...);
    }
  }

  // ---- callbacks ----

  /// Makes Interceptor callable by the library, with a record of the framework; its table index.
  template <auto Interceptor, typename R, typename... A>
  T_PointerType impl_register_callback_record(void* key, void* record) {
    using thunk =
        detail::wasm2c::callback_thunk<detail::wasm2c::record_interceptor<Interceptor>, R, A...>;
    return this->template add_callback<thunk, R, A...>(key, nullptr, record);
  }

  /// The same for a function that asks which callback was executed.
  template <typename R, typename... A>
  T_PointerType impl_register_callback(void* key, void* interceptor) {
    using thunk = detail::wasm2c::callback_thunk<detail::wasm2c::classic_interceptor, R, A...>;
    return this->template add_callback<thunk, R, A...>(
        key, reinterpret_cast<void (*)()>(interceptor), nullptr);
  }

  /// Makes further calls of the callback traps.
  template <typename R, typename... A>
  void impl_unregister_callback(void* key) {
    this->remove_callback(key);
  }

  /// The sandbox and the key of the callback that this thread executed last.
  static std::pair<self*, void*> impl_get_executed_callback_sandbox_and_key() {
    const detail::wasm2c::callback_slot* const slot = detail::wasm2c::executed_callback;
    detail::dynamic_check(slot != nullptr,
                          "RLBox: a callback arrived on a thread that runs no sandboxed code");
    return {static_cast<self*>(static_cast<rlbox_wasm2c_module_sandbox*>(slot->owner)), slot->key};
  }

 private:
  /// The address that callbacks and conversions without context get back.
  void* self_as_owner() { return this; }

  static self* sandbox_of(const void* example) {
    return static_cast<self*>(static_cast<rlbox_wasm2c_module_sandbox*>(base::owner_of(example)));
  }

  /// Index of a function pointer in the guest's table.
  template <typename T>
  T_PointerType function_to_sandbox(const void* p) {
    return this->function_to_sandbox_typed(p, [] {
      return detail::wasm2c::type_id<T_Module, self>(
          static_cast<std::remove_pointer_t<T>*>(nullptr));
    });
  }
};

}  // namespace rlbox

#endif  // RLBOX_WASM2C_MODULE_HPP_
