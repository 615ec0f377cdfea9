// A stand-in for the RLBox project's wasm2c plugin, for tests without a network. It shares nothing
// with it but the interface that is documented, and is as strict: one module in a program, whose
// name the application gives; two forms of instantiate and no other; nothing of the module is
// called but malloc, free and what the application asks for. It passes structs by address, however
// few fields they have.
#ifndef STAND_IN_RLBOX_WASM2C_SANDBOX_HPP
#define STAND_IN_RLBOX_WASM2C_SANDBOX_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <tuple>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_wasm2c_tls.hpp"
#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"
#include "wasm2c_rt_minwasi.h"

#ifndef RLBOX_WASM2C_MODULE_NAME
#error "define RLBOX_WASM2C_MODULE_NAME"
#endif

#define STAND_IN_PASTE_AGAIN(a, b, c) a##b##c
#define STAND_IN_PASTE(a, b, c) STAND_IN_PASTE_AGAIN(a, b, c)
#define STAND_IN_TYPE STAND_IN_PASTE(w2c_0x24, RLBOX_WASM2C_MODULE_NAME, 0x2Ewasm)
#define STAND_IN_GUEST(name) STAND_IN_PASTE(w2c_0x24, RLBOX_WASM2C_MODULE_NAME, 0x2Ewasm_##name)
#define STAND_IN_HOST(name) STAND_IN_PASTE(wasm2c_0x24, RLBOX_WASM2C_MODULE_NAME, 0x2Ewasm_##name)

#define rlbox_wasm2c_sandbox_lookup_symbol(name) reinterpret_cast<void*>(&STAND_IN_GUEST(name))

// A module has the first three or the last two.
extern "C" {
extern const uint64_t STAND_IN_HOST(min_env_memory);
extern const uint8_t STAND_IN_HOST(is64_env_memory);
extern const uint32_t STAND_IN_HOST(min_env_0x5F_indirect_function_table);
wasm_rt_memory_t* STAND_IN_GUEST(memory)(STAND_IN_TYPE*);
wasm_rt_funcref_table_t* STAND_IN_GUEST(0x5F_indirect_function_table)(STAND_IN_TYPE*);
}

namespace rlbox {

namespace stand_in {

using instance_type = STAND_IN_TYPE;
using instantiate_type = decltype(STAND_IN_HOST(instantiate));
constexpr bool imports =
    std::is_same_v<instantiate_type, void(instance_type*, w2c_env*, w2c_wasi__snapshot__preview1*)>;
constexpr bool exports =
    std::is_same_v<instantiate_type, void(instance_type*, w2c_wasi__snapshot__preview1*)>;
static_assert(imports || exports, "memories and tables must either be imported or exported");
static_assert(std::is_same_v<decltype(STAND_IN_HOST(free)), void(instance_type*)>);

template <typename T>
constexpr bool by_address = std::is_class_v<T>;

// What wasm2c makes of a type.
template <typename T>
struct lowered {
  using type = std::conditional_t<by_address<T> || sizeof(T) <= 4, uint32_t, uint64_t>;
};
template <>
struct lowered<void> {
  using type = void;
};
template <>
struct lowered<float> {
  using type = float;
};
template <>
struct lowered<double> {
  using type = double;
};
template <typename T>
using lowered_t = typename lowered<T>::type;

template <typename T>
constexpr wasm_rt_type_t type_code() {
  using L = lowered_t<T>;
  return std::is_same_v<L, float>    ? WASM_RT_F32
         : std::is_same_v<L, double> ? WASM_RT_F64
         : sizeof(L) == 4            ? WASM_RT_I32
                                     : WASM_RT_I64;
}

}  // namespace stand_in

class rlbox_wasm2c_sandbox {
 public:
  using T_LongLongType = int64_t;
  using T_LongType = int32_t;
  using T_IntType = int32_t;
  using T_ShortType = int16_t;
  using T_PointerType = uint32_t;

 private:
  static constexpr std::size_t max_callbacks = 16;
  struct slot {
    void* key;
    void* interceptor;
    uint32_t index;
  };

  stand_in::instance_type sandbox{};
  w2c_env env{};
  w2c_wasi__snapshot__preview1 wasi_env{};
  wasm_rt_memory_t own_memory{};
  wasm_rt_funcref_table_t own_table{};
  wasm_rt_memory_t* memory = nullptr;
  wasm_rt_funcref_table_t* table = nullptr;
  slot callbacks[max_callbacks]{};

  static rlbox_wasm2c_sandbox_thread_data& thread_data() {
    return rlbox_wasm2c_sandbox_thread_info;
  }

