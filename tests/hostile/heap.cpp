// The library's own allocator, constructors and destructors.
#include "hostile_heap.rlbox.h"
#include "tests/hostile/kit.hpp"

#include <chrono>

using namespace hostile;

// Constructors that trap: the sandbox cannot be created, which is a failed check with the report as
// its sentence. Without exceptions the process ends with that report.
#if defined(RLBOX_USE_EXCEPTIONS)
#define NO_SANDBOX(reason) refused("refused: sandbox attacker: " reason)
#else
#define NO_SANDBOX(reason) traps("trap: " reason)
#endif

namespace {

using heap_box = rlbox_sandbox_hostile_heap;
template <typename T>
using h = tainted_hostile_heap<T>;
template <typename T>
using owner = sandbox_unique_ptr<
    T, std::remove_pointer_t<decltype(std::declval<heap_box&>().get_sandbox_impl())>>;

constexpr const char* outside_of_the_sandbox =
    "refused: RLBox: the sandbox's malloc returned memory outside of the sandbox";
constexpr const char* time_limit = "trap: time limit reached";

heap_box& heap_of(kit& k) { return k.make<heap_box>(); }

/// A sandbox whose constructors do something.
heap_box& begin_with(kit& k, const char* what) {
  k.options.environment = {std::string("BEGIN=") + what};
  return heap_of(k);
}

heap_box& allocating(kit& k, int what, std::uint32_t number = 0) {
  auto& box = heap_of(k);
  box.invoke_sandbox_function(choose_malloc, what, number);
  return box;
}

int ran = 0;

}  // namespace

// ---- malloc ----

BEHAVIOUR("H-MAL-01", "allocates null", harmless()) {
  REQUIRE(allocating(k, 'n').malloc_in_sandbox<int>(4) == nullptr);
}

BEHAVIOUR("H-MAL-02", "allocates at a wild address", refused(outside_of_the_sandbox)) {
  static_cast<void>(allocating(k, 'n', 0x70000000U).malloc_in_sandbox<int>(4));
}

BEHAVIOUR("H-MAL-03", "allocates at its last address", refused(outside_of_the_sandbox)) {
  static_cast<void>(allocating(k, 'n', 0xFFFFFFFFU).malloc_in_sandbox<int>(4));
}

BEHAVIOUR("H-MAL-04", "allocates across the end of its memory", refused(outside_of_the_sandbox)) {
  static_cast<void>(allocating(k, 'e', 15).malloc_in_sandbox<char>(16));
}

BEHAVIOUR("H-MAL-05", "allocates the last bytes of its memory", harmless()) {
  auto& box = allocating(k, 'e', 16);
  auto p = box.malloc_in_sandbox<char>(16);
  rlbox::memset(box, p, 1, 16);
}

BEHAVIOUR("H-MAL-06", "allocates one place again and again", harmless()) {
  auto& box = allocating(k, 'n', 70000);
  auto p = box.malloc_in_sandbox<int>(4);
  auto q = box.malloc_in_sandbox<int>(4);
  *p = 1;
  *q = 2;
  REQUIRE(p->copy_and_verify(as_it_is) == 2);
}

BEHAVIOUR("H-MAL-07", "allocates its own code's data and its stack", harmless()) {
  auto& box = allocating(k, 'n', 16);
  auto p = box.malloc_in_sandbox<char>(65000);
  rlbox::memset(box, p, 0xFF, 65000);
}

BEHAVIOUR("H-MAL-08", "allocates at an odd address", misaligned()) {
  auto& box = allocating(k, 'n', 70001);
  auto p = box.malloc_in_sandbox<double>(4);
  *p = 1.0;
  const h<double> value = *p;
  REQUIRE(value.copy_and_verify(as_it_is) == 1.0);
}

BEHAVIOUR("H-MAL-09", "traps in malloc", traps(unreachable)) {
  static_cast<void>(allocating(k, 't').malloc_in_sandbox<int>(4));
}

BEHAVIOUR("H-MAL-10", "calls exit in malloc", traps(guest_exit)) {
  static_cast<void>(allocating(k, 'x').malloc_in_sandbox<int>(4));
}

BEHAVIOUR("H-MAL-11", "never returns from malloc", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  static_cast<void>(allocating(k, 'l').malloc_in_sandbox<int>(4));
}

