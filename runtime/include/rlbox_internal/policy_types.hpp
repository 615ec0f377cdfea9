#ifndef RLBOX_INTERNAL_POLICY_TYPES_HPP_
#define RLBOX_INTERNAL_POLICY_TYPES_HPP_
/// \file
/// Types that carry a policy: owners of callbacks and app pointers, and hints.

#include <cstddef>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox {

/// Owns the registration of a host function that the sandbox may call. T is the type of the
/// function pointer as the library sees it. Move only. The registration ends with the owner, so
/// keep the owner for as long as the library may call.
template <typename T, typename T_Sbx>
class [[nodiscard]] sandbox_callback {
  static_assert(detail::is_func_ptr_v<T>, "RLBox: sandbox_callback needs a function-pointer type.");

  using T_Sandboxed = typename T_Sbx::T_PointerType;
  using T_Function = std::conditional_t<detail::is_func_ptr_v<T>, T, void (*)()>;

  detail::owner_link link;
  T_Function function = nullptr;  // what the library would call if it were not sandboxed
  T_Sandboxed trampoline{};       // what the library gets
  void* record = nullptr;         // the sandbox's entry for this registration

  template <typename U>
  friend class rlbox_sandbox;
  template <typename U, typename V>
  friend class tainted_volatile;
  friend struct detail::access;

  sandbox_callback(rlbox_sandbox<T_Sbx>* p_sandbox, T_Function p_function, T_Sandboxed p_trampoline,
                   void* p_record)
      : function(p_function), trampoline(p_trampoline), record(p_record) {
    link.sandbox = p_sandbox;
    adopt();
  }

  void adopt() {
    if (link.sandbox != nullptr) {
      rlbox_sandbox<T_Sbx>::INTERNAL_set_callback_owner(record, &link);
    }
  }

  void take(sandbox_callback& other) {
    link.sandbox = std::exchange(other.link.sandbox, nullptr);
    function = std::exchange(other.function, nullptr);
    trampoline = std::exchange(other.trampoline, T_Sandboxed{});
    record = std::exchange(other.record, nullptr);
    adopt();
  }

 public:
  /// The function-pointer type.
  using payload_type = T;

  /// Owns nothing.
  sandbox_callback() = default;
  sandbox_callback(const sandbox_callback&) = delete;
  sandbox_callback& operator=(const sandbox_callback&) = delete;
  sandbox_callback(sandbox_callback&& other) noexcept { take(other); }
  /// Ends the registration held so far.
  sandbox_callback& operator=(sandbox_callback&& other) noexcept {
    if (this != &other) {
      detail::run_quietly([this] { unregister(); });
      take(other);
    }
    return *this;
  }
  ~sandbox_callback() {
    detail::run_quietly([this] { unregister(); });
  }

  /// Ends the registration. Does nothing if there is none or if the sandbox was destroyed.
  void unregister() {
    void* const owner = std::exchange(link.sandbox, nullptr);
    void* const old_record = std::exchange(record, nullptr);
    function = nullptr;
    trampoline = T_Sandboxed{};
    if (owner != nullptr) {
      static_cast<rlbox_sandbox<T_Sbx>*>(owner)->INTERNAL_unregister_callback(old_record);
    }
  }

  /// True if no callback is registered through this object.
  bool is_unregistered() const { return link.sandbox == nullptr; }

  /// The host function. Its type is the library's view of it; do not call it through this pointer.
  T_Function UNSAFE_unverified() const { return function; }
  T_Function INTERNAL_unverified_safe() const { return function; }

  /// What the library gets: a slot or trampoline.
  T_Sandboxed UNSAFE_sandboxed(rlbox_sandbox<T_Sbx>&) const { return trampoline; }
};

/// Owns a token that stands for the application pointer T (a T_Pointee*) inside the sandbox. Move
/// only; the token is invalid once the owner is gone.
template <typename T, typename T_Sbx>
class [[nodiscard]] app_pointer {
  static_assert(std::is_pointer_v<T>, "RLBox: app_pointer needs a pointer type.");

  using T_Sandboxed = typename T_Sbx::T_PointerType;

  detail::owner_link link;
  T pointer = nullptr;  // the application's object
  T token = nullptr;    // the address in the sandbox that stands for it
  T_Sandboxed index{};

  template <typename U>
  friend class rlbox_sandbox;

  app_pointer(rlbox_sandbox<T_Sbx>* p_sandbox, T p_pointer, T p_token, T_Sandboxed p_index)
      : pointer(p_pointer), token(p_token), index(p_index) {
    link.sandbox = p_sandbox;
    adopt();
  }

  void adopt() {
    if (link.sandbox != nullptr) {
      static_cast<rlbox_sandbox<T_Sbx>*>(link.sandbox)
          ->INTERNAL_set_app_pointer_owner(index, &link);
    }
  }

  void take(app_pointer& other) {
    link.sandbox = std::exchange(other.link.sandbox, nullptr);
    pointer = std::exchange(other.pointer, nullptr);
    token = std::exchange(other.token, nullptr);
    index = std::exchange(other.index, T_Sandboxed{});
    adopt();
  }

 public:
  /// The pointer type.
  using payload_type = T;

