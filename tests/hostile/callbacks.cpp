// Callbacks, function pointers, and the host's stack below them.
#include "tests/hostile/box.hpp"

#include <thread>

#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>

using namespace hostile;

namespace {

int ran = 0;

t<std::uint32_t> same(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n;
}
t<std::uint32_t> other(box_type&, t<std::uint32_t> n) {
  ++ran;
  return n + 1U;
}

/// A frame of 16 KiB, as a callback that reads a file or formats a message has.
t<std::uint32_t> with_a_buffer(box_type&, t<std::uint32_t> n) {
  ++ran;
  char buffer[16384];
  char* volatile all = buffer;
  std::memset(all, 1, sizeof buffer);
  return n;
}

/// Runs `body` on a thread whose stack lies right above a canary, with one guard page between.
template <typename F>
bool on_a_stack_above_a_canary(F& body) {
  constexpr std::size_t page = 4096;
  constexpr std::size_t stack = 1 << 20;
  constexpr std::size_t below = 1 << 18;
  auto* const all = static_cast<unsigned char*>(mmap(
      nullptr, below + page + stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  std::memset(all, 0xA7, below);
  mprotect(all + below, page, PROT_NONE);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, all + below + page, stack);
  pthread_t thread;
  pthread_create(
      &thread, &attributes,
      [](void* self) -> void* {
        (*static_cast<F*>(self))();
        return nullptr;
      },
      &body);
  pthread_join(thread, nullptr);
  for (std::size_t i = 0; i < below; ++i) {
    if (all[i] != 0xA7) {
      return false;
    }
  }
  return true;
}

#if !defined(__SANITIZE_ADDRESS__)
/// Runs `body` on a stack of its own, of which the runtime is told; the canary below it is intact.
template <typename F>
bool on_a_coroutine(F&& body) {
  static F* volatile next = nullptr;
  static ucontext_t outside;
  static ucontext_t inside;
  constexpr std::size_t page = 4096;
  constexpr std::size_t stack = 1 << 18;
  constexpr std::size_t below = 1 << 18;
  auto* const all = static_cast<unsigned char*>(mmap(
      nullptr, below + page + stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  std::memset(all, 0xA7, below);
  mprotect(all + below, page, PROT_NONE);
  const rlbox_wasm2c_stack region(all + below + page, stack);
  next = &body;
  getcontext(&inside);
  inside.uc_stack.ss_sp = all + below + page;
  inside.uc_stack.ss_size = stack;
  inside.uc_link = &outside;
  makecontext(&inside, +[] { (*next)(); }, 0);
  swapcontext(&outside, &inside);
  for (std::size_t i = 0; i < below; ++i) {
    if (all[i] != 0xA7) {
      return false;
    }
  }
  return true;
}
#endif

}  // namespace

// ---- the host's stack ----

BEHAVIOUR("B4-a", "recurses on the host's stack, then calls a callback with a buffer of 16 KiB",
          traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(with_a_buffer);
  box.invoke_sandbox_function(keep, callback);
  auto body = [&] {
    quietly(k, [&] { box.invoke_sandbox_function(call_kept_at_the_end_of_the_host_stack, 1U); });
  };
  REQUIRE(on_a_stack_above_a_canary(body));
}

BEHAVIOUR("B4-b",
          "recurses, then calls a callback with a buffer of 16 KiB, on a thread of the application",
          traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(with_a_buffer);
  box.invoke_sandbox_function(keep, callback);
  std::thread thread([&] {
    quietly(k, [&] { box.invoke_sandbox_function(call_kept_at_the_end_of_the_host_stack, 1U); });
  });
  thread.join();
}

BEHAVIOUR("B4-c", "recurses on the main thread, then calls a callback", traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(with_a_buffer);
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(call_kept_at_the_end_of_the_host_stack, 1U);
}

BEHAVIOUR("B4-d", "calls a callback that calls it again, until the stack is used up",
          traps(stack_exhausted)) {
  static sandbox_callback_hostile<number_callback>* self = nullptr;
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        char buffer[16384];
        char* volatile all = buffer;
        std::memset(all, 1, sizeof buffer);
        if (sandbox.get_sandbox_impl()->has_trapped()) {
          return n;
        }
        return sandbox.invoke_sandbox_function(call_number, *self, n + 1U);
      });
  self = &callback;
  box.invoke_sandbox_function(call_number, callback, 1U);
}

BEHAVIOUR("B4-e", "recurses, then prints into a function of the application with a large buffer",
          traps(stack_exhausted)) {
  k.options.standard_output = rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t) {
    char buffer[16384];
    char* volatile all = buffer;
    std::memset(all, 1, sizeof buffer);
    return true;
  });
  auto& box = box_of(k);
  auto body = [&] {
    quietly(k, [&] { box.invoke_sandbox_function(print_at_the_end_of_the_host_stack, 1U); });
  };
  REQUIRE(on_a_stack_above_a_canary(body));
}

