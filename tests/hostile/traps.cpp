// Traps of every kind, the library's stack, time, and what is left after a trap.
#include "tests/hostile/box.hpp"

#include <atomic>
#include <chrono>
#include <limits>
#include <thread>

#include <pthread.h>

using namespace hostile;

namespace {

constexpr const char* time_limit = "trap: time limit reached";
constexpr const char* interrupted = "trap: interrupted by the application";

int ran = 0;

t<std::uint32_t> same(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n;
}

/// A sandbox whose calls may take a tenth of a second.
box_type& limited(kit& k) {
  k.options.time_limit = std::chrono::milliseconds(100);
  return box_of(k);
}

/// True if another thread can print, allocate and lock within two seconds: no lock was left behind.
bool no_lock_is_held() {
  static std::atomic<bool> done{false};
  done = false;
  std::thread([] {
    std::printf("another thread prints\n");
    std::fflush(stdout);
    std::free(std::malloc(100000));
    done = true;
  }).detach();
  for (int i = 0; i < 200 && !done; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return done;
}

}  // namespace

// ---- kinds ----

BEHAVIOUR("H-TRP-01", "divides by zero", traps(division_by_zero)) {
  box_of(k).invoke_sandbox_function(divide, 1U, 0U);
}

BEHAVIOUR("H-TRP-02", "calls abort", traps(unreachable)) {
  box_of(k).invoke_sandbox_function(give_up);
}

BEHAVIOUR("H-TRP-03", "calls exit", traps(guest_exit)) {
  box_of(k).invoke_sandbox_function(leave, 0);
}

BEHAVIOUR("H-TRP-04", "calls _Exit with a code that looks like success", traps(guest_exit)) {
  box_of(k).invoke_sandbox_function(leave_quickly, 0);
}

BEHAVIOUR("S4-a", "calls proc_exit itself", traps(guest_exit)) {
  box_of(k).invoke_sandbox_function(wasi_exit, 0xFFFFFFFFU);
}

BEHAVIOUR("H-TRP-05", "calls the null function pointer", traps(bad_call)) {
  box_of(k).invoke_sandbox_function(call_through_null);
}

BEHAVIOUR("H-TRP-06", "divides the smallest integer by -1", traps(overflow)) {
  box_of(k).invoke_sandbox_function(divide_signed, std::numeric_limits<int>::min(), -1);
}

BEHAVIOUR("H-TRP-07", "divides the smallest 64-bit integer by -1", traps(overflow)) {
  box_of(k).invoke_sandbox_function(divide_wide, std::numeric_limits<std::int64_t>::min(),
                                    std::int64_t{-1});
}

BEHAVIOUR("H-TRP-08", "takes the remainder of the smallest integer and -1", harmless()) {
  REQUIRE(box_of(k)
              .invoke_sandbox_function(remainder_of, std::numeric_limits<int>::min(), -1)
              .copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("H-TRP-09", "takes the remainder by zero", traps(division_by_zero)) {
  box_of(k).invoke_sandbox_function(remainder_of, 1, 0);
}

BEHAVIOUR("H-TRP-10", "converts NaN to an integer", traps(invalid_conversion)) {
  box_of(k).invoke_sandbox_function(convert, std::uint64_t{0x7FF8000000000000});
}

BEHAVIOUR("H-TRP-11", "converts 10^300 to an integer", traps(overflow)) {
  box_of(k).invoke_sandbox_function(convert, std::uint64_t{0x7E37E43C8800759C});
}

BEHAVIOUR("H-TRP-12", "fails an assertion of its own", traps(unreachable)) {
  box_of(k).invoke_sandbox_function(fail_an_assertion);
}

// ---- stacks ----

BEHAVIOUR("H-STK-01", "recurses until its own stack is used up", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(recurse, 100000000U);
}

BEHAVIOUR("H-STK-02", "recurses with nothing on its own stack", traps(stack_exhausted)) {
  box_of(k).invoke_sandbox_function(recurse_on_host, 100000000U);
}

BEHAVIOUR("H-STK-03", "recurses by two functions that call each other", traps(stack_exhausted)) {
  box_of(k).invoke_sandbox_function(mutual_recursion, 100000000U);
}

BEHAVIOUR("S11", "recurses with frames of the host that could jump over a guard page",
          traps(stack_exhausted)) {
  box_of(k).invoke_sandbox_function(recurse_with_large_frames, 100000000U);
}

BEHAVIOUR("H-STK-04", "recurses on a thread of the application", traps(stack_exhausted)) {
  auto& box = box_of(k);
  std::thread thread(
      [&] { quietly(k, [&] { box.invoke_sandbox_function(recurse_on_host, 100000000U); }); });
  thread.join();
}

BEHAVIOUR("H-STK-05", "recurses on a thread with the smallest stack", traps(stack_exhausted)) {
  struct both {
    kit& k;
    box_type& box;
  } what{k, box_of(k)};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_t thread;
  pthread_create(
      &thread, &attributes,
      [](void* argument) -> void* {
        auto& all = *static_cast<both*>(argument);
        quietly(all.k, [&] { all.box.invoke_sandbox_function(recurse_on_host, 100000000U); });
        return nullptr;
      },
      &what);
  pthread_join(thread, nullptr);
}

BEHAVIOUR("H-STK-06", "has a frame that is larger than its stack", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(big_frame, 1U << 20);
}

BEHAVIOUR("H-STK-07", "has a frame of 2 GiB", {"trap: ", "trap: "}) {
  box_of(k).invoke_sandbox_function(big_frame, 0x7FFFFFFFU);
}

BEHAVIOUR("H-STK-08", "moves its stack pointer to the end of 32 bits before a call with structs",
          {"refused: RLBox: no room for the struct arguments", stack_exhausted}) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        sandbox.invoke_sandbox_function(pair_of, 1U, 2U);
        return n;
      });
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(set_stack_pointer_and_call, 0xFFFFFFFFU);
}