  template <typename T_Memory>
  void find_imports(T_Memory* min_pages) {
    if constexpr (stand_in::imports) {
      detail::dynamic_check(STAND_IN_HOST(is64_env_memory) == 0, "a memory of 64 bits");
      own_memory = create_wasm2c_memory(static_cast<uint32_t>(*min_pages), nullptr, nullptr);
      detail::dynamic_check(own_memory.data != nullptr, "no memory");
      wasm_rt_allocate_funcref_table(
          &own_table, STAND_IN_HOST(min_env_0x5F_indirect_function_table), 0xffffffffu);
      memory = env.sandbox_memory_info = &own_memory;
      table = env.sandbox_callback_table = &own_table;
    }
  }

  template <typename T_Instantiate>
  void start(T_Instantiate* instantiate) {
    wasi_env.instance_memory = memory;
    if constexpr (stand_in::imports) {
      instantiate(&sandbox, &env, &wasi_env);
    } else {
      instantiate(&sandbox, &wasi_env);
    }
  }

  template <std::size_t N, typename R, typename... A>
  static stand_in::lowered_t<R> trampoline(void*, stand_in::lowered_t<A>... arguments) {
    thread_data().last_callback_invoked = N;
    auto* const interceptor =
        reinterpret_cast<R (*)(A...)>(thread_data().sandbox->callbacks[N].interceptor);
    if constexpr (std::is_void_v<R>) {
      interceptor(static_cast<A>(arguments)...);
    } else {
      return static_cast<stand_in::lowered_t<R>>(interceptor(static_cast<A>(arguments)...));
    }
  }

  template <typename R, typename... A, std::size_t... N>
  static wasm_rt_function_ptr_t trampoline_of(std::size_t wanted, std::index_sequence<N...>) {
    wasm_rt_function_ptr_t found = nullptr;
    (void)((N == wanted
                ? (found = reinterpret_cast<wasm_rt_function_ptr_t>(&trampoline<N, R, A...>), true)
                : false) ||
           ...);
    return found;
  }

  template <typename T>
  stand_in::lowered_t<T> to_guest(const T& value) {
    if constexpr (stand_in::by_address<T>) {
      const uint32_t address = impl_malloc_in_sandbox(sizeof(T));
      std::memcpy(memory->data + address, &value, sizeof(T));
      return address;
    } else {
      return static_cast<stand_in::lowered_t<T>>(value);
    }
  }

  template <typename T>
  void free_argument(stand_in::lowered_t<T> value) {
    if constexpr (stand_in::by_address<T>) {
      impl_free_in_sandbox(value);
    }
  }

  template <typename R, typename... P, std::size_t... N, typename... A>
  R call(R (*function)(P...), std::index_sequence<N...>, A&&... arguments) {
    using lowered_result =
        std::conditional_t<stand_in::by_address<R>, void, stand_in::lowered_t<R>>;
    std::tuple<stand_in::lowered_t<P>...> lowered{to_guest<P>(static_cast<P>(arguments))...};
    const auto cleanup =
        detail::make_scope_exit([&] { (free_argument<P>(std::get<N>(lowered)), ...); });
    if constexpr (stand_in::by_address<R>) {
      const uint32_t result = impl_malloc_in_sandbox(sizeof(R));
      reinterpret_cast<lowered_result (*)(stand_in::instance_type*, uint32_t,
                                          stand_in::lowered_t<P>...)>(function)(
          &sandbox, result, std::get<N>(lowered)...);
      R copy;
      std::memcpy(&copy, memory->data + result, sizeof(R));
      impl_free_in_sandbox(result);
      return copy;
    } else {
      return static_cast<R>(
          reinterpret_cast<lowered_result (*)(stand_in::instance_type*, stand_in::lowered_t<P>...)>(
              function)(&sandbox, std::get<N>(lowered)...));
    }
  }

 protected:
  bool impl_create_sandbox(bool infallible = true,
                           const w2c_mem_capacity* custom_capacity = nullptr,
                           const char* instance_name = nullptr) {
    (void)infallible, (void)custom_capacity, (void)instance_name;
    static std::once_flag once;
    std::call_once(once, [] {
      wasm_rt_init();
      minwasi_init();
    });
    minwasi_init_instance(&wasi_env);
    if constexpr (stand_in::imports) {
      find_imports(&STAND_IN_HOST(min_env_memory));
    } else {
      memory = STAND_IN_GUEST(memory)(&sandbox);
      table = STAND_IN_GUEST(0x5F_indirect_function_table)(&sandbox);
    }
    start(&STAND_IN_HOST(instantiate));
    return true;
  }

  void impl_destroy_sandbox() {
    STAND_IN_HOST(free)(&sandbox);
    if constexpr (stand_in::imports) {
      destroy_wasm2c_memory(&own_memory);
      wasm_rt_free_funcref_table(&own_table);
    }
    minwasi_cleanup_instance(&wasi_env);
  }

