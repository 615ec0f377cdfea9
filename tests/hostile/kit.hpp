#ifndef TESTS_HOSTILE_KIT_HPP_
#define TESTS_HOSTILE_KIT_HPP_
// A behaviour: what a hostile library does to a correct application, and how that must end.
//
//   BEHAVIOUR("H-MEM-01", "writes behind the end of its memory", traps(out_of_bounds)) {
//     box_of(k).invoke_sandbox_function(store8, 0x7fffffffU, 1U);
//   }
//
// The application is the body: documented API only. Each behaviour is run in a process of its own,
// once with the trap policy `abort` and once with `survive`; hostile_test.py compares the end with
// the expectation. `k.box()` is the sandbox (created at the first use, with `k.options`), `REQUIRE`
// says what must hold for the application, and canaries all around must be intact at the end.
//
// The table has one expectation for all configurations. Without exceptions a call that trapped
// returns zero and the body goes on, so it says `k.trapped()` where that matters.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rlbox_wasm2c_options.hpp"

namespace hostile {

using namespace rlbox;

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// How a behaviour must end under each policy. The texts are the beginnings of what is reported.
struct expectation {
  const char* with_abort;
  const char* with_survive;
};

// Reasons of traps, as reports name them.
inline constexpr const char* out_of_bounds = "trap: out-of-bounds memory access";
inline constexpr const char* overflow = "trap: integer overflow";
inline constexpr const char* division_by_zero = "trap: integer division by zero";
inline constexpr const char* invalid_conversion =
    "trap: conversion of a floating-point NaN to an integer";
inline constexpr const char* unreachable = "trap: unreachable code reached";
inline constexpr const char* bad_call =
    "trap: call through a function pointer that is null, unregistered or of another type";
inline constexpr const char* stack_exhausted = "trap: stack exhausted";
// Below address 0, where the library's stack would run to; with explicit bounds the address says no
// more.
#if defined(HOSTILE_EXPLICIT_BOUNDS)
inline constexpr const char* below_zero = out_of_bounds;
#else
inline constexpr const char* below_zero = stack_exhausted;
#endif
inline constexpr const char* guest_exit = "trap: the library called exit";
inline constexpr const char* uncaught = "trap: uncaught exception";
inline constexpr const char* memory_limit = "trap: memory limit reached";

// Sentences of failed checks that many behaviours end in.
inline constexpr const char* beyond_the_end =
    "refused: RLBox: a range of memory goes beyond the end of the sandbox";
inline constexpr const char* leaves_the_sandbox =
    "refused: RLBox: pointer arithmetic leaves the sandbox";
inline constexpr const char* no_terminator =
    "refused: RLBox: a string in the sandbox has no terminating zero";
inline constexpr const char* does_not_fit =
    "refused: RLBox: integer does not fit the type it is converted to";
inline constexpr const char* outside_of_array =
    "refused: RLBox: index is outside of the tainted array";

/// A trap, reported with this reason.
constexpr expectation traps(const char* reason) { return {reason, reason}; }
/// A failed check with this sentence.
constexpr expectation refused(const char* sentence) { return {sentence, sentence}; }
/// Nothing happens: values arrive tainted, and the body's verifiers see what they are.
constexpr expectation harmless() { return {"harmless", "harmless"}; }
/// An access of the application through a pointer of the library's choice: a failed check with this
/// sentence. Under `survive`, where a failed check has no exception to be, the access does nothing
/// and the sandbox has trapped.
constexpr expectation failed_access(const char* sentence) {
#if defined(RLBOX_USE_EXCEPTIONS)
  return refused(sentence);
#else
  return {sentence, out_of_bounds};
#endif
}
/// `*p` and `p->f`.
constexpr expectation wild_access() {
  return failed_access(
      "refused: RLBox: a tainted pointer does not refer to an object in the sandbox's memory");
}
/// `p[i]`.
constexpr expectation wild_element() { return failed_access(leaves_the_sandbox); }
/// `*p`, where p is odd.
constexpr expectation misaligned() {
  return failed_access("refused: RLBox: a tainted pointer is not aligned as its type asks for");
}
/// The application destroys a sandbox whose code has not returned.
constexpr expectation not_destroyed() {
  return refused("refused: RLBox: a sandbox cannot be destroyed while its code is on the stack");
}

/// A sandbox that a behaviour uses, as the end of the run sees it.
struct watched {
  virtual ~watched() = default;
  virtual bool has_trapped() = 0;
  virtual std::string message() = 0;
  /// Destroys the sandbox, makes a fresh one and uses it.
  virtual bool starts_again() = 0;
};

template <typename T>
struct watched_box final : watched {
  T sandbox;
  bool created = false;
  bool has_trapped() override { return sandbox.get_sandbox_impl()->has_trapped(); }
  std::string message() override { return sandbox.get_sandbox_impl()->trap_message(); }
  bool starts_again() override {
    if (created) {
      sandbox.destroy_sandbox();
    }
    sandbox.create_sandbox();
    const auto memory = sandbox.template malloc_in_sandbox<char>(16);
    const bool works = memory != nullptr && !has_trapped();
    sandbox.destroy_sandbox();
    return works;
  }
};

/// What a behaviour works with.
class kit {
  std::vector<std::unique_ptr<watched>> boxes;

 public:
  /// How sandboxes are created; the policy is set.
  rlbox_wasm2c_options options;
  bool failed = false;
  bool survive = false;

  /// A new sandbox.
  template <typename T>
  T& make() {
    auto made = std::make_unique<watched_box<T>>();
    T& sandbox = made->sandbox;
    watched_box<T>* const seen = made.get();
    boxes.push_back(std::move(made));
    seen->created = sandbox.create_sandbox(options);
    return sandbox;
  }
  /// True if a sandbox has trapped, which only `survive` lives to see.
  bool trapped();
  std::string trap_message();
  bool all_start_again();
  void require(bool ok, const char* what, int line);
};

/// Memory that no library may change: of the heap, of the program, of another thread, of another
/// sandbox.
void place_canaries();
/// Null, or which was changed. Safe in a signal handler.
const char* changed_canary();

struct behaviour {
  const char* id;
  const char* title;
  expectation expected;
  void (*body)(kit&);
};
std::vector<behaviour>& behaviours();

struct registration {
  registration(const char* id, const char* title, expectation expected, void (*body)(kit&)) {
    behaviours().push_back({id, title, expected, body});
  }
};

/// Takes whatever the library gives; what a verifier without an opinion does.
struct accept {
  template <typename T>
  T operator()(T value) const {
    return value;
  }
};
inline constexpr accept as_it_is{};

}  // namespace hostile

#define HOSTILE_CAT_2(a, b) a##b
#define HOSTILE_CAT(a, b) HOSTILE_CAT_2(a, b)
#define BEHAVIOUR(id, title, ...)                                          \
  static void HOSTILE_CAT(body_, __LINE__)(::hostile::kit&);               \
  static const ::hostile::registration HOSTILE_CAT(registered_, __LINE__)( \
      id, title, __VA_ARGS__, HOSTILE_CAT(body_, __LINE__));               \
  static void HOSTILE_CAT(body_, __LINE__)([[maybe_unused]] ::hostile::kit & k)
#define REQUIRE(...) k.require(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __LINE__)

#endif  // TESTS_HOSTILE_KIT_HPP_
