// Jumps: setjmp, longjmp, and the exceptions that they are made of.
#include "outlaw.rlbox.h"
#include "tests/hostile/box.hpp"

#include <chrono>
#include <thread>

using namespace hostile;

namespace {

constexpr const char* time_limit = "trap: time limit reached";

box_type* second = nullptr;
int ran = 0;

t<std::uint32_t> same(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n;
}
/// The library jumps over this function.
t<std::uint32_t> jumps(box_type& box, t<std::uint32_t> n) {
  ++ran;
  box.invoke_sandbox_function(jump_to_waiting);
  ++ran;
  return n;
}
t<std::uint32_t> throws_in_nested_call(box_type& box, t<std::uint32_t> n) {
  box.invoke_sandbox_function(throw_out, 7U);
  ++ran;
  return n;
}
/// Another sandbox jumps to where this one waits.
t<std::uint32_t> jumps_in_second(box_type&, t<std::uint32_t> n) {
  second->invoke_sandbox_function(jump_to_waiting);
  ++ran;
  return n;
}
t<std::uint32_t> aborts_in_nested_call(box_type& box, t<std::uint32_t> n) {
  box.invoke_sandbox_function(give_up);
  return n;
}

#if defined(RLBOX_USE_EXCEPTIONS)
struct of_the_host {};
t<std::uint32_t> throws(box_type&, t<std::uint32_t>) {
  ++ran;
  throw of_the_host{};
}
#endif

/// Makes a call that may be left by an exception of the application.
template <typename F>
void try_to(F&& call) {
#if defined(RLBOX_USE_EXCEPTIONS)
  try {
    call();
  } catch (const of_the_host&) {
  }
#else
  call();
#endif
}

using o_box = rlbox_sandbox_outlaw;
template <typename T>
using o = tainted_outlaw<T>;

o<std::uint32_t> outlaw_traps(o_box& box, o<std::uint32_t> n) {
  ++ran;
  box.invoke_sandbox_function(o_call_index_plain, 0U, 1U);
  return n;
}
}  // namespace

BEHAVIOUR("H-JMP-01", "jumps to a function that has returned", traps(uncaught)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(keep_environment);
  box.invoke_sandbox_function(jump_to_kept);
}

BEHAVIOUR("H-JMP-02", "jumps to an environment that nobody has filled", traps(uncaught)) {
  box_of(k).invoke_sandbox_function(jump_to_kept);
}

BEHAVIOUR("H-JMP-03", "throws out of an exported function", traps(uncaught)) {
  box_of(k).invoke_sandbox_function(throw_out, 0xFFFFFFFFU);
}

BEHAVIOUR("H-JMP-04", "jumps over a callback to a function that waits", traps(uncaught)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(jumps);
  box.invoke_sandbox_function(call_in_try, callback, 1U);
}

BEHAVIOUR("H-JMP-05", "throws in a nested call under a try block", traps(uncaught)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(throws_in_nested_call);
  box.invoke_sandbox_function(call_in_try, callback, 1U);
}

BEHAVIOUR("H-JMP-06", "jumps to where another sandbox waits", traps(uncaught)) {
  auto& box = box_of(k);
  second = &box_of(k);
  auto callback = box.register_callback(jumps_in_second);
  box.invoke_sandbox_function(call_in_try, callback, 1U);
}

BEHAVIOUR("H-JMP-07", "throws after a try block called a callback that is gone", traps(bad_call)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(call_in_try, callback, 1U);
  box.invoke_sandbox_function(keep, callback);
  callback.unregister();
  REQUIRE(ran == 1);
  box.invoke_sandbox_function(call_kept_in_try, 1U);
}

BEHAVIOUR("H-JMP-08", "enters a hundred thousand try blocks in each other",
          traps(stack_exhausted)) {
  box_of(k).invoke_sandbox_function(nest_try, 100000U);
}

BEHAVIOUR("H-JMP-09", "does so on a thread of the application", traps(stack_exhausted)) {
  auto& box = box_of(k);
  std::thread thread([&] { quietly(k, [&] { box.invoke_sandbox_function(nest_try, 100000U); }); });
  thread.join();
}

BEHAVIOUR("H-JMP-10", "traps in a nested call under a try block", traps(unreachable)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(aborts_in_nested_call);
  box.invoke_sandbox_function(call_in_try, callback, 1U);
}

BEHAVIOUR("H-JMP-11", "aborts under a try block", traps(unreachable)) {
  box_of(k).invoke_sandbox_function(end_in_try, 0U);
}

BEHAVIOUR("H-JMP-12", "exits under a try block", traps(guest_exit)) {
  box_of(k).invoke_sandbox_function(end_in_try, 1U);
}

BEHAVIOUR("H-JMP-13", "writes outside of its memory under a try block", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(end_in_try, 2U);
}

BEHAVIOUR("H-JMP-14", "jumps back again and again", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  box_of(k).invoke_sandbox_function(jump_forever);
}

BEHAVIOUR("H-JMP-15", "calls back under a try block again and again", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(call_in_try_forever, callback, 1U);
}

// Behind an unknown place the function begins again, for ever.
BEHAVIOUR("H-JMP-16", "forges the place that it jumps to", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  auto& box = box_of(k);
  REQUIRE(box.invoke_sandbox_function(jump_forged, 0U, 1U).copy_and_verify(as_it_is) == 4);
  box.invoke_sandbox_function(jump_forged, 0U, 0x7FFFFFFFU);
}

BEHAVIOUR("H-JMP-17", "forges the function that it jumps to", traps(uncaught)) {
  box_of(k).invoke_sandbox_function(jump_forged, 0x12345678U, 1U);
}

BEHAVIOUR("H-JMP-18", "throws an address that is none, and reads from it", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(throw_in_try, 0xFFFFFFF0U);
}

BEHAVIOUR("H-JMP-19", "jumps to a try block that an exception of the application has left",
          traps(uncaught)) {
  auto& box = box_of(k);
#if defined(RLBOX_USE_EXCEPTIONS)
  auto callback = box.register_callback(throws);
#else
  auto callback = box.register_callback(same);
#endif
  // One place, so that all calls begin at the same address of the stack.
  for (std::uint32_t round = 0; round < 4; ++round) {
    try_to([&] { box.invoke_sandbox_function(call_or_jump, callback, round); });
    REQUIRE(ran == static_cast<int>(round + 1) || round == 3);
  }
}

// A try block that catches everything, which no build accepts.

BEHAVIOUR("S18-a", "catches everything: a trap of its own", traps(bad_call)) {
  auto& box = k.make<o_box>();
  auto callback = box.register_callback(outlaw_traps);
  box.invoke_sandbox_function(o_catch_everything, callback, 1U);
  REQUIRE(ran == 1);
}

BEHAVIOUR("S18-b", "catches everything: the end of its time", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  auto& box = k.make<o_box>();
  const auto index = box.invoke_sandbox_function(o_throw_index).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_catch_index, index, 1U);
}
