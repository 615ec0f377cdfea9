#ifndef RLBOX_HELPERS_HPP_
#define RLBOX_HELPERS_HPP_
/// \file
/// Checks, diagnostics, locks and small utilities. This is the only framework header that a
/// backend (plugin) needs, and it may be included alone.
///
/// Configuration macros are read when this header is first included:
///   RLBOX_USE_EXCEPTIONS, RLBOX_CUSTOM_ABORT, RLBOX_NO_COMPILE_CHECKS,
///   RLBOX_ENABLE_DEBUG_ASSERTIONS, RLBOX_USE_CUSTOM_SHARED_LOCK.
///
/// Optional members through which a backend tells the framework what it can do, beside
/// `can_grant_deny_access` and `needs_internal_lookup_symbol`:
///
///   using can_register_callback_record = void;
///     Callbacks are registered with
///       template<auto Interceptor, typename R, typename... A>
///       T_PointerType impl_register_callback_record(void* key, void* record);
///     where Interceptor is an R (*)(void* record, A...) and the backend passes `record` back as
///     its first argument. The backend then needs neither thread-local state nor
///     impl_get_executed_callback_sandbox_and_key, and the compiler sees through the call. `record`
///     stays valid until impl_unregister_callback<R, A...>(key) returns.
///
///   using rlbox_module_type = descriptor;
///     Lookup macros may yield a generic callable; it is called with `rlbox_module_type{}` and
///     returns a typed pointer to the generated function, whose prototype the framework compares
///     with the application's declaration (rlbox_internal/prototype.hpp).
///
///   using rlbox_named_type = descriptor;
///     `descriptor::rlbox_calls<T>` is a class that derives from the backend T and has calls of the
///     library's functions by name (rlbox_internal/named_calls.hpp).
///
///   using rlbox_typed_invoke = void;
///     impl_invoke_with_func_ptr<T>(fn, params...) receives that typed pointer unchanged. Scalar
///     parameters arrive in sandbox representation, already as wide as the generated prototype
///     asks for; a scalar result may be returned as the generated function returned it.
///
///   using can_check_ranges = void;
///     `static bool impl_is_range_in_sandbox_memory(const void* first, std::size_t bytes)` is true
///     if these bytes (one at least) are all in the memory, as large as it is now, of one live
///     sandbox. The framework asks before each access to sandbox memory. Without this member the
///     framework asks impl_is_in_same_sandbox for the first and the last byte.
///
///   using can_measure_room = void;
///     `static std::size_t impl_room_in_sandbox_memory(const void* p)` is how many bytes of memory,
///     as large as it is now, a live sandbox has from `p` on; 0 if `p` is in none. The framework
///     then looks for the end of a string in one step.
///
///   using in_place_view = a class;
///     Nothing but a call into the sandbox changes the sandbox's memory, and no call begins while
///     an object of this class lives, which is made with an address in the memory. Its member
///     `close()` fails a check if a call has begun all the same. Verifiers then look at the memory
///     in place (verify_string_in_place, verify_range_in_place); without this member they get a
///     copy.
///
///   using can_refuse_destruction = void;
///     `bool impl_can_destroy_sandbox()` is false while code of the sandbox is on the stack of a
///     thread, as in a callback. destroy_sandbox then fails a check and changes nothing.
///
///   using can_survive_accesses = void;
///     `static bool impl_survives_access(const void* pointer)` is asked before an access through a
///     tainted pointer to a place that is not memory of a sandbox, or is not aligned, fails a
///     check. True: the access is made all the same, close below `pointer`, and is harmless there.
///
/// A backend that puts structs (arguments, results of callbacks) into sandbox memory itself does so
/// with `detail::store_in_sandbox(to, value)`, never with memcpy.

#if __cplusplus < 201703L && !(defined(_MSVC_LANG) && _MSVC_LANG >= 201703L)
#error \
    "RLBox needs C++17: build with --cxxopt=-std=c++17, or give the target that includes this copts = [\"-std=c++17\"]"
#endif

#include <cfloat>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

#include "rlbox_internal/diagnose.hpp"
#include "rlbox_internal/enum.hpp"

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define RLBOX_DETAIL_COMPILER_HAS_EXCEPTIONS 1
#else
#define RLBOX_DETAIL_COMPILER_HAS_EXCEPTIONS 0
#endif