BEHAVIOUR("S12-a", "recurses, then calls a callback that needs more than the default reserve",
          traps(stack_exhausted)) {
  k.options.stack_reserve = 512 << 10;
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    char buffer[400000];
    char* volatile all = buffer;
    std::memset(all, 1, sizeof buffer);
    return n;
  });
  box.invoke_sandbox_function(keep, callback);
  auto body = [&] {
    quietly(k, [&] { box.invoke_sandbox_function(call_kept_at_the_end_of_the_host_stack, 1U); });
  };
  REQUIRE(on_a_stack_above_a_canary(body));
}

#if !defined(__SANITIZE_ADDRESS__)
BEHAVIOUR("S12-b", "recurses on a coroutine's stack, then calls a callback",
          traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(with_a_buffer);
  box.invoke_sandbox_function(keep, callback);
  REQUIRE(on_a_coroutine([&] {
    quietly(k, [&] { box.invoke_sandbox_function(call_kept_at_the_end_of_the_host_stack, 1U); });
  }));
}

BEHAVIOUR("S12-c", "overflows a coroutine's stack", traps(stack_exhausted)) {
  auto& box = box_of(k);
  REQUIRE(on_a_coroutine(
      [&] { quietly(k, [&] { box.invoke_sandbox_function(recurse_on_host, 100000000U); }); }));
}
#endif

BEHAVIOUR("S12-d", "recurses, then grows its memory", traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto body = [&] {
    quietly(k, [&] { box.invoke_sandbox_function(grow_at_the_end_of_the_host_stack, 1U); });
  };
  REQUIRE(on_a_stack_above_a_canary(body));
}

BEHAVIOUR("S12-e", "recurses, then asks for random bytes", traps(stack_exhausted)) {
  auto& box = box_of(k);
  auto body = [&] {
    quietly(k, [&] { box.invoke_sandbox_function(random_at_the_end_of_the_host_stack, 1U); });
  };
  REQUIRE(on_a_stack_above_a_canary(body));
}

// ---- who may be called ----

BEHAVIOUR("S13-a", "keeps a callback and calls it after it is unregistered", traps(bad_call)) {
  auto& box = box_of(k);
  {
    auto callback = box.register_callback(same);
    box.invoke_sandbox_function(keep, callback);
    REQUIRE(box.invoke_sandbox_function(call_kept, 7U).copy_and_verify(as_it_is) == 7);
  }
  box.invoke_sandbox_function(call_kept, 7U);
  REQUIRE(ran == 1);
}

BEHAVIOUR("S13-b", "calls an unregistered callback's index with each type", traps(bad_call)) {
  auto& box = box_of(k);
  std::uint32_t index = 0;
  {
    auto callback = box.register_callback(same);
    index = box.invoke_sandbox_function(index_of, callback).copy_and_verify(as_it_is);
  }
  box.invoke_sandbox_function(call_index_as_two, index, 1U, 2U);
}

BEHAVIOUR("S13-c", "calls a callback that comes after the one it kept, of the same type",
          harmless()) {
  auto& box = box_of(k);
  {
    auto callback = box.register_callback(same);
    box.invoke_sandbox_function(keep, callback);
  }
  // The index may stand for a callback of the same type that is registered now; for nothing else.
  auto callback = box.register_callback(other);
  const auto index = box.invoke_sandbox_function(index_of, callback).copy_and_verify(as_it_is);
  REQUIRE(box.invoke_sandbox_function(call_index, index, 7U).copy_and_verify(as_it_is) == 8);
  REQUIRE(ran == 1);
}