BEHAVIOUR("H-MAL-12", "recurses in malloc", traps(stack_exhausted)) {
  static_cast<void>(allocating(k, 'r').malloc_in_sandbox<int>(4));
}

BEHAVIOUR("H-MAL-13", "takes all memory in malloc", harmless()) {
  k.options.max_memory = 4U << 20;
  auto& box = allocating(k, 'g');
  static_cast<void>(box.malloc_in_sandbox<int>(4));
  REQUIRE(box.get_total_memory() <= (4U << 20));
}

BEHAVIOUR("H-MAL-14", "calls a callback in malloc, which allocates", harmless()) {
  auto& box = heap_of(k);
  auto callback = box.register_callback(+[](heap_box& sandbox) {
    if (ran++ < 5) {
      static_cast<void>(sandbox.malloc_in_sandbox<int>(4));
    }
  });
  box.invoke_sandbox_function(keep_callback, callback);
  box.invoke_sandbox_function(choose_malloc, static_cast<int>('c'), 0U);
  REQUIRE(box.malloc_in_sandbox<int>(4) != nullptr);
}

BEHAVIOUR("H-MAL-15", "allocates at a wild address for text of the application",
          refused(outside_of_the_sandbox)) {
  auto& box = allocating(k, 'n', 0x70000000U);
  static_cast<void>(make_sandbox_string(box, "text of the application"));
}

BEHAVIOUR("H-MAL-16", "allocates null for text of the application", harmless()) {
  auto& box = allocating(k, 'n', 0);
  const auto text = make_sandbox_string(box, "text of the application");
  REQUIRE(text.get() == nullptr);
}

BEHAVIOUR("H-MAL-17", "allocates null for a buffer that is handed over", harmless()) {
  auto& box = allocating(k, 'n', 0);
  char data[16] = {};
  bool copied = false;
  REQUIRE(copy_memory_or_grant_access(box, data, sizeof data, false, copied) == nullptr);
}

BEHAVIOUR("H-MAL-18", "allocates at the first address for an application pointer's token",
          harmless()) {
  auto& box = allocating(k, 'n', 1);
  static int value = 1;
  auto token = box.get_app_pointer(&value);
  REQUIRE(box.lookup_app_ptr(token.to_tainted()) == &value);
}

BEHAVIOUR("S9-b", "allocates wildly while structs are passed", harmless()) {
  auto& box = allocating(k, 'n', 0x70000000U);
  h<triple> value{};
  value.a = 1U;
  value.b = 2U;
  value.c = 3U;
  REQUIRE(box.invoke_sandbox_function(triple_sum, value).copy_and_verify(as_it_is) == 6);
}

// ---- free ----

BEHAVIOUR("M3-a", "traps in free, which an owner's destructor calls", traps(unreachable)) {
  auto& box = heap_of(k);
  {
    owner<int> memory(box, box.malloc_in_sandbox<int>(4));
    box.invoke_sandbox_function(choose_free, static_cast<int>('t'));
  }
  REQUIRE(k.trapped());
}

BEHAVIOUR("M3-b", "calls exit in free, which an owner's destructor calls", traps(guest_exit)) {
  auto& box = heap_of(k);
  owner<int> memory(box, box.malloc_in_sandbox<int>(4));
  box.invoke_sandbox_function(choose_free, static_cast<int>('x'));
  memory.reset();
  REQUIRE(k.trapped());
}

BEHAVIOUR("M3-c", "never returns from free, which an owner's destructor calls", traps(time_limit)) {
  k.options.time_limit = std::chrono::milliseconds(100);
  auto& box = heap_of(k);
  owner<int> memory(box, box.malloc_in_sandbox<int>(4));
  box.invoke_sandbox_function(choose_free, static_cast<int>('l'));
  memory.reset();
  REQUIRE(k.trapped());
}

BEHAVIOUR("M3-d", "writes outside of its memory in free", traps(out_of_bounds)) {
  auto& box = heap_of(k);
  const auto p = box.malloc_in_sandbox<int>(4);
  box.invoke_sandbox_function(choose_free, static_cast<int>('w'));
  box.free_in_sandbox(p);
}

BEHAVIOUR("M3-e", "recurses in free, which an owner's destructor calls", traps(stack_exhausted)) {
  auto& box = heap_of(k);
  owner<int> memory(box, box.malloc_in_sandbox<int>(4));
  box.invoke_sandbox_function(choose_free, static_cast<int>('r'));
}