/// 1 if failed checks throw std::runtime_error.
#if defined(RLBOX_USE_EXCEPTIONS) && RLBOX_DETAIL_COMPILER_HAS_EXCEPTIONS
#define RLBOX_DETAIL_THROWS 1
#include <stdexcept>
#else
#define RLBOX_DETAIL_THROWS 0
#endif

#if defined(__GNUC__) || defined(__clang__)
/// Inlined even without optimisation: transitions are hot in debug builds as well.
#define RLBOX_DETAIL_ALWAYS_INLINE [[gnu::always_inline]] inline
#define RLBOX_DETAIL_COLD [[gnu::cold, gnu::noinline]]
/// The same for lambdas, between parameters and body.
#define RLBOX_DETAIL_ALWAYS_INLINE_LAMBDA __attribute__((always_inline))
#else
#define RLBOX_DETAIL_ALWAYS_INLINE inline
#define RLBOX_DETAIL_COLD
#define RLBOX_DETAIL_ALWAYS_INLINE_LAMBDA
#endif

/// Optimised in debug builds as well. Without the attribute a call costs twenty times as much
/// there, mostly for copying arguments between functions that are inlined anyway.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPTIMIZE__)
#define RLBOX_DETAIL_OPTIMISE [[gnu::optimize("O2")]]
#else
#define RLBOX_DETAIL_OPTIMISE
#endif

namespace rlbox::detail {

/// Exit code that helper programs of a compile-fail test may use.
constexpr int CompileErrorCode = 42;

/// Dependent constants for diagnostics in discarded branches.
template <typename... T>
inline constexpr bool true_v = true;
template <typename... T>
inline constexpr bool false_v = false;

/// Reports a failed check: exception, custom handler, or message and abort, in this order.
/// A custom handler must not return; if it does, execution continues after the failed check.
RLBOX_DETAIL_COLD inline void dynamic_check_failed(const char* msg) {
#if RLBOX_DETAIL_THROWS
  throw std::runtime_error(msg);
#elif defined(RLBOX_CUSTOM_ABORT)
  RLBOX_CUSTOM_ABORT(msg);
#else
  std::fprintf(stderr, "%s\n", msg);
  std::abort();
#endif
}

/// Runtime check of the framework and of its plugins: does nothing if `ok`.
RLBOX_DETAIL_ALWAYS_INLINE void dynamic_check(bool ok, const char* msg) {
  if (!ok) {
    dynamic_check_failed(msg);
  }
}

/// Ends the program where going on would be unsafe and an exception cannot get out.
[[noreturn]] RLBOX_DETAIL_COLD inline void end_program(const char* msg) {
#if !RLBOX_DETAIL_THROWS
  dynamic_check_failed(msg);
#else
  std::fprintf(stderr, "%s\n", msg);
#endif
  std::abort();
}

/// Runs `action`, which may reach the library, in a destructor, where no exception may get out. A
/// sandbox that trapped in `action` keeps the report.
template <typename T_Action>
void run_quietly(T_Action&& action) noexcept {
#if RLBOX_DETAIL_COMPILER_HAS_EXCEPTIONS
  try {
    action();
  } catch (...) {
    // There is nobody to tell.
  }
#else
  action();
#endif
}

#ifdef RLBOX_NO_COMPILE_CHECKS
/// Run-time form of a compile-time diagnosis; for test suites only.
inline void compile_check_failed(bool failed, const char* msg) {
  if (failed) {
#if RLBOX_DETAIL_THROWS
    throw std::runtime_error(msg);
#else
    std::fprintf(stderr, "%s\n", msg);
    std::abort();
#endif
  }
}
#endif

}  // namespace rlbox::detail

// ---------------------------------------------------------------------------------------------
// Macros for the framework, plugins and user code
// ---------------------------------------------------------------------------------------------

/// Marks a variable or expression as intentionally unused.
#define RLBOX_UNUSED(...) static_cast<void>(__VA_ARGS__)

/// Makes a macro need a semicolon after it, at namespace, class and block scope.
#define RLBOX_REQUIRE_SEMI_COLON static_assert(true, "")

