// C++ exceptions of a library that has them: thrower.cc.
#include "hostile_thrower.rlbox.h"
#include "tests/hostile/kit.hpp"

#include <chrono>

using namespace hostile;

namespace {

constexpr const char* time_limit = "trap: time limit reached";

using c_box = rlbox_sandbox_hostile_thrower;
template <typename T>
using c = tainted_hostile_thrower<T>;

c_box& thrower_of(kit& k) { return k.make<c_box>(); }

c_box* second = nullptr;
int ran = 0;

c<std::uint32_t> same(c_box&, c<std::uint32_t> n) {
  ++ran;
  return n;
}
c<std::uint32_t> throws_in_nested_call(c_box& box, c<std::uint32_t> n) {
  ++ran;
  box.invoke_sandbox_function(throw_number, n);
  ++ran;
  return n;
}
c<std::uint32_t> throws_in_second(c_box&, c<std::uint32_t> n) {
  second->invoke_sandbox_function(throw_number, 5U);
  ++ran;
  return n;
}
c<std::uint32_t> catches_in_nested_call(c_box& box, c<std::uint32_t> n) {
  auto callback = box.register_callback(same);
  return box.invoke_sandbox_function(call_in_cleanup, callback, n);
}

#if defined(RLBOX_USE_EXCEPTIONS)
struct of_the_host {};
c<std::uint32_t> throws(c_box&, c<std::uint32_t>) {
  ++ran;
  throw of_the_host{};
}
#endif

void what(kit& k, std::uint32_t how) {
  auto& box = thrower_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(throw_with_what, how, callback);
}

/// A function of the library, as a macro: functions are found by name.
#define CALLS_BACK(k, function, target)                  \
  do {                                                   \
    auto& box = thrower_of(k);                           \
    second = &thrower_of(k);                             \
    auto callback = box.register_callback(target);       \
    box.invoke_sandbox_function(function, callback, 1U); \
  } while (false)

}  // namespace

BEHAVIOUR("H-EXC-01", "throws out of an exported function", traps(uncaught)) {
  thrower_of(k).invoke_sandbox_function(throw_number, 1U);
}

BEHAVIOUR("H-EXC-02", "throws in a nested call where the outer one catches everything",
          traps(uncaught)) {
  CALLS_BACK(k, call_and_catch, throws_in_nested_call);
}

BEHAVIOUR("H-EXC-03", "throws in a nested call from a catch block", traps(uncaught)) {
  CALLS_BACK(k, call_in_catch, throws_in_nested_call);
}

BEHAVIOUR("H-EXC-04", "throws in a nested call from a destructor", traps(uncaught)) {
  CALLS_BACK(k, call_in_cleanup, throws_in_nested_call);
}

BEHAVIOUR("H-EXC-05", "throws where another sandbox catches everything", traps(uncaught)) {
  CALLS_BACK(k, call_and_catch, throws_in_second);
}

BEHAVIOUR("H-EXC-06", "throws and catches in calls inside each other", harmless()) {
  auto& box = thrower_of(k);
  auto callback = box.register_callback(catches_in_nested_call);
  for (std::uint32_t n = 0; n < 3; ++n) {
    REQUIRE(box.invoke_sandbox_function(call_in_cleanup, callback, n).copy_and_verify(as_it_is) ==
            n);
    REQUIRE(box.invoke_sandbox_function(call_in_catch, callback, n).copy_and_verify(as_it_is) == n);
    REQUIRE(box.invoke_sandbox_function(call_and_catch, callback, n).copy_and_verify(as_it_is) ==
            n);
  }
  REQUIRE(ran == 9);
}

BEHAVIOUR("H-EXC-07", "catches everything when the application throws", traps(uncaught)) {
  auto& box = thrower_of(k);
#if defined(RLBOX_USE_EXCEPTIONS)
  auto callback = box.register_callback(throws);
  for (int round = 0; round < 3; ++round) {
    bool passed = false;
    try {
      box.invoke_sandbox_function(call_and_catch, callback, 1U);
    } catch (const of_the_host&) {
      passed = true;
    }
    REQUIRE(passed);
  }
  REQUIRE(ran == 3);
#endif
  box.invoke_sandbox_function(throw_number, 1U);
}