BEHAVIOUR("S13-d", "calls every index of the table for a callback of two numbers",
          traps(bad_call)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  const auto index = box.invoke_sandbox_function(index_of, callback).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(call_index_as_two, index, 1U, 2U);
  REQUIRE(ran == 0);
}

BEHAVIOUR("H-FUN-01", "calls a callback as a function without parameters", traps(bad_call)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(call_index_as_plain, box.invoke_sandbox_function(index_of, callback));
  REQUIRE(ran == 0);
}

BEHAVIOUR("H-FUN-02", "calls a callback as a function of doubles", traps(bad_call)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(call_index_as_double,
                              box.invoke_sandbox_function(index_of, callback));
  REQUIRE(ran == 0);
}

BEHAVIOUR("H-FUN-03", "calls a callback with 64 bits for its 32", traps(bad_call)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(call_index_as_wide, box.invoke_sandbox_function(index_of, callback),
                              ~std::uint64_t{0});
  REQUIRE(ran == 0);
}

BEHAVIOUR("H-FUN-04", "calls a function pointer behind the end of the table", traps(bad_call)) {
  box_of(k).invoke_sandbox_function(call_index, 0x7FFFFFFFU, 1U);
}

BEHAVIOUR("H-FUN-05", "calls the last function pointer that 32 bits can name", traps(bad_call)) {
  box_of(k).invoke_sandbox_function(call_index, 0xFFFFFFFFU, 1U);
}

BEHAVIOUR("H-FUN-06", "calls an empty entry behind its callbacks", traps(bad_call)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  const auto index = box.invoke_sandbox_function(index_of, callback).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(call_index, index + 1, 1U);
}

BEHAVIOUR("H-FUN-07", "returns a forged function pointer, which the application gives back",
          traps(bad_call)) {
  auto& box = box_of(k);
  const auto f = box.invoke_sandbox_function(function_at, 0x12345U);
  box.invoke_sandbox_function(call_number, f, 1U);
}

BEHAVIOUR("H-FUN-08", "returns a forged function pointer, whose address the application looks at",
          harmless()) {
  auto& box = box_of(k);
  const auto address = box.invoke_sandbox_function(function_at, 0x12345U)
                           .copy_and_verify_address([](std::uintptr_t a) { return a; });
  // Not callable, and no code of the application.
  const auto base = reinterpret_cast<std::uintptr_t>(box.get_memory_location());
  REQUIRE(address - base >= (std::uintptr_t{1} << 32));
  REQUIRE(address - base < (std::uintptr_t{1} << 33));
}

BEHAVIOUR("H-FUN-09", "returns the index of a callback as a function pointer", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  const auto index = box.invoke_sandbox_function(index_of, callback).copy_and_verify(as_it_is);
  const auto f = box.invoke_sandbox_function(function_at, index);
  REQUIRE(box.invoke_sandbox_function(call_number, f, 5U).copy_and_verify(as_it_is) == 5);
}

BEHAVIOUR("H-FUN-10", "writes a forged function pointer into a struct, and calls it",
          traps(bad_call)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  box.invoke_sandbox_function(call_action, p, 1);
}

BEHAVIOUR("H-FUN-11", "gives the application a forged function pointer to copy between structs",
          traps(bad_call)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  auto q = box.malloc_in_sandbox<record>();
  q->act = p->act;
  box.invoke_sandbox_function(call_action, q, 1);
}

BEHAVIOUR("H-FUN-12", "is given one of its own functions, and another callback's type",
          traps(bad_call)) {
  auto& box = box_of(k);
  const auto own = box.invoke_sandbox_function(own_index).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(call_index_as_double, own);
}

BEHAVIOUR("H-FUN-13", "uses up the entries for callbacks",
          refused("refused: RLBox: the function table")) {
  k.options.max_callbacks = 1;
  auto& box = box_of(k);
  auto first = box.register_callback(same);
  auto second = box.register_callback(other);
}

BEHAVIOUR("H-FUN-14", "passes a forged function pointer to a callback that returns it",
          harmless()) {
  auto& box = box_of(k);
  auto finder = box.register_callback(
      +[](box_type&, t<number_callback> f) -> t<number_callback> { return f; });
  const auto index =
      box.invoke_sandbox_function(call_finder, finder, 0x4321U).copy_and_verify(as_it_is);
  REQUIRE(index == 0x4321U);
}

// ---- what callbacks get and do ----

