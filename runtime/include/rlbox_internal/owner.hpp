#ifndef RLBOX_INTERNAL_OWNER_HPP_
#define RLBOX_INTERNAL_OWNER_HPP_
/// \file
/// Owners of sandbox memory: the counterpart of std::unique_ptr, and strings made in the sandbox.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/sandbox.hpp"
#include "rlbox_internal/stdlib.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_volatile.hpp"
#include "rlbox_types.hpp"

namespace rlbox {

/// Owns memory in a sandbox and frees it there. T is the type of the elements. Move only.
///
/// The sandbox object must outlive the owner; its instance need not: once the sandbox was
/// destroyed, also if it was created again, the owner frees nothing.
///
/// No exception gets out of the owner when it frees: a sandbox whose free trapped says so
/// (has_trapped() of the wasm2c backend).
template <typename T, typename T_Sbx>
class [[nodiscard]] sandbox_unique_ptr {
  rlbox_sandbox<T_Sbx>* sandbox = nullptr;
  std::uint64_t instance = 0;
  tainted<T*, T_Sbx> pointer = nullptr;

 public:
  /// Type of the elements.
  using element_type = T;

  /// Owns nothing.
  sandbox_unique_ptr() = default;

  /// Takes over memory that was allocated in this sandbox, or null.
  sandbox_unique_ptr(rlbox_sandbox<T_Sbx>& p_sandbox, tainted<T*, T_Sbx> p_pointer)
      : sandbox(&p_sandbox), instance(p_sandbox.INTERNAL_instance()), pointer(p_pointer) {}

  sandbox_unique_ptr(const sandbox_unique_ptr&) = delete;
  sandbox_unique_ptr& operator=(const sandbox_unique_ptr&) = delete;
  sandbox_unique_ptr(sandbox_unique_ptr&& other) noexcept
      : sandbox(other.sandbox), instance(other.instance), pointer(other.release()) {}
  /// Frees what was held so far.
  sandbox_unique_ptr& operator=(sandbox_unique_ptr&& other) noexcept {
    if (this != &other) {
      reset();
      sandbox = other.sandbox;
      instance = other.instance;
      pointer = other.release();
    }
    return *this;
  }
  ~sandbox_unique_ptr() { reset(); }

  /// Frees the memory, if any. Does nothing if the sandbox was destroyed since.
  void reset() noexcept {
    const tainted<T*, T_Sbx> old = release();
    if (old != nullptr && sandbox->INTERNAL_instance() == instance) {
      detail::run_quietly([&] { sandbox->free_in_sandbox(old); });
    }
  }

  /// Gives the memory up without freeing it.
  tainted<T*, T_Sbx> release() noexcept {
    return std::exchange(pointer, tainted<T*, T_Sbx>(nullptr));
  }

  /// The pointer, to pass to the library; still owned here.
  tainted<T*, T_Sbx> get() const { return pointer; }

  /// True if it owns memory.
  explicit operator bool() const { return pointer != nullptr; }

  /// What is owned, in sandbox memory. Null fails a check.
  auto& operator*() const { return *pointer; }
  /// As through the tainted pointer.
  auto* operator->() const {
    tainted<T*, T_Sbx> p = pointer;
    return p.operator->();
  }
  /// Element of an array of them, checked to be in the sandbox.
  template <typename T_Index>
  auto& operator[](const T_Index& index) const {
    tainted<T*, T_Sbx> p = pointer;
    return p[index];
  }
};

/// Allocates `count` (default 1, not 0) objects of type T in the sandbox. The owner is empty if the
/// sandbox is exhausted or was destroyed.
template <typename T, typename T_Sbx>
sandbox_unique_ptr<T, T_Sbx> make_sandbox_unique(rlbox_sandbox<T_Sbx>& sandbox,
                                                 std::size_t count = 1) {
  return sandbox_unique_ptr<T, T_Sbx>(sandbox, sandbox.template malloc_in_sandbox<T>(count));
}

/// Copies a string into new sandbox memory, with a terminating zero. The owner is empty if the
/// sandbox is exhausted or was destroyed.
template <typename T_Sbx>
sandbox_unique_ptr<char, T_Sbx> make_sandbox_string(rlbox_sandbox<T_Sbx>& sandbox,
                                                    std::string_view text) {
  auto owner = make_sandbox_unique<char>(sandbox, text.size() + 1);
  if (owner) {
    rlbox::memcpy(sandbox, owner.get(), text.data(), text.size());
    rlbox::memset(sandbox, owner.get() + text.size(), 0, 1);
  }
  return owner;
}

/// The same for a C string; a null pointer gives an empty owner, whose get() is null.
template <typename T_Sbx>
sandbox_unique_ptr<char, T_Sbx> make_sandbox_string(rlbox_sandbox<T_Sbx>& sandbox,
                                                    const char* text) {
  return text == nullptr ? sandbox_unique_ptr<char, T_Sbx>()
                         : make_sandbox_string(sandbox, std::string_view(text));
}

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_OWNER_HPP_