BEHAVIOUR("minor-stack-pointer", "moves its stack pointer to zero before a call with structs",
          {"refused: RLBox: no room for the struct arguments", stack_exhausted}) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        const auto sum = sandbox.invoke_sandbox_function(pair_of, 1U, 2U);
        static_cast<void>(sum);
        return n;
      });
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(set_stack_pointer_and_call, 0U);
}

BEHAVIOUR("H-STK-09", "leaves its stack pointer in its data", harmless()) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(set_stack_pointer, 70000U);
  auto value = box.invoke_sandbox_function(pair_of, 1U, 2U);
  REQUIRE(value.second.copy_and_verify(as_it_is) == 2);
}

BEHAVIOUR("H-STK-10", "leaves its stack pointer at 1 before a call with structs",
          {"refused: RLBox: no room for the struct arguments", stack_exhausted}) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(set_stack_pointer, 1U);
  static_cast<void>(box.invoke_sandbox_function(pair_of, 1U, 2U));
}

BEHAVIOUR("H-STK-11", "traps with a stack pointer of its choice", traps(unreachable)) {
  box_of(k).invoke_sandbox_function(trap_with_stack_pointer, 0xFFFFFFF0U);
}

BEHAVIOUR("H-STK-12", "moves its stack pointer up, as longjmp does, and calls a callback",
          harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(jump_out);
  REQUIRE(ran == 1);
}

// ---- time ----

BEHAVIOUR("H-TIM-01", "loops for ever", traps(time_limit)) {
  limited(k).invoke_sandbox_function(loop_forever);
}

BEHAVIOUR("H-TIM-02", "loops for ever and prints", traps(time_limit)) {
  k.options.standard_output =
      rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t) { return true; });
  limited(k).invoke_sandbox_function(loop_printing);
}

BEHAVIOUR("H-TIM-03", "loops for ever and calls a callback", traps(time_limit)) {
  auto& box = limited(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(loop_calling, callback);
}

BEHAVIOUR("H-TIM-04", "loops for ever until another thread interrupts it", traps(interrupted)) {
  auto& box = box_of(k);
  std::thread watcher([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    box.get_sandbox_impl()->interrupt();
  });
  quietly(k, [&] { box.invoke_sandbox_function(loop_forever); });
  watcher.join();
}

BEHAVIOUR("H-TIM-05", "loops for ever on a thread of the application", traps(time_limit)) {
  auto& box = limited(k);
  std::thread thread([&] { quietly(k, [&] { box.invoke_sandbox_function(loop_forever); }); });
  thread.join();
}

BEHAVIOUR("H-TIM-06", "loops for ever in a call that a callback makes", traps(time_limit)) {
  auto& box = limited(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        sandbox.invoke_sandbox_function(loop_forever);
        return n;
      });
  box.invoke_sandbox_function(call_number, callback, 1U);
}