  /// Owns nothing.
  app_pointer() = default;
  app_pointer(const app_pointer&) = delete;
  app_pointer& operator=(const app_pointer&) = delete;
  app_pointer(app_pointer&& other) noexcept { take(other); }
  /// Removes the mapping held so far.
  app_pointer& operator=(app_pointer&& other) noexcept {
    if (this != &other) {
      detail::run_quietly([this] { unregister(); });
      take(other);
    }
    return *this;
  }
  ~app_pointer() {
    detail::run_quietly([this] { unregister(); });
  }

  /// Removes the mapping. Does nothing if there is none or if the sandbox was destroyed.
  void unregister() {
    void* const owner = std::exchange(link.sandbox, nullptr);
    const T_Sandboxed old_index = std::exchange(index, T_Sandboxed{});
    pointer = nullptr;
    token = nullptr;
    if (owner != nullptr) {
      static_cast<rlbox_sandbox<T_Sbx>*>(owner)->INTERNAL_remove_app_pointer(old_index);
    }
  }

  /// True if no pointer is registered through this object.
  bool is_unregistered() const { return link.sandbox == nullptr; }

  /// The token as a tainted pointer, to pass to the library or to store in sandbox memory.
  tainted<T, T_Sbx> to_tainted() const { return detail::access::make<T, T_Sbx>(token); }

  /// The application's pointer.
  T UNSAFE_unverified() const { return pointer; }
  T INTERNAL_unverified_safe() const { return pointer; }

  /// The token in sandbox representation.
  T_Sandboxed UNSAFE_sandboxed(rlbox_sandbox<T_Sbx>&) const { return index; }
};

namespace detail {
template <typename U>
U refuse_hint() {
  static_assert(
      false_v<U>,
      "RLBox: a hint was computed from sandbox memory, which may change after the check, so it "
      "cannot be used as a plain value. Copy the operands to tainted variables first and verify "
      "those, or use unverified_safe_because(\"reason\").");
  return U{};
}
}  // namespace detail

/// A bool computed from sandbox memory that may change at any time: good as a hint, never as a
/// security decision.
class tainted_boolean_hint {
  bool val;

 public:
  /// A hint that holds `init`.
  tainted_boolean_hint(bool init) : val(init) {}
  tainted_boolean_hint(const tainted_boolean_hint&) = default;
  tainted_boolean_hint& operator=(const tainted_boolean_hint&) = default;
  tainted_boolean_hint& operator=(bool rhs) {
    val = rhs;
    return *this;
  }
  /// The opposite, a hint as well.
  tainted_boolean_hint operator!() const { return tainted_boolean_hint(!val); }

  /// The value, with the reason why it need not be verified.
  template <std::size_t N>
  bool unverified_safe_because(const char (&reason)[N]) const {
    RLBOX_UNUSED(reason);
    return val;
  }
  /// Not available, but for the advice.
  template <typename U, RLBOX_ENABLE_IF(std::is_same_v<U, bool>)>
  explicit operator U() const {
    return detail::refuse_hint<U>();
  }
  /// The value, unverified.
  bool UNSAFE_unverified() const { return val; }
  bool INTERNAL_unverified_safe() const { return val; }

  /// Not available: the operands may change between the check and the use of its result.
  template <typename... T_Args>
  bool copy_and_verify(T_Args&&...) const {
    constexpr bool never = detail::false_v<T_Args...>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: a hint was computed from sandbox memory, which may change after the check, so it "
        "cannot "
        "be verified. Copy the operands to tainted variables first and compare those, or use "
        "unverified_safe_because(\"reason\").");
    return false;
  }
};

/// An int computed from sandbox memory that may change at any time.
class tainted_int_hint {
  int val;

 public:
  /// A hint that holds `init`.
  tainted_int_hint(int init) : val(init) {}
  tainted_int_hint(const tainted_int_hint&) = default;
  tainted_int_hint& operator=(const tainted_int_hint&) = default;
  tainted_int_hint& operator=(int rhs) {
    val = rhs;
    return *this;
  }
  /// Whether it is zero, a hint as well.
  tainted_boolean_hint operator!() const { return tainted_boolean_hint(val == 0); }

  /// The value, with the reason why it need not be verified.
  template <std::size_t N>
  int unverified_safe_because(const char (&reason)[N]) const {
    RLBOX_UNUSED(reason);
    return val;
  }
  /// Not available, but for the advice.
  template <typename U, RLBOX_ENABLE_IF(std::is_arithmetic_v<U>)>
  explicit operator U() const {
    return detail::refuse_hint<U>();
  }
  /// The value, unverified.
  int UNSAFE_unverified() const { return val; }
  int INTERNAL_unverified_safe() const { return val; }

  /// Not available: the operands may change between the check and the use of its result.
  template <typename... T_Args>
  int copy_and_verify(T_Args&&...) const {
    constexpr bool never = detail::false_v<T_Args...>;
    rlbox_detail_static_fail_because(
        !never,
        "RLBox: a hint was computed from sandbox memory, which may change after the check, so it "
        "cannot "
        "be verified. Copy the operands to application memory first and compare those, or use "
        "unverified_safe_because(\"reason\").");
    return 0;
  }
};

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_POLICY_TYPES_HPP_