BEHAVIOUR("H-EXC-08", "throws out of five hundred frames with destructors", traps(uncaught)) {
  thrower_of(k).invoke_sandbox_function(throw_at_depth, 500U);
}

BEHAVIOUR("H-EXC-09", "uses up the stack with try blocks in each other", traps(stack_exhausted)) {
  thrower_of(k).invoke_sandbox_function(throw_at_depth, 1000000U);
}

BEHAVIOUR("H-EXC-10", "throws from ever deeper catch blocks, up to the end of the stack",
          traps(stack_exhausted)) {
  thrower_of(k).invoke_sandbox_function(throw_in_every_catch, 0U);
}

BEHAVIOUR("H-EXC-11", "throws and catches for ever", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(200);
  thrower_of(k).invoke_sandbox_function(catch_forever, 0U);
}

BEHAVIOUR("H-EXC-12", "throws the same exception again for ever", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(200);
  thrower_of(k).invoke_sandbox_function(catch_forever, 1U);
}

BEHAVIOUR("H-EXC-13", "throws a kept exception for ever", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(200);
  thrower_of(k).invoke_sandbox_function(catch_forever, 2U);
}

// What the runtime asks an exception that nothing catches.

BEHAVIOUR("H-EXC-14", "what() is null", traps(uncaught)) { what(k, 0); }

BEHAVIOUR("H-EXC-15", "what() is outside of the memory", traps(uncaught)) { what(k, 1); }

BEHAVIOUR("H-EXC-16", "what() has no end", traps(uncaught)) { what(k, 2); }

BEHAVIOUR("H-EXC-17", "what() throws", traps("trap: ")) { what(k, 3); }

BEHAVIOUR("H-EXC-18", "what() calls itself without an end", traps(stack_exhausted)) { what(k, 4); }

BEHAVIOUR("H-EXC-19", "what() calls back", traps(uncaught)) { what(k, 5); }

BEHAVIOUR("H-EXC-20", "what() never returns", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  what(k, 6);
}

BEHAVIOUR("H-EXC-21", "what() throws an address", traps("trap: ")) { what(k, 7); }

BEHAVIOUR("H-EXC-22", "what() is a report of its own",
          traps("trap: uncaught exception: C++ exception of type '_GLOBAL__N_1::liar' thrown and "
                "not caught, what() is \"???[2Jsandbox attacker: fine'?%s%n\"")) {
  what(k, 8);
}

// Exceptions that are none. An address a little below zero counts as an overflow of the library's
// stack; this sandbox has guard pages in every configuration.

BEHAVIOUR("H-EXC-23", "throws an address that is none", traps(stack_exhausted)) {
  thrower_of(k).invoke_sandbox_function(throw_address, 0xFFFFFFF0U, 0U);
}

BEHAVIOUR("H-EXC-24", "catches an address that is none", traps(stack_exhausted)) {
  thrower_of(k).invoke_sandbox_function(throw_address, 0xFFFFFFF0U, 1U);
}

BEHAVIOUR("H-EXC-25", "throws null", traps(uncaught)) {
  thrower_of(k).invoke_sandbox_function(throw_address, 0U, 0U);
}

BEHAVIOUR("H-EXC-26", "throws a type with functions that are none", traps(stack_exhausted)) {
  thrower_of(k).invoke_sandbox_function(throw_forged, 0U, 0xFFFFFFF0U, 1U);
}

BEHAVIOUR("H-EXC-27", "throws a type whose name is outside of the memory",
          traps("trap: uncaught exception: C++ exception of type '' thrown and not caught")) {
  thrower_of(k).invoke_sandbox_function(throw_forged, 1U, 0x7FFFFFF0U, 0U);
}

BEHAVIOUR("H-EXC-28", "throws an object whose functions are none", traps(bad_call)) {
  thrower_of(k).invoke_sandbox_function(throw_forged, 2U, 64U, 0U);
}

BEHAVIOUR("H-EXC-29", "throws an exception that is overwritten", traps("trap: ")) {
  thrower_of(k).invoke_sandbox_function(free_exception, 1U);
}

BEHAVIOUR("H-EXC-30", "throws an exception that is freed", traps("trap: ")) {
  thrower_of(k).invoke_sandbox_function(free_exception, 0U);
}
