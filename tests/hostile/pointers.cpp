// Pointers that the library returns, and what the application computes with them.
#include "tests/hostile/box.hpp"

#include <atomic>
#include <limits>
#include <thread>

using namespace hostile;

namespace {

constexpr std::uint64_t wide = ~std::uint64_t{0};
constexpr const char* token_type = "refused: RLBox: ";

int int_or_zero(std::unique_ptr<int> value) { return value ? *value : 0; }

}  // namespace

// ---- arithmetic ----

BEHAVIOUR("S1-a", "returns a pointer that the application adds 2*10^9 elements to",
          refused(leaves_the_sandbox)) {
  static_cast<void>(box_of(k).invoke_sandbox_function(ints_at, 4096U) + 2000000000);
}

BEHAVIOUR("S1-b", "lets the application step by 10^9 elements again and again",
          refused(leaves_the_sandbox)) {
  auto p = box_of(k).invoke_sandbox_function(chars_at, 4096U);
  for (int i = 0; i < 20; ++i) {
    p = p + 1000000000;
  }
}

BEHAVIOUR("S1-c", "returns a tainted step of 2^64-1 elements", refused(leaves_the_sandbox)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(longs_at, 4096U);
  static_cast<void>(p + box.invoke_sandbox_function(wide_number, wide));
}

BEHAVIOUR("S1-d", "returns a step whose bytes wrap around 64 bits to where it began",
          refused(leaves_the_sandbox)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(doubles_at, 4096U);
  static_cast<void>(p + box.invoke_sandbox_function(wide_number, std::uint64_t{1} << 61));
}

BEHAVIOUR("S1-e", "returns a pointer that the application subtracts from",
          refused(leaves_the_sandbox)) {
  static_cast<void>(box_of(k).invoke_sandbox_function(ints_at, 4096U) - 2000);
}

BEHAVIOUR("S1-f", "returns the smallest number for a subtraction", refused(leaves_the_sandbox)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(ints_at, 4096U);
  static_cast<void>(p - box.invoke_sandbox_function(signed_wide_number,
                                                    std::numeric_limits<std::int64_t>::min()));
}

BEHAVIOUR("S1-g", "returns a pointer that is incremented to the end and further",
          refused(leaves_the_sandbox)) {
  auto& box = box_of(k);
  auto p = box.invoke_sandbox_function(ints_at, end_of(box) - 8);
  ++p;
  p++;
  p += 1;
}

BEHAVIOUR("S1-h", "returns a wild pointer that the application computes with",
          refused(leaves_the_sandbox)) {
  static_cast<void>(box_of(k).invoke_sandbox_function(ints_at, 0xFFFFFFF0U) + 1);
}

BEHAVIOUR("S1-i", "returns null, and the application adds to it",
          refused("refused: RLBox: pointer arithmetic on a null pointer")) {
  static_cast<void>(box_of(k).invoke_sandbox_function(ints_at, 0U) + 1);
}

BEHAVIOUR("S2", "returns an integer that is added to a pointer of larger elements",
          refused(leaves_the_sandbox)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(longs_at, 4096U);
  static_cast<void>(box.invoke_sandbox_function(number, 0x40000000U) + p);
}

BEHAVIOUR("H-ARI-01", "returns two numbers whose tainted product overflows 32 bits", harmless()) {
  auto& box = box_of(k);
  const auto a = box.invoke_sandbox_function(number, 0x10000U);
  const auto product = (a * a).copy_and_verify([](std::uint32_t n) { return n; });
  REQUIRE(product == 0);
}

BEHAVIOUR("H-ARI-02", "returns a divisor of zero, which the application verifies first",
          harmless()) {
  auto& box = box_of(k);
  const auto divisor = box.invoke_sandbox_function(number, 0U).copy_and_verify([](std::uint32_t n) {
    return n != 0 ? n : 1;
  });
  REQUIRE(100 / divisor == 100);
}

// ---- wild pointers ----

BEHAVIOUR("M4-a", "returns a wild pointer that the application writes through", wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(ints_at, 0x70000000U);
  *p = 1;
}