  template <typename T>
  void* impl_get_unsandboxed_pointer(T_PointerType p) const {
    if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
      return nullptr;
    } else {
      return memory->data + p;
    }
  }

  template <typename T>
  T_PointerType impl_get_sandboxed_pointer(const void* p) const {
    detail::dynamic_check(!std::is_function_v<std::remove_pointer_t<T>>,
                          "the stand-in knows no addresses of functions");
    return static_cast<T_PointerType>(static_cast<const uint8_t*>(p) - memory->data);
  }

  template <typename T>
  static void* impl_get_unsandboxed_pointer_no_ctx(T_PointerType p, const void* example,
                                                   rlbox_wasm2c_sandbox* (*find)(const void*)) {
    return find(example)->template impl_get_unsandboxed_pointer<T>(p);
  }

  template <typename T>
  static T_PointerType impl_get_sandboxed_pointer_no_ctx(
      const void* p, const void* example, rlbox_wasm2c_sandbox* (*find)(const void*)) {
    return find(example)->template impl_get_sandboxed_pointer<T>(p);
  }

  static bool impl_is_in_same_sandbox(const void* p1, const void* p2,
                                      rlbox_wasm2c_sandbox* (*find)(const void*)) {
    return find(p1) == find(p2);
  }

  bool impl_is_pointer_in_sandbox_memory(const void* p) const {
    const auto address = reinterpret_cast<uintptr_t>(p);
    const auto base = reinterpret_cast<uintptr_t>(memory->data);
    return address >= base && address - base < memory->size;
  }

  bool impl_is_pointer_in_app_memory(const void* p) const {
    return !impl_is_pointer_in_sandbox_memory(p);
  }

  std::size_t impl_get_total_memory() const { return static_cast<std::size_t>(memory->size); }

  void* impl_get_memory_location() const { return memory->data; }

  T_PointerType impl_malloc_in_sandbox(std::size_t size) {
    return (&STAND_IN_GUEST(malloc))(&sandbox, static_cast<uint32_t>(size));
  }

  void impl_free_in_sandbox(T_PointerType p) { (&STAND_IN_GUEST(free))(&sandbox, p); }

  template <typename T = void>
  void* impl_lookup_symbol(const char*) {
    rlbox_detail_static_fail_because(detail::true_v<T>, "define RLBOX_USE_STATIC_CALLS()");
    return nullptr;
  }

  template <typename T, typename T_Converted, typename... T_Args>
  auto impl_invoke_with_func_ptr(T_Converted* function, T_Args&&... params) {
    const rlbox_wasm2c_sandbox_thread_data saved = thread_data();
    thread_data().sandbox = this;
    const auto restore = detail::make_scope_exit([&] { thread_data() = saved; });
    return call(function, std::index_sequence_for<T_Args...>(), std::forward<T_Args>(params)...);
  }

  template <typename R, typename... A>
  T_PointerType impl_register_callback(void* key, void* interceptor) {
    static_assert(!(stand_in::by_address<R> || ... || stand_in::by_address<A>),
                  "the stand-in passes no structs to callbacks");
    const wasm_rt_func_type_t type = [] {
      if constexpr (std::is_void_v<R>) {
        return STAND_IN_HOST(get_func_type)(sizeof...(A), 0, stand_in::type_code<A>()...);
      } else {
        return STAND_IN_HOST(get_func_type)(sizeof...(A), 1, stand_in::type_code<A>()...,
                                            stand_in::type_code<R>());
      }
    }();
    for (std::size_t i = 0; i < max_callbacks; ++i) {
      if (callbacks[i].key == nullptr) {
        const wasm_rt_funcref_t function = {
            type,
            trampoline_of<R, A...>(i, std::make_index_sequence<max_callbacks>()),
            {nullptr},
            &sandbox};
        const uint32_t index = wasm_rt_grow_funcref_table(table, 1, function);
        detail::dynamic_check(index != 0xffffffffu, "the table cannot grow");
        callbacks[i] = {key, interceptor, index};
        return index;
      }
    }
    detail::dynamic_check(false, "too many callbacks");
    return 0;
  }

  template <typename R, typename... A>
  void impl_unregister_callback(void* key) {
    for (slot& callback : callbacks) {
      if (callback.key == key) {
        table->data[callback.index] = wasm_rt_funcref_null_value;
        callback = {nullptr, nullptr, 0};
      }
    }
  }

  static std::pair<rlbox_wasm2c_sandbox*, void*> impl_get_executed_callback_sandbox_and_key() {
    rlbox_wasm2c_sandbox* const self = thread_data().sandbox;
    return {self, self->callbacks[thread_data().last_callback_invoked].key};
  }
};

}  // namespace rlbox

#endif
