#ifndef RLBOX_NOOP_SANDBOX_HPP_
#define RLBOX_NOOP_SANDBOX_HPP_
/// \file
/// `rlbox_noop_sandbox`: no isolation. The library is linked into the application and called
/// directly; only the type checks of RLBox apply. Needs
/// `#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol` before the first RLBox
/// header.

#include <cstdint>

#include "rlbox_helpers.hpp"
#include "rlbox_wasm2c_options.hpp"
#include "rlbox_internal/host_abi_sandbox.hpp"

namespace rlbox {

class rlbox_noop_sandbox;

/// Per-thread state.
struct rlbox_noop_sandbox_thread_data {
  rlbox_noop_sandbox* sandbox;          ///< sandbox that this thread executes in
  std::uint32_t last_callback_invoked;  ///< slot of the callback called last
};

#ifdef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
/// Defined by RLBOX_NOOP_SANDBOX_STATIC_VARIABLES(), in one translation unit.
rlbox_noop_sandbox_thread_data* get_rlbox_noop_sandbox_thread_data();
/// Defines the per-thread state, at global scope of one translation unit.
#define RLBOX_NOOP_SANDBOX_STATIC_VARIABLES()                                                      \
  thread_local ::rlbox::rlbox_noop_sandbox_thread_data rlbox_noop_sandbox_thread_info{nullptr, 0}; \
  namespace rlbox {                                                                                \
  rlbox_noop_sandbox_thread_data* get_rlbox_noop_sandbox_thread_data() {                           \
    return &rlbox_noop_sandbox_thread_info;                                                        \
  }                                                                                                \
  }                                                                                                \
  RLBOX_REQUIRE_SEMI_COLON
#endif

/// Backend without isolation for a library that is linked in. What an application asks of a wasm2c
/// sandbox compiles, so that one source serves both backends; see `impl_create_sandbox`.
class rlbox_noop_sandbox : public detail::host_abi_sandbox<rlbox_noop_sandbox> {
  friend class detail::host_abi_sandbox<rlbox_noop_sandbox>;

#ifndef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
  static inline thread_local rlbox_noop_sandbox_thread_data thread_info{nullptr, 0};
#endif

  static rlbox_noop_sandbox_thread_data* thread_data() {
#ifdef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
    return get_rlbox_noop_sandbox_thread_data();
#else
    return &thread_info;
#endif
  }

 public:
  /// False: there are no traps. A fault, abort() or exit() of the library ends the application.
  bool has_trapped() const { return false; }
  /// RLBOX_WASM2C_TRAP_NONE.
  rlbox_wasm2c_trap_reason trap_reason() const { return RLBOX_WASM2C_TRAP_NONE; }
  /// Empty.
  const char* trap_message() const { return ""; }
  /// 0: there is no limit.
  std::uint32_t memory_limit_hits() const { return 0; }
  /// Does nothing, and returns false: the library cannot be stopped.
  bool interrupt() { return false; }

 protected:
  void impl_create_sandbox() {}
  /// The options of a wasm2c sandbox, none of which has an effect: the library has no limit of
  /// memory, time and output, it has the application's streams, arguments, environment and files,
  /// and its faults are the application's.
  bool impl_create_sandbox(const rlbox_wasm2c_options&) { return true; }
  void impl_destroy_sandbox() {}

  template <typename T = void>
  void* impl_lookup_symbol(const char*) {
    constexpr bool never = detail::false_v<T>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: the noop sandbox calls functions directly. Add this line before the first RLBox "
        "header: "
        "#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol");
    return nullptr;
  }
};

/// The same backend for the library that T_Module describes, a class that `<module>.rlbox.h` has:
/// each library has a sandbox type of its own, as with wasm2c, and calls by name.
template <typename T_Module>
class rlbox_noop_module_sandbox : public rlbox_noop_sandbox {
 public:
  /// Has the calls by name.
  using rlbox_named_type = T_Module;
};

}  // namespace rlbox

/// Lookup macro for RLBOX_USE_STATIC_CALLS().
#define rlbox_noop_sandbox_lookup_symbol(func_name) reinterpret_cast<void*>(&func_name)

#endif  // RLBOX_NOOP_SANDBOX_HPP_