BEHAVIOUR("H-CBK-01", "passes a pointer of 2^32-1 to a callback that verifies it",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<int*> p) {
    p.copy_and_verify([](std::unique_ptr<int> value) { return value ? *value : 0; });
  });
  box.invoke_sandbox_function(call_pointer, callback, 0xFFFFFFFFU);
}

BEHAVIOUR("H-CBK-02", "passes text without an end to a callback", refused(no_terminator)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<const char*> text) {
    text.copy_and_verify_string([](std::string s) { return s; });
  });
  const std::uint32_t from = end_of(box) - 16;
  box.invoke_sandbox_function(fill, from, 16U, 65U);
  box.invoke_sandbox_function(call_text, callback, from);
}

BEHAVIOUR("H-CBK-03", "passes null text to a callback", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<const char*> text) {
    ran += text.copy_and_verify_string([](std::string s) { return s.empty(); }) ? 1 : 0;
  });
  box.invoke_sandbox_function(call_text, callback, 0U);
  REQUIRE(ran == 1);
}

BEHAVIOUR("H-CBK-04", "passes a buffer and a size that do not fit together",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<char*> data, t<std::size_t> size) {
    const auto count = size.copy_and_verify(as_it_is);
    data.copy_and_verify_range([](std::unique_ptr<char[]> bytes) { return bytes[0]; }, count);
  });
  box.invoke_sandbox_function(call_size, callback, 65536U, 0xFFFFFFFFU);
}

BEHAVIOUR("H-CBK-05", "passes a struct of wild pointers to a callback", refused(no_terminator)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  auto callback = box.register_callback(+[](box_type&, t<record> r) {
    r.name.copy_and_verify_string([](std::string s) { return s; });
  });
  box.invoke_sandbox_function(call_record, callback,
                              static_cast<std::uint32_t>(p.UNSAFE_sandboxed(box)));
}

BEHAVIOUR("H-CBK-06", "passes a NaN to a callback", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<double> d) -> t<double> {
    return d.copy_and_verify([](double value) { return value == value ? value : 0.0; });
  });
  REQUIRE(box.invoke_sandbox_function(call_double, callback, std::uint64_t{0x7FF8000000000001})
              .copy_and_verify(as_it_is) == 0.0);
}

BEHAVIOUR("H-CBK-07", "traps after its callback has returned", traps(unreachable)) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(call_kept_then_trap, 1U);
}

BEHAVIOUR("H-CBK-08", "traps in a call that a callback makes", traps(division_by_zero)) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        return sandbox.invoke_sandbox_function(divide, n, 0U);
      });
  box.invoke_sandbox_function(call_number, callback, 1U);
}

BEHAVIOUR("H-CBK-09", "calls a callback that unregisters itself", harmless()) {
  static sandbox_callback_hostile<number_callback>* self = nullptr;
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    ++ran;
    self->unregister();
    return n;
  });
  self = &callback;
  REQUIRE(box.invoke_sandbox_function(call_number, callback, 1U).copy_and_verify(as_it_is) == 1);
  REQUIRE(ran == 1);
}

BEHAVIOUR("H-CBK-10", "calls a callback again that has unregistered itself", traps(bad_call)) {
  static sandbox_callback_hostile<number_callback>* self = nullptr;
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    ++ran;
    self->unregister();
    return n;
  });
  self = &callback;
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(call_kept_times, 1U, 2U);
  REQUIRE(ran == 1);
}

BEHAVIOUR("H-CBK-11", "is one of two sandboxes that call each other through callbacks",
          harmless()) {
  static box_type* second = nullptr;
  static sandbox_callback_hostile<number_callback>* inner = nullptr;
  auto& a = box_of(k);
  auto& b = box_of(k);
  second = &b;
  auto in_b = b.register_callback(same);
  inner = &in_b;
  auto in_a = a.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    return second->invoke_sandbox_function(call_number, *inner, n.copy_and_verify(as_it_is))
        .copy_and_verify(as_it_is);
  });
  REQUIRE(a.invoke_sandbox_function(call_number, in_a, 7U).copy_and_verify(as_it_is) == 7);
}

