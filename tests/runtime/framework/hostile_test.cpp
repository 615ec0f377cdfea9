// Sandbox memory under attack: while the framework converts and verifies, another thread rewrites
// everything; and pointers and lengths are random. Whatever happens, the application's copy is
// consistent and no address leaves the sandbox. S7: a value is fetched once.
//
// The same seed gives the same pointers and lengths in every run. The rewriting thread is a data
// race on purpose, as a real attack is, so this is not run under the thread sanitizer.
#include "test_config.hpp"

#if HARNESS_HAS_EXCEPTIONS

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <atomic>
#include <thread>

using rlbox::tainted;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

struct hostile_inner {
  bool flag;
  long number;
};
enum hostile_color { HOSTILE_RED, HOSTILE_GREEN, HOSTILE_BLUE };
struct hostile_outer {
  unsigned long count;
  char name[8];
  char* text;
  hostile_inner* next;
  hostile_inner several[2];
  bool flags[4];
  int (*function)(int);
  hostile_color color;
};
#define sandbox_fields_reflection_hostile_class_hostile_inner(f, g, ...) \
  f(bool, flag, FIELD_NORMAL, __VA_ARGS__) g() f(long, number, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_hostile_class_hostile_outer(f, g, ...)                        \
  f(unsigned long, count, FIELD_NORMAL, __VA_ARGS__) g()                                        \
      f(char[8], name, FIELD_NORMAL, __VA_ARGS__) g() f(char*, text, FIELD_NORMAL, __VA_ARGS__) \
          g() f(hostile_inner*, next, FIELD_NORMAL, __VA_ARGS__) g()                            \
              f(hostile_inner[2], several, FIELD_NORMAL, __VA_ARGS__) g()                       \
                  f(bool[4], flags, FIELD_NORMAL, __VA_ARGS__) g()                              \
                      f(int (*)(int), function, FIELD_NORMAL, __VA_ARGS__) g()                  \
                          f(hostile_color, color, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_hostile_allClasses(f, ...) \
  f(hostile_inner, hostile, __VA_ARGS__) f(hostile_outer, hostile, __VA_ARGS__)
rlbox_load_structs_from_library(hostile);

namespace {

// A small generator with a fixed seed (xorshift).
class generator {
  std::uint64_t state;

 public:
  explicit generator(std::uint64_t seed) : state(seed) {}
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  // Lengths and offsets that are interesting: small, near the heap's size, near powers of two.
  std::uint64_t size() {
    switch (below(5)) {
      case 0:
        return below(64);
      case 1:
        return S::heap_size - 8 + below(16);
      case 2:
        return (std::uint64_t{1} << below(64)) + below(3) - 1;
      case 3:
        return ~std::uint64_t{0} - below(16);
      default:
        return below(2 * S::heap_size);
    }
  }
};

// Rewrites the whole heap until it goes.
class attacker {
  std::atomic<bool> stop{false};
  std::thread thread;

 public:
  explicit attacker(char* heap)
      : thread([this, heap] {
          generator random(99);
          auto* const words = reinterpret_cast<volatile std::uint64_t*>(heap);
          while (!stop.load(std::memory_order_relaxed)) {
            for (std::size_t i = 0; i < S::heap_size / 8; i++) {
              words[i] = random.below(4) == 0 ? 0 : random.next();
            }
          }
        }) {}
  ~attacker() {
    stop = true;
    thread.join();
  }
};

struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  char* heap() { return sandbox.get_sandbox_impl()->heap_begin(); }
  bool inside(const void* p) { return p == nullptr || sandbox.is_pointer_in_sandbox_memory(p); }
  static bool is_bool(const bool& value) {
    unsigned char byte = 2;
    std::memcpy(&byte, &value, 1);
    return byte <= 1;
  }
};

constexpr int rounds = 3000;

}  // namespace

TEST_CASE_METHOD(fixture, "hostile: structs are converted from one copy") {
  auto p = sandbox.malloc_in_sandbox<hostile_outer>();
  attacker running(heap());
  for (int i = 0; i < rounds; i++) {
    const tainted<hostile_outer, S> copy = *p;
    const hostile_outer raw = copy.UNSAFE_unverified();
    CHECK(inside(raw.text) && inside(raw.next));
    CHECK(raw.count <= 0xffffffffUL);
    CHECK(raw.several[1].number >= -0x80000000L && raw.several[1].number <= 0x7fffffffL);
#if !defined(__clang__) || __clang_major__ >= 20
    // Older ones take every number for a value of the enum.
    CHECK(raw.color >= 0 && raw.color <= 3);
    CHECK(p->color.copy_and_verify([](hostile_color c) { return c <= 3; }));
#endif
    CHECK(is_bool(raw.several[0].flag) && is_bool(raw.flags[3]));
    const hostile_outer again = copy.UNSAFE_unverified();
    CHECK(std::memcmp(&raw.name, &again.name, sizeof(raw.name)) == 0 && raw.count == again.count);
    p.copy_and_verify([&](std::unique_ptr<tainted<hostile_outer, S>> v) {
      CHECK(v && inside(v->next.UNSAFE_unverified()));
      CHECK(v->count.UNSAFE_unverified() == v->count.UNSAFE_unverified());
    });
    CHECK(inside(p->text.UNSAFE_unverified()));
    CHECK(is_bool(p->several[0].flag.UNSAFE_unverified()));
    const auto flags = p->flags.copy_and_verify([](std::array<bool, 4> v) { return v; });
    CHECK(is_bool(flags[0]) && is_bool(flags[3]));
    *p = copy;
  }
}

TEST_CASE_METHOD(fixture, "hostile: verifiers see copies") {
  auto numbers = sandbox.malloc_in_sandbox<long>(100);
  auto text = sandbox.malloc_in_sandbox<char>(64);
  attacker running(heap());
  int unterminated = 0;
  for (int i = 0; i < rounds; i++) {
    numbers.copy_and_verify_range(
        [&](std::unique_ptr<long[]> v) {
          long sum = 0;
          long sum_again = 0;
          for (int k = 0; k < 100; k++) {
            sum += v[static_cast<std::size_t>(k)];
          }
          for (int k = 0; k < 100; k++) {
            sum_again += v[static_cast<std::size_t>(k)];
          }
          CHECK(sum == sum_again);
          CHECK(!sandbox.is_pointer_in_sandbox_memory(v.get()));
        },
        100);
    unterminated += harness::fails([&] {
      text.copy_and_verify_string([&](std::string v) {
        CHECK(std::strlen(v.c_str()) == v.size() && v.size() < S::heap_size);
      });
    });
    unterminated += harness::fails([&] {
      text.copy_and_verify_string([&](std::unique_ptr<char[]> v) {
        CHECK(std::strlen(v.get()) < S::heap_size);
        CHECK(!sandbox.is_pointer_in_sandbox_memory(v.get()));
      });
    });
    const int one = numbers.copy_and_verify([](std::unique_ptr<long> v) { return *v == *v; });
    CHECK(one == 1);
    rlbox::tainted_int_hint order = rlbox::memcmp(sandbox, text, text, 32);
    RLBOX_UNUSED(order);
  }
  CHECK(unterminated < 2 * rounds);
}

TEST_CASE("S7: a value is fetched once, then checked and converted") {
  // Flips between a value that fits and one that does not. If it were read again after the check,
  // the second one would come through, cut off.
  static volatile std::int64_t shared = 5;
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop.load(std::memory_order_relaxed)) {
      shared = 5;
      shared = std::int64_t{7} << 32;
    }
  });
  int good = 0;
  int refused = 0;
  for (int i = 0; i < 30000; i++) {
    std::int32_t result = -1;
    if (harness::fails([&] { rlbox::detail::convert_type_fundamental_or_array(result, shared); })) {
      refused++;
      CHECK(result == -1);
    } else {
      good++;
      CHECK(result == 5);
    }
  }
  stop = true;
  writer.join();
  CHECK(good + refused == 30000);
}