BEHAVIOUR("H-TIM-07", "loops for ever when it is destroyed",
          {"trap: time limit reached", "harmless"}) {
  auto& box = limited(k);
  box.invoke_sandbox_function(at_exit_loop);
}

BEHAVIOUR("H-TIM-08", "is interrupted before it is called", traps(interrupted)) {
  auto& box = box_of(k);
  box.get_sandbox_impl()->interrupt();
  box.invoke_sandbox_function(add, 1U, 2U);
}

BEHAVIOUR("S16-b", "takes time, a short call after a short call, each within the limit",
          harmless()) {
  auto& box = limited(k);
  for (int i = 0; i < 1000; ++i) {
    box.invoke_sandbox_function(add, 1U, 2U);
  }
}

// ---- what is left ----

BEHAVIOUR("M1-a", "uses up the host's stack inside a function of the system, with its locks held",
          traps(stack_exhausted)) {
  auto& box = box_of(k);
  quietly(k, [&] { box.invoke_sandbox_function(print_at_the_end_of_the_host_stack, 1U); });
  REQUIRE(no_lock_is_held());
}

// AddressSanitizer's own functions run off the end of the stack while the report is written.
#if !defined(__SANITIZE_ADDRESS__)
BEHAVIOUR("M1-b", "uses up the host's stack while its memory grows", traps(stack_exhausted)) {
  auto& box = box_of(k);
  quietly(k, [&] { box.invoke_sandbox_function(grow_at_the_end_of_the_host_stack, 1U); });
  REQUIRE(no_lock_is_held());
}
#endif

BEHAVIOUR("M1-c", "gives the system a buffer of which the end is not there", traps(out_of_bounds)) {
  auto& box = box_of(k);
  const std::uint32_t end = end_of(box);
  const auto vectors =
      box.invoke_sandbox_function(vectors_for, end - 8, 16U).copy_and_verify(as_it_is);
  quietly(k, [&] { box.invoke_sandbox_function(wasi_write, 1U, vectors, 1U, 1024U); });
  REQUIRE(no_lock_is_held());
}

BEHAVIOUR("S15-a", "traps; then the application frees, calls and destroys", traps(unreachable)) {
  auto& box = box_of(k);
  auto owner = sandbox_unique_ptr<int, std::remove_pointer_t<decltype(box.get_sandbox_impl())>>(
      box, box.malloc_in_sandbox<int>(4));
  quietly(k, [&] { box.invoke_sandbox_function(give_up); });
  quietly(k, [&] { box.invoke_sandbox_function(add, 1U, 2U); });
  owner.reset();
  REQUIRE(no_lock_is_held());
}

BEHAVIOUR("S15-b", "traps in its destructors", {"trap: unreachable", "harmless"}) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(at_exit_trap);
  box.destroy_sandbox();
  box.create_sandbox(k.options);
}

BEHAVIOUR("S15-c", "traps; the next sandbox of the same object knows nothing of it", harmless()) {
  if (!k.survive) {
    return;
  }
  auto& box = box_of(k);
  for (int i = 0; i < 200; ++i) {
    quietly(k, [&] { box.invoke_sandbox_function(store8, 0x70000000U, 1U); });
    REQUIRE(box.get_sandbox_impl()->has_trapped());
    box.destroy_sandbox();
    box.create_sandbox(k.options);
  }
  REQUIRE(box.invoke_sandbox_function(add, 1U, 2U).copy_and_verify(as_it_is) == 3);
}

BEHAVIOUR("H-LIF-01", "prints when it is destroyed", harmless()) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(at_exit_print);
  box.destroy_sandbox();
  box.create_sandbox(k.options);
}

BEHAVIOUR("H-LIF-02", "is called after its sandbox is destroyed",
          refused("refused: RLBox: a function was called in a sandbox that is not created")) {
  box_type box;
  box.create_sandbox(k.options);
  box.destroy_sandbox();
  box.invoke_sandbox_function(add, 1U, 2U);
}

BEHAVIOUR("H-LIF-03", "owns memory that the application frees after the sandbox is gone",
          harmless()) {
  box_type box;
  box.create_sandbox(k.options);
  const auto p = box.malloc_in_sandbox<int>(4);
  box.destroy_sandbox();
  box.free_in_sandbox(p);
}

BEHAVIOUR("H-LIF-04", "is destroyed twice",
          refused("refused: RLBox: destroy_sandbox was called on a sandbox that does not exist")) {
  box_type box;
  box.create_sandbox(k.options);
  box.destroy_sandbox();
  box.destroy_sandbox();
}
