#ifndef RLBOX_INTERNAL_CALLBACK_SUPPORT_HPP_
#define RLBOX_INTERNAL_CALLBACK_SUPPORT_HPP_
/// \file
/// Registration of callbacks, and the functions that stand between the sandbox and the host's
/// callback functions.

#include <memory>
#include <type_traits>
#include <utility>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/invoke.hpp"
#include "rlbox_internal/keyed_nodes.hpp"
#include "rlbox_internal/transition.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

/// One registration, under the address of the host function. Backends with
/// can_register_callback_record get the record's address.
template <typename T_Sbx>
struct callback_record : keyed_node {
  rlbox_sandbox<T_Sbx>* sandbox = nullptr;
  void (*unregister)(rlbox_sandbox<T_Sbx>& sandbox, void* key) = nullptr;  // tells the backend
  owner_link* owner = nullptr;  // the sandbox_callback's link
};

/// The registrations of one sandbox. Addresses of records are stable. The memory of the last
/// removed record is kept for the next one, so that registration in a loop does not allocate.
template <typename T_Sbx>
class callback_registry {
  using T_Record = callback_record<T_Sbx>;
  keyed_nodes records;
  std::unique_ptr<T_Record> spare;
  RLBOX_SHARED_LOCK(lock);

 public:
  callback_registry() = default;
  callback_registry(const callback_registry&) = delete;
  callback_registry& operator=(const callback_registry&) = delete;
  ~callback_registry() {
    while (keyed_node* const node = records.take_any()) {
      delete static_cast<T_Record*>(node);
    }
  }

  /// A new record for a function; null if the function is registered already.
  T_Record* add(rlbox_sandbox<T_Sbx>* sandbox, void* key,
                void (*unregister)(rlbox_sandbox<T_Sbx>& sandbox, void* key)) {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    if (records.find(key) != nullptr) {
      return nullptr;
    }
    auto record = spare != nullptr ? std::move(spare) : std::make_unique<T_Record>();
    record->key = key;
    record->sandbox = sandbox;
    record->unregister = unregister;
    record->owner = nullptr;
    records.insert(record.get());
    return record.release();
  }

  void remove(void* key) {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    if (keyed_node* const node = records.remove(key); node != nullptr) {
      spare.reset(static_cast<T_Record*>(node));
    }
  }

  /// Removes and returns any registration; null if there is none.
  std::unique_ptr<T_Record> take_any() {
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
    return std::unique_ptr<T_Record>(static_cast<T_Record*>(records.take_any()));
  }
};

/// The parameter or result types of a callback, unwrapped; `valid` if tainted or tainted_opaque.
template <typename T, typename T_Sbx>
inline constexpr bool is_callback_value_v =
    (rlbox_is_tainted_v<T> || rlbox_is_tainted_opaque_v<T>) &&
    std::is_same_v<wrapper_sandbox_t<T>, T_Sbx>;

/// Calls the host function of type T_Ret(*)(rlbox_sandbox<T_Sbx>&, T_Args...) with what the sandbox
/// passed. T_Args and T_Ret are tainted or tainted_opaque; T_Ret may be void.
template <typename T_Sbx, typename T_Ret, typename... T_Args>
struct callback_adapter {
  using T_Sandbox = rlbox_sandbox<T_Sbx>;
  using T_Function = T_Ret (*)(T_Sandbox&, T_Args...);
  using T_Result = convert_to_sandbox_equivalent_t<payload_t<T_Ret>, T_Sbx>;

  template <typename T_Arg, typename T_Value>
  RLBOX_DETAIL_ALWAYS_INLINE static auto raise_argument(T_Sandbox& sandbox, const T_Value& value) {
    if constexpr (rlbox_is_tainted_opaque_v<T_Arg>) {
      return raise_value<payload_t<T_Arg>, T_Sbx>(sandbox, value).to_opaque();
    } else {
      return raise_value<payload_t<T_Arg>, T_Sbx>(sandbox, value);
    }
  }

  RLBOX_DETAIL_ALWAYS_INLINE static T_Result run(
      T_Sandbox& sandbox, void* key,
      const convert_to_sandbox_equivalent_t<payload_t<T_Args>, T_Sbx>&... args) {
#ifdef RLBOX_TRANSITION_ACTION_OUT
    RLBOX_TRANSITION_ACTION_OUT(::rlbox::rlbox_transition::CALLBACK, nullptr, key,
                                sandbox.INTERNAL_transition_state());
#endif
#ifdef RLBOX_TRANSITION_ACTION_IN
    auto on_exit = make_scope_exit([&] {
      RLBOX_TRANSITION_ACTION_IN(::rlbox::rlbox_transition::CALLBACK, nullptr, key,
                                 sandbox.INTERNAL_transition_state());
    });
#endif
#ifdef RLBOX_MEASURE_TRANSITION_TIMES
    transition_timer timer(sandbox.INTERNAL_transition_log(), rlbox_transition::CALLBACK, nullptr,
                           key);
#endif
    const auto function = reinterpret_cast<T_Function>(key);
    if constexpr (std::is_void_v<T_Ret>) {
      function(sandbox, raise_argument<T_Args>(sandbox, args)...);
    } else {
      using T_Payload = payload_t<T_Ret>;
      return lower_argument<T_Result, T_Payload>(
          sandbox, function(sandbox, raise_argument<T_Args>(sandbox, args)...));
    }
  }

  /// Called by backends that tell sandbox and key through thread-local state.
  static T_Result from_executed_callback(
      convert_to_sandbox_equivalent_t<payload_t<T_Args>, T_Sbx>... args) {
    void* key = nullptr;
    T_Sandbox* const sandbox = T_Sandbox::INTERNAL_get_executed_callback(key);
    dynamic_check(sandbox != nullptr && key != nullptr,
                  "RLBox: a callback was called on a thread that is not executing in the sandbox");
    return run(*sandbox, key, args...);
  }

  /// Called by backends that pass the registration's record.
  RLBOX_DETAIL_ALWAYS_INLINE static T_Result from_record(
      void* record, convert_to_sandbox_equivalent_t<payload_t<T_Args>, T_Sbx>... args) {
    auto* const registration = static_cast<callback_record<T_Sbx>*>(record);
    return run(*registration->sandbox, registration->key, args...);
  }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_CALLBACK_SUPPORT_HPP_
