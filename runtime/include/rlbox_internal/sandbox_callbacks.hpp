#ifndef RLBOX_INTERNAL_SANDBOX_CALLBACKS_HPP_
#define RLBOX_INTERNAL_SANDBOX_CALLBACKS_HPP_
/// \file
/// Members of rlbox_sandbox that hand host functions and host pointers to the sandbox.

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "rlbox_internal/sandbox.hpp"

namespace rlbox {
namespace detail {

template <typename T>
using callback_payload_t = std::conditional_t<std::is_array_v<payload_t<T>>, void, payload_t<T>>;
template <typename T>
using callback_parameter_t = std::conditional_t<std::is_void_v<payload_t<T>>, int, payload_t<T>>;

template <typename T>
inline constexpr bool is_array_payload_v = std::is_array_v<payload_t<T>>;

}  // namespace detail

template <typename T_Sbx>
template <typename T_Ret, typename T_First, typename... T_Args>
auto rlbox_sandbox<T_Sbx>::register_callback(T_Ret (*function)(T_First, T_Args...)) {
  using T_Function = detail::callback_payload_t<T_Ret> (*)(detail::callback_parameter_t<T_Args>...);
  using T_Owner = sandbox_callback<T_Function, T_Sbx>;

  constexpr bool first_ok = std::is_same_v<T_First, rlbox_sandbox&>;
  rlbox_detail_static_fail_because(
      !first_ok,
      "RLBox: the first parameter of a callback must be a reference to the sandbox, as in "
      "void callback(rlbox_sandbox_mylib& sandbox, tainted_mylib<int> value).");
  constexpr bool arrays =
      (detail::is_array_payload_v<T_Args> || ... || false) || detail::is_array_payload_v<T_Ret>;
  rlbox_detail_static_fail_because(
      arrays, "RLBox: a callback cannot take or return arrays by value; use tainted pointers.");
  constexpr bool arguments_ok = (detail::is_callback_value_v<T_Args, T_Sbx> && ... && true);
  rlbox_detail_static_fail_because(!arguments_ok,
                                   "RLBox: every parameter of a callback but the first must be "
                                   "tainted<T> or tainted_opaque<T> of this sandbox "
                                   "type, by value, since the sandbox chooses the values.");
  constexpr bool result_ok = std::is_void_v<T_Ret> || detail::is_callback_value_v<T_Ret, T_Sbx>;
  rlbox_detail_static_fail_because(
      first_ok && !arrays && arguments_ok && !result_ok,
      "RLBox: a callback must return void, tainted<T> or tainted_opaque<T>.");

  if constexpr (first_ok && !arrays && arguments_ok && result_ok) {
    using T_Adapter = detail::callback_adapter<T_Sbx, T_Ret, T_Args...>;
    using T_Result = typename T_Adapter::T_Result;
    detail::dynamic_check(is_created(),
                          "RLBox: register_callback was called on a sandbox that does not exist");
    void* const key = reinterpret_cast<void*>(function);
    const auto unregister = +[](rlbox_sandbox& sandbox, void* old_key) {
      sandbox.template impl_unregister_callback<
          T_Result, detail::convert_to_sandbox_equivalent_t<detail::payload_t<T_Args>, T_Sbx>...>(
          old_key);
    };
    auto* const record = callbacks.get().add(this, key, unregister);
    detail::dynamic_check(
        record != nullptr,
        "RLBox: this function is already registered as a callback of this sandbox");
    auto on_failure = detail::make_scope_exit([&] { callbacks.get().remove(key); });
    const auto trampoline = [&] {
      if constexpr (detail::has_can_register_callback_record<T_Sbx>::value) {
        return this->template impl_register_callback_record<
            &T_Adapter::from_record, T_Result,
            detail::convert_to_sandbox_equivalent_t<detail::payload_t<T_Args>, T_Sbx>...>(key,
                                                                                          record);
      } else {
        return this->template impl_register_callback<
            T_Result, detail::convert_to_sandbox_equivalent_t<detail::payload_t<T_Args>, T_Sbx>...>(
            key, reinterpret_cast<void*>(&T_Adapter::from_executed_callback));
      }
    }();
    on_failure.release();
    return T_Owner(this, reinterpret_cast<T_Function>(key), trampoline, record);
  } else {
    RLBOX_UNUSED(function);
    return T_Owner();
  }
}

template <typename T_Sbx>
template <typename T_Ret>
auto rlbox_sandbox<T_Sbx>::register_callback(T_Ret (*)()) {
  constexpr bool never = detail::false_v<T_Ret>;
  rlbox_detail_static_fail_because(
      !never,
      "RLBox: a callback must take the sandbox as its first parameter, as in "
      "void callback(rlbox_sandbox_mylib& sandbox).");
  return sandbox_callback<detail::callback_payload_t<T_Ret> (*)(), T_Sbx>();
}

template <typename T_Sbx>
void rlbox_sandbox<T_Sbx>::INTERNAL_unregister_callback(void* record) {
  // Owners are cleared when the instance goes away, so the record is live here.
  auto& registration = *static_cast<detail::callback_record<T_Sbx>*>(record);
  void* const key = registration.key;
  // A record that the backend fails to let go stays valid, without an owner.
  registration.owner = nullptr;
  registration.unregister(*this, key);
  callbacks.get().remove(key);
}

template <typename T_Sbx>
void rlbox_sandbox<T_Sbx>::INTERNAL_set_callback_owner(void* record, detail::owner_link* owner) {
  static_cast<detail::callback_record<T_Sbx>*>(record)->owner = owner;
}

template <typename T_Sbx>
rlbox_sandbox<T_Sbx>* rlbox_sandbox<T_Sbx>::INTERNAL_get_executed_callback(void*& key) {
  const auto executed = T_Sbx::impl_get_executed_callback_sandbox_and_key();
  key = executed.second;
  return static_cast<rlbox_sandbox*>(executed.first);
}

template <typename T_Sbx>
template <typename T>
app_pointer<T*, T_Sbx> rlbox_sandbox<T_Sbx>::get_app_pointer(T* ptr) {
  detail::dynamic_check(is_created(),
                        "RLBox: get_app_pointer was called on a sandbox that does not exist");
  constexpr std::uintptr_t most = 4096;
  const std::uintptr_t last = this->impl_get_total_memory() - 1;
  const std::uintptr_t limit = last < most ? last : most;
  void* const address = const_cast<void*>(detail::pointer_to_address(ptr));
  const T_Pointer index =
      app_pointers.get().get_app_pointer_idx(address, detail::app_pointer_tag<T>(), limit);
  auto on_failure = detail::make_scope_exit([&] { app_pointers.get().remove_app_ptr(index); });
  T* const token = get_unsandboxed_pointer<T*>(index);
  detail::dynamic_check(is_pointer_in_sandbox_memory(detail::pointer_to_address(token)),
                        "RLBox: an app pointer's token is not in sandbox memory");
  on_failure.release();
  return app_pointer<T*, T_Sbx>(this, ptr, token, index);
}

template <typename T_Sbx>
template <typename T>
T* rlbox_sandbox<T_Sbx>::lookup_app_ptr(tainted<T*, T_Sbx> token) {
  const void* const address = detail::pointer_to_address(token.INTERNAL_unverified_safe());
  detail::dynamic_check(address != nullptr && is_pointer_in_sandbox_memory(address),
                        "RLBox: an app pointer's token is not in sandbox memory");
  const T_Pointer index = get_sandboxed_pointer<T*>(address);
  return detail::address_to_pointer<T*>(
      app_pointers.get().lookup_index(index, detail::app_pointer_tag<T>()));
}

template <typename T_Sbx>
void rlbox_sandbox<T_Sbx>::INTERNAL_remove_app_pointer(T_Pointer index) {
  app_pointers.get().remove_app_ptr(index);
}

template <typename T_Sbx>
void rlbox_sandbox<T_Sbx>::INTERNAL_set_app_pointer_owner(T_Pointer index,
                                                          detail::owner_link* owner) {
  app_pointers.get().set_owner(index, owner);
}

template <typename T_Sbx>
template <typename T>
tainted<T*, T_Sbx> rlbox_sandbox<T_Sbx>::INTERNAL_grant_access(T* src, std::size_t num,
                                                               bool& success) {
  T* const ptr = this->template impl_grant_access<T>(src, num, success);
  if (!success) {
    return nullptr;
  }
  detail::check_sandbox_pointer_range_is_contained<T_Sbx>(
      ptr, detail::checked_byte_count(num, sizeof(T)));
  return detail::access::make<T*, T_Sbx>(ptr);
}

template <typename T_Sbx>
template <typename T>
T* rlbox_sandbox<T_Sbx>::INTERNAL_deny_access(tainted<T*, T_Sbx> src, std::size_t num,
                                              bool& success) {
  T* const from = src.INTERNAL_unverified_safe();
  if (const std::size_t bytes = detail::checked_byte_count(num, sizeof(T)); bytes != 0) {
    detail::check_sandbox_pointer_range_is_contained<T_Sbx>(from, bytes);
  }
  T* const ptr = this->template impl_deny_access<T>(from, num, success);
  return success ? ptr : nullptr;
}

}  // namespace rlbox

#endif  // RLBOX_INTERNAL_SANDBOX_CALLBACKS_HPP_
