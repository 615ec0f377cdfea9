#ifndef RLBOX_INTERNAL_WASM2C_VIEW_HPP_
#define RLBOX_INTERNAL_WASM2C_VIEW_HPP_
/// \file
/// Looking at the memory of a wasm2c sandbox without copying.
///
/// Invariant S20: while a verifier looks at a sandbox's memory in place, nothing runs in that
/// sandbox. A library changes its memory only while a call into its sandbox runs: it has no threads
/// (S14), and functions of the host that write there do so before they return to the library. So
/// the bytes stay what was verified until the next call. Three rules keep it:
///   1. A view begins where the sandbox runs nothing, or in a callback of the innermost call into
///      it, on the stack of that call.
///   2. During a view the sandbox's `frame` is RLBOX_WASM2C_VIEWED, so every call, by any thread,
///      takes the way of calls that may be refused (`entry_problem`), and is. A sandbox in use is
///      not destroyed, either.
///   3. A view ends in the scope in which it began, whether the verifier returns or throws.
/// Threads that use one sandbox at the same time, which the application must not let happen, are
/// found out where the comparison costs nothing: `close` sees a call that began in between.

#include <cstdint>

#include "rlbox_helpers.hpp"
#include "wasm2c_rt_mem.h"
#include "rlbox_internal/wasm2c/trap.h"

namespace rlbox::detail::wasm2c {

inline constexpr const char* called_while_viewed =
    "RLBox: a sandbox was called while a verifier looked at its memory in place, and would have "
    "changed what is verified. Call the library when the verifier has returned, or use "
    "copy_and_verify_string or copy_and_verify_range.";

/// Lets nothing run in a sandbox until the scope is left.
class view_scope {
  rlbox_wasm2c_record* record = nullptr;  // null: there is no view
  std::uintptr_t outer = 0;

  /// True if the innermost call into the sandbox waits for the caller: rlbox_wasm2c_is_nested where
  /// rlbox_wasm2c_knows_stack.
  RLBOX_DETAIL_ALWAYS_INLINE bool is_in_callback() const {
    const std::uintptr_t here = rlbox_wasm2c_stack_pointer();
    const std::size_t left = here - rlbox_wasm2c_thread.stack_low;
    const std::size_t all = rlbox_wasm2c_thread.stack_bytes;
    return left < all && record->frame - here < all - left;
  }

 public:
  /// Of the sandbox that `address` is in the memory of.
  RLBOX_DETAIL_ALWAYS_INLINE explicit view_scope(const void* address) {
    const rlbox_wasm2c_reservation* const found = rlbox_wasm2c_find_reservation(address);
    if (found == nullptr || found->record == nullptr) {
      dynamic_check(false, "RLBox: a verifier cannot look at memory of no live sandbox");
      return;
    }
    record = found->record;
    outer = record->frame;
    if (outer != 0 && outer != RLBOX_WASM2C_VIEWED && !is_in_callback()) {
      record = nullptr;
      dynamic_check(false,
                    "RLBox: a verifier cannot look at a sandbox's memory in place while another "
                    "thread, or a call on another stack, runs the library, which may change the "
                    "memory. Use copy_and_verify_string or copy_and_verify_range.");
      return;
    }
    record->frame = RLBOX_WASM2C_VIEWED;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
  }
  RLBOX_DETAIL_ALWAYS_INLINE ~view_scope() {
    // Another call's frame, if there is one, is that call's to take back.
    if (record != nullptr && rlbox_wasm2c_is_viewed(record)) {
      __atomic_signal_fence(__ATOMIC_SEQ_CST);
      record->frame = outer;
    }
  }
  /// Fails a check if the library may have run since the beginning.
  RLBOX_DETAIL_ALWAYS_INLINE void close() const {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    dynamic_check(record == nullptr || rlbox_wasm2c_is_viewed(record),
                  "RLBox: another thread used a sandbox while a verifier looked at its memory in "
                  "place, so what was verified may have changed. One thread at a time uses a "
                  "sandbox.");
  }
  view_scope(const view_scope&) = delete;
  view_scope& operator=(const view_scope&) = delete;
};

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_VIEW_HPP_