BEHAVIOUR("M4-b", "returns a wild pointer that the application reads through", wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(ints_at, 0x70000000U);
  const t<int> value = *p;
  REQUIRE(value.copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("M4-c", "returns a wild pointer whose first element the application reads",
          wild_element()) {
  auto p = box_of(k).invoke_sandbox_function(ints_at, 0x70000000U);
  static_cast<void>(p[0]);
}

BEHAVIOUR("M4-d", "returns a wild pointer to a struct, of which the application reads a field",
          wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(records_at, 0x70000000U);
  const t<std::uint32_t> size = p->size;
  REQUIRE(size.copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("M4-e", "returns a wild pointer to a struct, of which the application writes a field",
          wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(records_at, 0xFFFFFFF0U);
  p->weight = 1.0;
}

BEHAVIOUR("M4-f", "returns a wild pointer to a struct that the application copies whole",
          wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(records_at, 0x70000000U);
  const t<record> copy = *p;
  REQUIRE(copy.id.copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("M4-g", "writes a wild pointer into a struct, which the application follows",
          wild_access()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  const t<record*> next = p->next;
  const t<int> id = next->id;
  REQUIRE(id.copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("M4-h", "returns an int across the end of its memory, which the application reads",
          wild_access()) {
  auto& box = box_of(k);
  auto p = box.invoke_sandbox_function(ints_at, end_of(box) - 1);
  const t<int> value = *p;
  static_cast<void>(value);
}

BEHAVIOUR("M4-i", "passes a wild pointer to a callback, which writes through it", wild_access()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<int*> p) { *p = 1; });
  box.invoke_sandbox_function(call_pointer, callback, 0x70000000U);
}

BEHAVIOUR("M4-j", "returns a wild pointer to a pointer, which the application reads",
          wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(pointers_at, 0x70000000U);
  const t<char*> inner = *p;
  REQUIRE(inner == nullptr);
}

BEHAVIOUR("S5-a", "returns null, and the application dereferences it",
          refused("refused: RLBox: dereferencing a null tainted pointer")) {
  auto p = box_of(k).invoke_sandbox_function(ints_at, 0U);
  *p = 1;
}

BEHAVIOUR("S5-b", "returns null for a struct, and the application reads a field",
          refused("refused: RLBox: dereferencing a null tainted pointer")) {
  auto p = box_of(k).invoke_sandbox_function(records_at, 0U);
  static_cast<void>(p->id);
}

BEHAVIOUR("S5-c", "returns null for a struct that the application copies", harmless()) {
  const bool there =
      box_of(k)
          .invoke_sandbox_function(records_at, 0U)
          .copy_and_verify([](std::unique_ptr<t<record>> value) { return value != nullptr; });
  REQUIRE(!there);
}

// ---- pointers of others ----

BEHAVIOUR("S10-a", "returns a pointer that the application gives to another sandbox",
          refused("refused: RLBox: a pointer of another sandbox was passed to this sandbox")) {
  auto& box = box_of(k);
  auto& second = box_of(k);
  const auto p = box.invoke_sandbox_function(chars_at, 65536U);
  second.invoke_sandbox_function(print, p);
}

BEHAVIOUR("S10-b", "returns a pointer that is stored into another sandbox",
          refused("refused: RLBox: ")) {
  auto& box = box_of(k);
  auto& second = box_of(k);
  auto p = second.malloc_in_sandbox<record>();
  p->name = box.invoke_sandbox_function(chars_at, 65536U);
}

BEHAVIOUR("S10-c", "returns a function pointer that is given to another sandbox",
          refused("refused: RLBox: a function pointer of one sandbox was given to another")) {
  auto& box = box_of(k);
  auto& second = box_of(k);
  const auto f = box.invoke_sandbox_function(function_at, 1000U);
  second.invoke_sandbox_function(call_number, f, 1U);
}

BEHAVIOUR("S10-d", "gets an address of the application's, wrapped by mistake",
          refused("refused: RLBox: ")) {
  auto& box = box_of(k);
  int local = 0;
  static_cast<void>(box.UNSAFE_accept_pointer(&local));
}

BEHAVIOUR("H-PTR-01", "returns a pointer of the time before the sandbox was created again",
          harmless()) {
  rlbox_sandbox_hostile sandbox;
  sandbox.create_sandbox(k.options);
  const auto p = sandbox.invoke_sandbox_function(ints_at, 70000U);
  sandbox.destroy_sandbox();
  sandbox.create_sandbox(k.options);
  // The address may belong to the new instance, or to none; never to the application.
  const auto address = p.copy_and_verify_address([](std::uintptr_t value) { return value; });
  REQUIRE(address != 0);
  sandbox.destroy_sandbox();
}

BEHAVIOUR("H-PTR-02", "returns a pointer into its own stack, which stays where it is", harmless()) {
  auto& box = box_of(k);
  const auto sp = box.invoke_sandbox_function(get_stack_pointer).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(ints_at, sp - 64).copy_and_verify(int_or_zero);
}

BEHAVIOUR("H-PTR-03", "returns overlapping buffers for a copy", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<char>(64);
  rlbox::memset(box, p, 1, 64);
  rlbox::memcpy(box, p + 1, p, 32);
  rlbox::memcpy(box, p, p + 1, 32);
  REQUIRE(p[0].copy_and_verify(as_it_is) == 1);
}

BEHAVIOUR("H-PTR-04", "compares as equal to null only if it is null", harmless()) {
  auto& box = box_of(k);
  REQUIRE(box.invoke_sandbox_function(ints_at, 0U) == nullptr);
  REQUIRE(box.invoke_sandbox_function(ints_at, 1U) != nullptr);
  REQUIRE(box.invoke_sandbox_function(ints_at, 0xFFFFFFFFU) != nullptr);
}

// ---- app pointers ----

BEHAVIOUR("S6-a", "forges the token of an application pointer", refused(token_type)) {
  auto& box = box_of(k);
  static_cast<void>(box.lookup_app_ptr(box.invoke_sandbox_function(ints_at, 77U)));
}

BEHAVIOUR("S6-b", "returns the token of another type", refused(token_type)) {
  auto& box = box_of(k);
  static double secret = 1.0;
  auto token = box.get_app_pointer(&secret);
  const auto raw = static_cast<std::uint32_t>(token.UNSAFE_sandboxed(box));
  static_cast<void>(box.lookup_app_ptr(box.invoke_sandbox_function(ints_at, raw)));
}

BEHAVIOUR("S6-c", "returns a token after the application has taken it back", refused(token_type)) {
  auto& box = box_of(k);
  static int value = 1;
  std::uint32_t raw = 0;
  {
    auto token = box.get_app_pointer(&value);
    raw = static_cast<std::uint32_t>(token.UNSAFE_sandboxed(box));
  }
  static_cast<void>(box.lookup_app_ptr(box.invoke_sandbox_function(ints_at, raw)));
}

BEHAVIOUR("S6-d", "writes through the token of an application pointer", harmless()) {
  auto& box = box_of(k);
  static int value = 1;
  auto token = box.get_app_pointer(&value);
  const auto raw = static_cast<std::uint32_t>(token.UNSAFE_sandboxed(box));
  box.invoke_sandbox_function(store32, raw, 7U);
  REQUIRE(value == 1);
}

// ---- memory that changes while the application looks ----

BEHAVIOUR("S7-a", "changes a value between the check and the use", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<std::uint32_t>();
  auto* const raw = p.unverified_safe_pointer_because(1, "the attacker's own thread");
  *p = 1U;
  std::atomic<bool> stop{false};
  std::thread attacker([&] {
    for (std::uint32_t i = 0; !stop; ++i) {
      __atomic_store_n(raw, i % 2 == 0 ? 1U : 0xFFFFFFFFU, __ATOMIC_RELAXED);
    }
  });
  for (int i = 0; i < 20000; ++i) {
    const auto value =
        p->copy_and_verify([](std::uint32_t n) { return n < 10 ? n : std::uint32_t{10}; });
    REQUIRE(value <= 10);
  }
  stop = true;
  attacker.join();
}

BEHAVIOUR("S7-b", "takes the end of a string away while it is copied", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<char>(4096);
  rlbox::memset(box, p, 65, 4096);
  p[4095] = '\0';
  auto* const raw = p.unverified_safe_pointer_because(4096, "the attacker's own thread");
  std::atomic<bool> stop{false};
  std::thread attacker([&] {
    while (!stop) {
      __atomic_store_n(raw + 100, '\0', __ATOMIC_RELAXED);
      __atomic_store_n(raw + 100, 'A', __ATOMIC_RELAXED);
    }
  });
  for (int i = 0; i < 5000; ++i) {
    const auto size = p.copy_and_verify_string([](std::string text) {
      return std::strlen(text.c_str()) == text.size() ? text.size() : std::size_t{99999};
    });
    REQUIRE(size <= 4095);
  }
  stop = true;
  attacker.join();
}

BEHAVIOUR("S7-c", "changes a struct while it is copied", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0, 64);
  auto* const raw = rlbox::sandbox_reinterpret_cast<char*>(p).unverified_safe_pointer_because(
      16, "the attacker's own thread");
  std::atomic<bool> stop{false};
  std::thread attacker([&] {
    while (!stop) {
      for (int i = 0; i < 12; ++i) {
        __atomic_store_n(raw + i, static_cast<char>(i * 37), __ATOMIC_RELAXED);
      }
      for (int i = 0; i < 12; ++i) {
        __atomic_store_n(raw + i, '\0', __ATOMIC_RELAXED);
      }
    }
  });
  for (int i = 0; i < 5000; ++i) {
    p.copy_and_verify([&](std::unique_ptr<t<record>> copy) {
      const auto first = copy->size.copy_and_verify(as_it_is);
      REQUIRE(copy->size.copy_and_verify(as_it_is) == first);
      return 0;
    });
  }
  stop = true;
  attacker.join();
}

BEHAVIOUR("S7-d", "changes a pointer in memory between its check and its use", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<char*>();
  auto text = box.malloc_in_sandbox<char>(16);
  rlbox::memset(box, text, 0, 16);
  *p = text;
  auto* const raw = reinterpret_cast<std::uint32_t*>(
      p.copy_and_verify_address([](std::uintptr_t value) { return value; }));
  const std::uint32_t good = *raw;
  std::atomic<bool> stop{false};
  std::thread attacker([&] {
    while (!stop) {
      __atomic_store_n(raw, 0U, __ATOMIC_RELAXED);
      __atomic_store_n(raw, good, __ATOMIC_RELAXED);
    }
  });
  for (int i = 0; i < 20000; ++i) {
    const t<char*> inner = *p;
    REQUIRE(inner.copy_and_verify_string([](std::string s) { return s.empty(); }));
  }
  stop = true;
  attacker.join();
}

BEHAVIOUR("S7-e", "changes an argument of memcpy's length while it is used", harmless()) {
  auto& box = box_of(k);
  auto length = box.malloc_in_sandbox<std::uint32_t>();
  *length = 16U;
  auto* const raw = length.unverified_safe_pointer_because(1, "the attacker's own thread");
  auto to = box.malloc_in_sandbox<char>(64);
  char from[16] = {};
  std::atomic<bool> stop{false};
  std::thread attacker([&] {
    while (!stop) {
      __atomic_store_n(raw, 3U, __ATOMIC_RELAXED);
      __atomic_store_n(raw, 16U, __ATOMIC_RELAXED);
    }
  });
  for (int i = 0; i < 20000; ++i) {
    rlbox::memcpy(box, to, from, *length);
  }
  stop = true;
  attacker.join();
}

// ---- ranges ----

BEHAVIOUR("S8-a", "returns a range that begins outside and ends inside", refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(chars_at, 0xFFFFFFF0U);
  p.copy_and_verify_range([](std::unique_ptr<char[]>) { return 0; }, 65536U);
}

BEHAVIOUR("S9", "has no memory for what the application copies in", harmless()) {
  k.options.max_memory = 4U << 20;
  auto& box = box_of(k);
  box.invoke_sandbox_function(malloc_until_refused, 65536U);
  bool copied = false;
  std::vector<char> data(1 << 20);
  const auto p = copy_memory_or_grant_access(box, data.data(), data.size(), false, copied);
  REQUIRE(p == nullptr);
  REQUIRE(!copied);
}
