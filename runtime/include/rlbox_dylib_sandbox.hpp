#ifndef RLBOX_DYLIB_SANDBOX_HPP_
#define RLBOX_DYLIB_SANDBOX_HPP_
/// \file
/// `rlbox_dylib_sandbox`: no isolation. The library is a shared object that is loaded when the
/// sandbox is created: `sandbox.create_sandbox("path/to/libmylib.so")`. Functions are looked up by
/// name, so RLBOX_USE_STATIC_CALLS must not be defined.

#include <cstdint>
#include <string>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/host_abi_sandbox.hpp"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace rlbox {

class rlbox_dylib_sandbox;

/// Per-thread state.
struct rlbox_dylib_sandbox_thread_data {
  rlbox_dylib_sandbox* sandbox;         ///< sandbox that this thread executes in
  std::uint32_t last_callback_invoked;  ///< slot of the callback called last
};

#ifdef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
/// Defined by RLBOX_DYLIB_SANDBOX_STATIC_VARIABLES(), in one translation unit.
rlbox_dylib_sandbox_thread_data* get_rlbox_dylib_sandbox_thread_data();
/// Defines the per-thread state, at global scope of one translation unit.
#define RLBOX_DYLIB_SANDBOX_STATIC_VARIABLES()                                                   \
  thread_local ::rlbox::rlbox_dylib_sandbox_thread_data rlbox_dylib_sandbox_thread_info{nullptr, \
                                                                                        0};      \
  namespace rlbox {                                                                              \
  rlbox_dylib_sandbox_thread_data* get_rlbox_dylib_sandbox_thread_data() {                       \
    return &rlbox_dylib_sandbox_thread_info;                                                     \
  }                                                                                              \
  }                                                                                              \
  RLBOX_REQUIRE_SEMI_COLON
#endif

/// Backend without isolation for a library in a shared object.
class rlbox_dylib_sandbox : public detail::host_abi_sandbox<rlbox_dylib_sandbox> {
  friend class detail::host_abi_sandbox<rlbox_dylib_sandbox>;

#ifndef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
  static inline thread_local rlbox_dylib_sandbox_thread_data thread_info{nullptr, 0};
#endif

  static rlbox_dylib_sandbox_thread_data* thread_data() {
#ifdef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
    return get_rlbox_dylib_sandbox_thread_data();
#else
    return &thread_info;
#endif
  }

  void* library = nullptr;

 public:
  /// Addresses that stay in the library are looked up apart from those of calls.
  using needs_internal_lookup_symbol = void;

 protected:
#if defined(_WIN32)
  using T_PathChar = wchar_t;
#else
  using T_PathChar = char;
#endif

  void impl_create_sandbox(const T_PathChar* path) {
#if defined(_WIN32)
    library = reinterpret_cast<void*>(LoadLibraryW(path));
    if (library == nullptr) {
      const std::string message = "RLBox: cannot load the library: error " +
                                  std::to_string(static_cast<unsigned long>(GetLastError()));
      detail::dynamic_check(false, message.c_str());
    }
#else
    library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) {
      const char* const reason = dlerror();
      const std::string message =
          std::string("RLBox: cannot load the library: ") + (reason != nullptr ? reason : path);
      detail::dynamic_check(false, message.c_str());
    }
#endif
  }

  void impl_destroy_sandbox() {
#if defined(_WIN32)
    FreeLibrary(reinterpret_cast<HMODULE>(library));
#else
    dlclose(library);
#endif
    library = nullptr;
  }

  void* impl_lookup_symbol(const char* name) {
#if defined(_WIN32)
    void* const address =
        reinterpret_cast<void*>(GetProcAddress(reinterpret_cast<HMODULE>(library), name));
#else
    void* const address = dlsym(library, name);
#endif
    if (address == nullptr) {
      const std::string message =
          std::string("RLBox: the library does not have a function named ") + name;
      detail::dynamic_check(false, message.c_str());
    }
    return address;
  }

  void* impl_internal_lookup_symbol(const char* name) { return impl_lookup_symbol(name); }
};

}  // namespace rlbox

#endif  // RLBOX_DYLIB_SANDBOX_HPP_
