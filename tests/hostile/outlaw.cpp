// Modules that no build of ours accepts, run all the same: what the runtime holds by itself.
#include "outlaw.rlbox.h"
#include "outlaw_full.rlbox.h"
#include "tests/hostile/kit.hpp"

#include <atomic>
#include <deque>
#include <thread>

using namespace hostile;

namespace {

template <typename T>
using o = tainted_outlaw<T>;
template <typename T>
using full = tainted_outlaw_full<T>;

int ran = 0;

o<unsigned long long> wide(rlbox_sandbox_outlaw&, o<unsigned long long> n) {
  ++ran;
  return n;
}
o<std::uint32_t> two(rlbox_sandbox_outlaw&, o<std::uint32_t> a, o<std::uint32_t>) {
  ++ran;
  return a;
}
o<std::uint32_t> plain(rlbox_sandbox_outlaw&, o<std::uint32_t> n) {
  ++ran;
  return n;
}

full<unsigned long long> full_wide(rlbox_sandbox_outlaw_full&, full<unsigned long long> n) {
  ++ran;
  return n;
}
/// Correct: a tainted pointer is in the sandbox, so it may be written through.
full<unsigned long long> full_pointer(rlbox_sandbox_outlaw_full&, full<int*> p) {
  ++ran;
  *p = 1;
  return 1ULL;
}

std::uint32_t own_index(rlbox_sandbox_outlaw& box) {
  return box.invoke_sandbox_function(o_own_index).copy_and_verify(as_it_is);
}

}  // namespace

BEHAVIOUR("B1-a", "copies the entry of a callback and calls the copy when the callback is gone",
          traps(bad_call)) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  const std::uint32_t own = own_index(box);
  auto callback = box.register_callback(wide);
  const auto index = box.invoke_sandbox_function(o_wide_index, callback).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_copy_entry, index, own);
  REQUIRE(box.invoke_sandbox_function(o_call_index_wide, own, 7ULL).copy_and_verify(as_it_is) == 7);
  callback.unregister();
  box.invoke_sandbox_function(o_call_index_wide, own, 7ULL);
  REQUIRE(ran == 1);
}

// An entry is never given to a callback of another type.
BEHAVIOUR("B1-b", "calls such a copy when another callback has the entry: a number as a pointer",
          refused("refused: RLBox: the function table of the sandbox is full")) {
  static int target = 0;
  auto& box = k.make<rlbox_sandbox_outlaw_full>();
  const auto own = box.invoke_sandbox_function(o_own_index).copy_and_verify(as_it_is);
  auto callback = box.register_callback(full_wide);
  const auto index = box.invoke_sandbox_function(o_wide_index, callback).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_copy_entry, index, own);
  callback.unregister();
  // The table has no other entry to give.
  auto pointer = box.register_callback(full_pointer);
  box.invoke_sandbox_function(o_call_index_wide, own, reinterpret_cast<std::uintptr_t>(&target));
  REQUIRE(target == 0);
  REQUIRE(ran == 0);
}

BEHAVIOUR("B1-c", "overwrites the entry of a callback with another of another type",
          traps(bad_call)) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  auto callback = box.register_callback(wide);
  auto other = box.register_callback(plain);
  const auto to = box.invoke_sandbox_function(o_wide_index, callback).copy_and_verify(as_it_is);
  const auto from = box.invoke_sandbox_function(o_plain_index, other).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_copy_entry, from, to);
  box.invoke_sandbox_function(o_call_wide, callback, 7ULL);
  REQUIRE(ran == 0);
}

BEHAVIOUR("B1-d", "clears the entry of a callback that is called afterwards", traps(bad_call)) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  auto callback = box.register_callback(wide);
  const auto index = box.invoke_sandbox_function(o_wide_index, callback).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_clear_entry, index);
  box.invoke_sandbox_function(o_call_wide, callback, 7ULL);
  REQUIRE(ran == 0);
}

BEHAVIOUR("B1-e", "fills the whole table with null before a callback is called", traps(bad_call)) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  auto callback = box.register_callback(wide);
  const auto entries = box.invoke_sandbox_function(o_table_size).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_table_fill, 0U, entries);
  box.invoke_sandbox_function(o_call_wide, callback, 7ULL);
  REQUIRE(ran == 0);
}

BEHAVIOUR("B1-f", "copies entries from behind the end of the table", traps(out_of_bounds)) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  const auto entries = box.invoke_sandbox_function(o_table_size).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(o_table_copy, 0U, entries - 1, 0x7FFFFFFFU);
}

BEHAVIOUR("B1-g", "reads an entry far behind the end of the table", traps(out_of_bounds)) {
  k.make<rlbox_sandbox_outlaw>().invoke_sandbox_function(o_copy_entry, 0xFFFFFFFFU, 1U);
}

BEHAVIOUR("B3", "puts its own tail-calling function where the next callback goes, and calls that",
          harmless()) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  std::uint32_t index = 0;
  {
    auto callback = box.register_callback(two);
    index = box.invoke_sandbox_function(o_two_index, callback).copy_and_verify(as_it_is);
  }
  box.invoke_sandbox_function(o_put_tail_function, index);
  auto callback = box.register_callback(two);
  REQUIRE(box.invoke_sandbox_function(o_two_index, callback).copy_and_verify(as_it_is) == index);
  // What is called is the callback, which is registered, or nothing.
  const auto result = box.invoke_sandbox_function(o_tail_call_index, index, 7U);
  REQUIRE(ran == 1);
  REQUIRE(result.copy_and_verify(as_it_is) == index);
}

BEHAVIOUR("B6", "grows its table while another thread registers callbacks", harmless()) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  std::atomic<bool> growing{true};
  std::thread thread([&] {
    box.invoke_sandbox_function(o_table_grow_often, 50U, 20000U);
    growing = false;
  });
  while (growing) {
    auto first = box.register_callback(wide);
    auto second = box.register_callback(plain);
    auto third = box.register_callback(two);
  }
  thread.join();
}

BEHAVIOUR("M2", "grows its table by 60 million entries", harmless()) {
  k.options.max_memory = 1 << 20;
  auto& box = k.make<rlbox_sandbox_outlaw>();
  REQUIRE(box.invoke_sandbox_function(o_table_grow, 60000000U).copy_and_verify(as_it_is) ==
          0xFFFFFFFFU);
}

BEHAVIOUR("M2-b", "grows its table by one entry", harmless()) {
  auto& box = k.make<rlbox_sandbox_outlaw>();
  REQUIRE(box.invoke_sandbox_function(o_table_grow, 1U).copy_and_verify(as_it_is) == 0xFFFFFFFFU);
}