BEHAVIOUR("H-FRE-01", "calls a callback in free, which frees", harmless()) {
  auto& box = heap_of(k);
  auto callback = box.register_callback(+[](heap_box& sandbox) {
    if (ran++ < 5) {
      sandbox.free_in_sandbox(sandbox.malloc_in_sandbox<int>(4));
    }
  });
  box.invoke_sandbox_function(keep_callback, callback);
  box.invoke_sandbox_function(choose_free, static_cast<int>('c'));
  box.free_in_sandbox(box.malloc_in_sandbox<int>(4));
  REQUIRE(ran == 6);
  box.invoke_sandbox_function(choose_free, 0);
}

BEHAVIOUR("H-FRE-02", "traps in free of a source that is handed over", traps(unreachable)) {
  auto& box = heap_of(k);
  const auto p = box.malloc_in_sandbox<char>(16);
  box.invoke_sandbox_function(choose_free, static_cast<int>('t'));
  bool copied = false;
  std::free(copy_memory_or_deny_access(box, p, 16, true, copied));
}

// ---- constructors and destructors ----

BEHAVIOUR("H-CTR-01", "traps in a constructor", NO_SANDBOX("unreachable")) { begin_with(k, "t"); }

BEHAVIOUR("H-CTR-02", "calls exit in a constructor", NO_SANDBOX("the library called exit")) {
  begin_with(k, "x");
}

BEHAVIOUR("H-CTR-03", "writes outside of its memory in a constructor",
          NO_SANDBOX("out-of-bounds")) {
  begin_with(k, "w");
}

BEHAVIOUR("H-CTR-04", "recurses in a constructor", NO_SANDBOX("stack exhausted")) {
  begin_with(k, "r");
}

BEHAVIOUR("H-CTR-05", "loops for ever in a constructor", NO_SANDBOX("time limit")) {
  k.options.time_limit = std::chrono::milliseconds(100);
  begin_with(k, "l");
}

BEHAVIOUR("H-CTR-06", "takes all memory in a constructor", harmless()) {
  k.options.max_memory = 4U << 20;
  auto& box = begin_with(k, "g");
  REQUIRE(box.get_total_memory() <= (4U << 20));
}

BEHAVIOUR("H-CTR-07", "calls the null function pointer in a constructor",
          NO_SANDBOX("call through")) {
  begin_with(k, "c");
}

BEHAVIOUR("H-CTR-08", "traps in a constructor of a sandbox that need not be", harmless()) {
  k.options.infallible = false;
  k.options.environment = {"BEGIN=t"};
  heap_box box;
  REQUIRE(!box.create_sandbox(k.options));
  k.options.environment.clear();
  REQUIRE(box.create_sandbox(k.options));
  REQUIRE(box.invoke_sandbox_function(started).copy_and_verify(as_it_is) == 1);
  box.destroy_sandbox();
}

BEHAVIOUR("H-DTR-01", "traps in a destructor", {"trap: unreachable", "harmless"}) {
  heap_of(k).invoke_sandbox_function(choose_end, static_cast<int>('t'));
}

BEHAVIOUR("H-DTR-02", "calls exit in a destructor", {"trap: the library called exit", "harmless"}) {
  heap_of(k).invoke_sandbox_function(choose_end, static_cast<int>('x'));
}

BEHAVIOUR("H-DTR-03", "calls a callback in a destructor, when the application's are gone",
          {bad_call, "harmless"}) {
  auto& box = heap_of(k);
  auto callback = box.register_callback(+[](heap_box&) { ++ran; });
  box.invoke_sandbox_function(keep_callback, callback);
  box.invoke_sandbox_function(choose_end, static_cast<int>('c'));
  box.destroy_sandbox();
  REQUIRE(ran == 0);
  box.create_sandbox(k.options);
}

BEHAVIOUR("H-DTR-04", "loops for ever in a destructor", {"trap: time limit reached", "harmless"}) {
  k.options.time_limit = std::chrono::milliseconds(100);
  heap_of(k).invoke_sandbox_function(choose_end, static_cast<int>('l'));
}

BEHAVIOUR("H-DTR-05", "recurses in a destructor", {stack_exhausted, "harmless"}) {
  heap_of(k).invoke_sandbox_function(choose_end, static_cast<int>('r'));
}