/// Constrains a template: `template<typename T, RLBOX_ENABLE_IF(std::is_class_v<T>)>`.
#define RLBOX_ENABLE_IF(...) ::std::enable_if_t<(__VA_ARGS__)>* = nullptr

/// Internal consistency check, active with RLBOX_ENABLE_DEBUG_ASSERTIONS.
#ifdef RLBOX_ENABLE_DEBUG_ASSERTIONS
#define RLBOX_DEBUG_ASSERT(...) \
  ::rlbox::detail::dynamic_check((__VA_ARGS__), "RLBox: internal assertion failed: " #__VA_ARGS__)
#else
#define RLBOX_DEBUG_ASSERT(...) RLBOX_REQUIRE_SEMI_COLON
#endif

// ---------------------------------------------------------------------------------------------
// Locks
// ---------------------------------------------------------------------------------------------

#ifdef RLBOX_USE_CUSTOM_SHARED_LOCK
#if !defined(RLBOX_SHARED_LOCK) || !defined(RLBOX_ACQUIRE_SHARED_GUARD) || \
    !defined(RLBOX_ACQUIRE_UNIQUE_GUARD)
#error \
    "RLBOX_USE_CUSTOM_SHARED_LOCK needs RLBOX_SHARED_LOCK(name), RLBOX_ACQUIRE_SHARED_GUARD(name, lock) and RLBOX_ACQUIRE_UNIQUE_GUARD(name, lock)."
#endif
#else
#include <mutex>
#include <shared_mutex>
/// Declares a lock object; usable after `static inline` and `mutable`.
#define RLBOX_SHARED_LOCK(name) ::std::shared_timed_mutex name
/// Holds `lock` for reading until the end of the block.
#define RLBOX_ACQUIRE_SHARED_GUARD(name, ...) \
  ::std::shared_lock<::std::shared_timed_mutex> name(__VA_ARGS__)
/// Holds `lock` for writing until the end of the block.
#define RLBOX_ACQUIRE_UNIQUE_GUARD(name, ...) \
  ::std::unique_lock<::std::shared_timed_mutex> name(__VA_ARGS__)
#endif

// ---------------------------------------------------------------------------------------------
// Utilities
// ---------------------------------------------------------------------------------------------

namespace rlbox::detail {

/// Runs a callable when the scope is left, also when unwinding, unless released.
template <typename T_Func>
class [[nodiscard]] scope_exit {
  T_Func func;
  bool active = true;

 public:
  explicit scope_exit(T_Func&& f) : func(std::forward<T_Func>(f)) {}
  scope_exit(scope_exit&& rhs)
      : func(std::move(rhs.func)), active(std::exchange(rhs.active, false)) {}
  scope_exit(const scope_exit&) = delete;
  scope_exit& operator=(const scope_exit&) = delete;
  scope_exit& operator=(scope_exit&&) = delete;
  ~scope_exit() {
    if (active) {
      func();
    }
  }
  /// The callable will not run.
  void release() { active = false; }
};

/// Makes a scope_exit of a lambda.
template <typename T_Func>
[[nodiscard]] scope_exit<std::decay_t<T_Func>> make_scope_exit(T_Func&& f) {
  return scope_exit<std::decay_t<T_Func>>(std::forward<T_Func>(f));
}

template <typename T_Func, std::size_t... I>
constexpr void compile_time_for_impl(T_Func& f, std::index_sequence<I...>) {
  (static_cast<void>(f(std::integral_constant<std::size_t, I>{})), ...);
}

/// Calls `f(integral_constant<size_t, I>{})` for I = 0 .. N-1.
template <std::size_t N, typename T_Func>
constexpr void compile_time_for(T_Func&& f) {
  compile_time_for_impl(f, std::make_index_sequence<N>{});
}

/// Drops `volatile` from the pointee.
template <typename T>
constexpr auto remove_volatile_from_ptr_cast(T* ptr) {
  return const_cast<std::remove_volatile_t<T>*>(ptr);
}

/// Returns the result of `first()`, running `second()` afterwards, also when unwinding.
template <typename T_First, typename T_Second>
auto return_first_result(T_First&& first, T_Second&& second) {
  auto on_exit = make_scope_exit(std::forward<T_Second>(second));
  return first();
}

// ---- what a backend may ask about a sandbox struct ----

/// The types of a registered struct's fields, in order. The layout types that
/// `rlbox_load_structs_from_library` generates carry one as `rlbox_field_types`.
template <typename... T_Fields>
struct field_list {
  static constexpr std::size_t size = sizeof...(T_Fields);
};

template <typename T, typename T_Enable = void>
struct single_scalar {
  using type = std::conditional_t<std::is_class_v<T> || std::is_array_v<T>, void, T>;
};
template <typename T>
struct single_scalar<T[1]> : single_scalar<T> {};
template <typename T>
struct single_scalar_of_list {
  using type = void;
};
template <typename T>
struct single_scalar_of_list<field_list<T>> : single_scalar<T> {};
template <typename T>
struct single_scalar<T, std::void_t<typename T::rlbox_field_types>>
    : single_scalar_of_list<typename T::rlbox_field_types> {};

/// For a sandbox struct (layout type) that holds exactly one scalar, directly, in nested structs
/// or in arrays of one element: the type of that scalar, in sandbox representation. Otherwise
/// `void`. The C ABI of WebAssembly passes such structs as the scalar itself.
template <typename T>
using single_scalar_t = typename single_scalar<std::remove_cv_t<T>>::type;

/// True for the bytes of a sandbox struct that are no fields (rlbox_internal/struct_support.hpp).
template <typename T, typename T_Enable = void>
inline constexpr bool is_opaque_layout_v = false;
template <typename T>
inline constexpr bool is_opaque_layout_v<T, std::void_t<typename T::rlbox_opaque_layout>> = true;

/// Bytes that the value of a scalar takes. The 80-bit long double of x86 is the only type with
/// padding of its own.
template <typename T>
inline constexpr std::size_t value_size_v = std::is_same_v<std::remove_cv_t<T>, long double> &&
                                                    LDBL_MANT_DIG == 64 && sizeof(long double) > 10
                                                ? 10
                                                : sizeof(T);

/// Writes a value in sandbox representation (a scalar, a layout struct, or an array of them) to
/// `to`, which is sandbox memory of any alignment with room for sizeof(value) bytes.
///
/// Every struct that gets into a sandbox goes through this function, which writes the fields and
/// keeps the sandbox's bytes between the fields. The padding of a C++ object holds whatever was on
/// the stack before, addresses included, however the object was initialised. A memcpy of the whole
/// object would show the stack's bytes to the library.
///
/// With_Bytes = false leaves the bytes of the sandbox's struct that are no fields as they are.
template <bool With_Bytes = true, typename T>
RLBOX_DETAIL_ALWAYS_INLINE void store_in_sandbox(void* to, const T& value) {
  auto* const bytes = static_cast<unsigned char*>(to);
  using T_Element = std::remove_cv_t<std::remove_all_extents_t<T>>;
  if constexpr (std::is_array_v<T> &&
                (std::is_class_v<T_Element> || value_size_v<T_Element> != sizeof(T_Element))) {
    std::size_t offset = 0;
    for (const auto& element : value) {
      store_in_sandbox<With_Bytes>(bytes + offset, element);
      offset += sizeof(element);
    }
  } else if constexpr (is_opaque_layout_v<T_Element>) {
    if constexpr (With_Bytes) std::memcpy(to, &value, sizeof(value));
  } else if constexpr (std::is_class_v<T_Element>) {
    const auto* const start = reinterpret_cast<const unsigned char*>(&value);
    T::rlbox_each(
        [bytes, start](const auto& field) {
          store_in_sandbox<With_Bytes>(
              bytes + (reinterpret_cast<const unsigned char*>(&field) - start), field);
        },
        value);
  } else if constexpr (std::is_array_v<T>) {
    std::memcpy(to, &value, sizeof(value));
  } else {
    static_assert(std::is_scalar_v<T_Element>);
    std::memcpy(to, &value, value_size_v<T>);
  }
}

}  // namespace rlbox::detail

// At the end: it looks at macros from above.
#include "rlbox_internal/settings.hpp"

#endif  // RLBOX_HELPERS_HPP_
