#ifndef RLBOX_INTERNAL_TRANSITION_HPP_
#define RLBOX_INTERNAL_TRANSITION_HPP_
/// \file
/// Hooks and timing at the sandbox boundary.
///
/// RLBOX_TRANSITION_ACTION_IN(kind, func_name, func_ptr, state) and
/// RLBOX_TRANSITION_ACTION_OUT(...) run at every crossing: IN when the sandbox is entered
/// (invocation, return from a callback), OUT when it is left. RLBOX_MEASURE_TRANSITION_TIMES
/// records one entry per invocation and callback.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "rlbox_helpers.hpp"

namespace rlbox {

/// What crosses the boundary: a call into the sandbox or a call out of it.
enum class rlbox_transition { INVOKE, CALLBACK };

/// One measured transition.
struct rlbox_transition_timing {
  rlbox_transition invoke;  ///< kind of transition
  const char* name;         ///< function name, null for callbacks
  void* ptr;                ///< function, or key of the callback
  std::int64_t time;        ///< nanoseconds, including nested transitions

  /// One line of text, for logs.
  std::string to_string() const {
    const bool is_invoke = invoke == rlbox_transition::INVOKE;
    std::string ret = is_invoke ? "invoke " : "callback ";
    if (name != nullptr) {
      ret += name;
    } else {
      ret += std::to_string(reinterpret_cast<std::uintptr_t>(ptr));
    }
    return ret + ": " + std::to_string(time) + " ns";
  }
};

namespace detail {

/// A function as hooks and logs see it.
template <typename T_Fn>
void* to_hook_pointer(T_Fn function) {
  return const_cast<void*>(reinterpret_cast<const void*>(function));
}

/// The log of one sandbox's transitions.
class transition_log {
  std::vector<rlbox_transition_timing> entries;
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
  RLBOX_SHARED_LOCK(lock);
#endif

 public:
  void add(const rlbox_transition_timing& entry) {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
#endif
    entries.push_back(entry);
  }
  void clear() {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_UNIQUE_GUARD(guard, lock);
#endif
    entries.clear();
  }
  std::int64_t total() {
#ifndef RLBOX_SINGLE_THREADED_INVOCATIONS
    RLBOX_ACQUIRE_SHARED_GUARD(guard, lock);
#endif
    std::int64_t sum = 0;
    for (const auto& entry : entries) {
      sum += entry.invoke == rlbox_transition::INVOKE ? entry.time : -entry.time;
    }
    return sum;
  }
  std::vector<rlbox_transition_timing>& get() { return entries; }
};

/// Adds an entry to the log when the scope is left.
class transition_timer {
  transition_log& log;
  rlbox_transition_timing entry;
  std::chrono::steady_clock::time_point start;

 public:
  transition_timer(transition_log& p_log, rlbox_transition kind, const char* name, void* ptr)
      : log(p_log), entry{kind, name, ptr, 0}, start(std::chrono::steady_clock::now()) {}
  transition_timer(const transition_timer&) = delete;
  transition_timer& operator=(const transition_timer&) = delete;
  ~transition_timer() {
    const auto elapsed = std::chrono::steady_clock::now() - start;
    entry.time = std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count();
    log.add(entry);
  }
};

}  // namespace detail
}  // namespace rlbox

#endif  // RLBOX_INTERNAL_TRANSITION_HPP_