TEST_CASE_METHOD(fixture, "hostile: random pointers and lengths stay inside or fail") {
  auto cell = sandbox.malloc_in_sandbox<char*>();
  auto raw_cell = rlbox::sandbox_reinterpret_cast<unsigned*>(cell);
  generator random(20240607);
  for (std::size_t i = 64; i < S::heap_size; i++) {
    heap()[i] = static_cast<char>(random.below(8));
  }
  char outside[64] = {};
  int failed = 0;
  const int tries = 20000;
  for (int i = 0; i < tries; i++) {
    *raw_cell = static_cast<unsigned>(random.below(3) == 0 ? S::heap_size - random.below(64)
                                                           : 64 + random.below(0xffffff00));
    const std::size_t size = static_cast<std::size_t>(random.size());
    const auto signed_size = static_cast<std::ptrdiff_t>(size);
    tainted<char*, S> p = *cell;
    CHECK(inside(p.UNSAFE_unverified()));
    auto numbers = rlbox::sandbox_reinterpret_cast<long*>(p);
    failed += harness::fails([&] {
      switch (random.below(9)) {
        case 0:
          CHECK(inside((p + size).UNSAFE_unverified()));
          break;
        case 1:
          CHECK(inside((numbers + signed_size).UNSAFE_unverified()));
          CHECK(inside((numbers - signed_size).UNSAFE_unverified()));
          break;
        case 2: {
          tainted<char*, S> element = &p[signed_size];
          CHECK(inside(element.UNSAFE_unverified()));
          break;
        }
        case 3:
          numbers.copy_and_verify_range([](std::unique_ptr<long[]>) {}, size);
          break;
        case 4:
          p.copy_and_verify_string([](std::string) {});
          break;
        case 5:
          rlbox::memset(sandbox, p, 1, size & 0xff);  // the first cells are overwritten as well
          rlbox::memset(sandbox, p, 1, size);
          break;
        case 6:
          rlbox::memcpy(sandbox, p, outside, size % 65);
          rlbox::memcpy(sandbox, p, p, size);
          break;
        case 7: {
          const char* const raw = p.unverified_safe_pointer_because(size, "a test");
          CHECK(size <= S::heap_size);
          CHECK(raw == nullptr || size == 0 || raw + size <= heap() + S::heap_size);
          break;
        }
        default: {
          bool copied = false;
          char* const copy = rlbox::copy_memory_or_deny_access(sandbox, p, size, false, copied);
          std::free(copy);
          break;
        }
      }
    });
  }
  CHECK(failed > tries / 10 && failed < tries);
}

#endif
