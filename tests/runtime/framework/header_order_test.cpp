// What documented examples do: a using directive before the headers, a backend before the
// framework, and nothing else included: docs/contract.md, "Public headers".
namespace std {}
using namespace std;

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#ifdef __EXCEPTIONS
#define RLBOX_USE_EXCEPTIONS
#define RLBOX_NO_COMPILE_CHECKS
#else
namespace harness {
[[noreturn]] inline void custom_abort(const char* message);
}
#define RLBOX_CUSTOM_ABORT(msg) ::harness::custom_abort(msg)
#endif
#define RLBOX_ENABLE_DEBUG_ASSERTIONS
#include "rlbox_noop_sandbox.hpp"
#include "rlbox_dylib_sandbox.hpp"
#include "rlbox.hpp"

using namespace rlbox;

namespace {
// Names that arrive with rlbox.hpp.
struct from_the_standard_library {
  array<int, 2> numbers = {{1, 2}};
  unique_ptr<int> owner = make_unique<int>(3);
  string text = "text";
  vector<int> list = {1, 2, 3};
  map<int, int> table = {{1, 2}};
  mutex lock;
  uint32_t wide = UINT32_MAX;
  is_same<int, int> same = {};
};

using sandbox_type = rlbox_sandbox<rlbox_noop_sandbox>;
template <typename T>
using t = tainted<T, rlbox_noop_sandbox>;

int plus_one(int value) { return value + 1; }

t<int> double_it(sandbox_type&, t<int> value) { return value * 2; }
}  // namespace

#include "tests/runtime/harness.hpp"

TEST_CASE("header: rlbox.hpp after using namespace std, and what it brings along") {
  from_the_standard_library all;
  const unique_ptr<int> moved = std::move(all.owner);
  CHECK(*moved == 3 && all.numbers.size() == 2 && all.list.size() == 3 && all.table[1] == 2);
  CHECK(strlen(all.text.c_str()) == 4 && all.wide != 0 && decltype(all.same)::value);
  const int swapped = exchange(all.list[0], 4);
  CHECK(swapped == 1 && all.list[0] == 4);
  const lock_guard<mutex> guard(all.lock);
  void* const memory = malloc(1);
  CHECK(memory != nullptr);
  free(memory);
  CHECK(snprintf(nullptr, 0, "%d", 10) == 2);
}

TEST_CASE("the framework under two using directives") {
  sandbox_type sandbox;
  sandbox.create_sandbox();
  CHECK(sandbox.invoke_sandbox_function(plus_one, 2).UNSAFE_unverified() == 3);
  t<char*> text = sandbox.malloc_in_sandbox<char>(8);
  memset(sandbox, text, 0, 8);
  strncpy(sandbox, text, "abc", 4);
  memcpy(sandbox, text + 3, "d", 1);
  CHECK(memcmp(sandbox, text, "abcd", 4).UNSAFE_unverified() == 0);
  CHECK(text.copy_and_verify_string([](string copy) { return copy == "abcd"; }));
  auto callback = sandbox.register_callback(double_it);
  CHECK(!callback.is_unregistered());
  sandbox.free_in_sandbox(text);
}