BEHAVIOUR("H-CBK-12", "is the second of two sandboxes, and traps below the first's callback",
          traps(out_of_bounds)) {
  static box_type* second = nullptr;
  auto& a = box_of(k);
  auto& b = box_of(k);
  second = &b;
  auto in_a = a.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    second->invoke_sandbox_function(store8, 0x70000000U, 1U);
    return n;
  });
  quietly(k, [&] { a.invoke_sandbox_function(call_number, in_a, 7U); });
  REQUIRE(b.get_sandbox_impl()->has_trapped());
}

BEHAVIOUR("H-CBK-13", "calls A, which calls B, which calls A again, and traps there",
          traps(unreachable)) {
  static box_type* outer = nullptr;
  static box_type* second = nullptr;
  static sandbox_callback_hostile<number_callback>* inner = nullptr;
  auto& a = box_of(k);
  auto& b = box_of(k);
  outer = &a;
  second = &b;
  auto in_b = b.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    outer->invoke_sandbox_function(give_up);
    return n;
  });
  inner = &in_b;
  auto in_a = a.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    second->invoke_sandbox_function(call_number, *inner, 1U);
    return n;
  });
  a.invoke_sandbox_function(call_number, in_a, 7U);
}

BEHAVIOUR("H-CBK-14", "calls a callback 100 000 times", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(same);
  box.invoke_sandbox_function(keep, callback);
  box.invoke_sandbox_function(call_kept_times, 1U, 100000U);
  REQUIRE(ran == 100000);
}

BEHAVIOUR("H-CBK-15", "overwrites its own stack while a callback runs", harmless()) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        sandbox.invoke_sandbox_function(memory_fill, 0U, 0x41U, 32768U);
        return n;
      });
  box.invoke_sandbox_function(call_number, callback, 7U);
}

BEHAVIOUR("H-CBK-16", "grows its memory while a callback holds a pointer", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type& sandbox, t<int*> p) {
    *p = 1;
    sandbox.invoke_sandbox_function(grow, 64U);
    *p = 2;
  });
  box.invoke_sandbox_function(call_pointer, callback, 65600U);
}

#if defined(RLBOX_USE_EXCEPTIONS)
BEHAVIOUR("H-CBK-17", "calls a callback that throws", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    if (ran++ < 1000) {
      throw 42;
    }
    return n;
  });
  for (int i = 0; i < 1000; ++i) {
    bool caught = false;
    try {
      box.invoke_sandbox_function(call_number, callback, 7U);
    } catch (int value) {
      caught = value == 42;
    }
    REQUIRE(caught);
  }
  REQUIRE(box.invoke_sandbox_function(call_number, callback, 7U).copy_and_verify(as_it_is) == 7);
}

BEHAVIOUR("H-CBK-18", "traps in a call that a callback makes, which throws something else on",
          traps(unreachable)) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        try {
          sandbox.invoke_sandbox_function(give_up);
        } catch (const rlbox_wasm2c_trap_error&) {
          throw 42;
        }
        return n;
      });
  try {
    box.invoke_sandbox_function(call_number, callback, 7U);
  } catch (int) {
  }
  REQUIRE(box.get_sandbox_impl()->has_trapped());
}
#endif

// ---- sandboxes that end while they are in use ----

BEHAVIOUR("M5-a", "calls a callback that destroys the sandbox", not_destroyed()) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        sandbox.destroy_sandbox();
        return n;
      });
  box.invoke_sandbox_function(call_number, callback, 7U);
}

BEHAVIOUR("M5-b", "calls a callback that creates the sandbox again",
          refused("refused: RLBox: create_sandbox was called on a sandbox that exists already")) {
  auto& box = box_of(k);
  auto callback =
      box.register_callback(+[](box_type& sandbox, t<std::uint32_t> n) -> t<std::uint32_t> {
        sandbox.create_sandbox();
        return n;
      });
  box.invoke_sandbox_function(call_number, callback, 7U);
}

BEHAVIOUR("M5-c", "calls a callback that destroys another sandbox", harmless()) {
  static box_type* second = nullptr;
  auto& a = box_of(k);
  box_type b;
  b.create_sandbox(k.options);
  second = &b;
  auto callback = a.register_callback(+[](box_type&, t<std::uint32_t> n) -> t<std::uint32_t> {
    second->destroy_sandbox();
    return n;
  });
  REQUIRE(a.invoke_sandbox_function(call_number, callback, 7U).copy_and_verify(as_it_is) == 7);
}
