// Tests of the backends without isolation. Included by noop_test.cpp and dylib_test.cpp after they
// define:
//   T_Backend          the backend class
//   BACKEND(name)      the test's name with the backend's
//   create(sandbox)    creates a sandbox with the library of library.h
using S = T_Backend;
using Sandbox = rlbox::rlbox_sandbox<S>;
using rlbox::sandbox_callback;
using rlbox::tainted;
using rlbox::tainted_opaque;

namespace {

struct fixture {
  Sandbox sandbox;
  fixture() { create(sandbox); }  // never destroyed by hand: the destructor does it
};

tainted<int, S> add_context(Sandbox&, tainted<int, S> value, tainted<void*, S> context) {
  return value + *rlbox::sandbox_static_cast<int*>(context);
}
tainted_opaque<int, S> add_one(Sandbox&, tainted_opaque<int, S> value,
                               tainted_opaque<void*, S> context) {
  RLBOX_UNUSED(context);
  return (rlbox::from_opaque(value) + 1).to_opaque();
}
tainted<int, S> use_memory(Sandbox& sandbox, tainted<int, S> value, tainted<void*, S>) {
  auto p = sandbox.malloc_in_sandbox<int>();
  *p = value * 2;
  tainted<int, S> result = *p;
  sandbox.free_in_sandbox(p);
  return sandbox.invoke_sandbox_function(library_add, result, 1);
}
tainted<int, S> nest(Sandbox& sandbox, tainted<int, S> value, tainted<void*, S> context) {
  auto inner = sandbox.register_callback(add_one);
  return sandbox.invoke_sandbox_function(library_call_twice, inner, value, context);
}
tainted<int, S> unregisters_itself(Sandbox&, tainted<int, S> value, tainted<void*, S>);
sandbox_callback<int (*)(int, void*), S> self;
tainted<int, S> unregisters_itself(Sandbox&, tainted<int, S> value, tainted<void*, S>) {
  self.unregister();
  return value + 100;
}

// Distinct functions, since a function can be registered once.
template <int N>
tainted<int, S> numbered(Sandbox&, tainted<int, S> value, tainted<void*, S>) {
  return value * 1000 + N;
}
using Owner = sandbox_callback<int (*)(int, void*), S>;
using Function = tainted<int, S> (*)(Sandbox&, tainted<int, S>, tainted<void*, S>);
template <int... N>
std::vector<Function> numbered_functions(std::integer_sequence<int, N...>) {
  return {&numbered<N>...};
}

}  // namespace

TEST_CASE_METHOD(fixture, BACKEND("results of every kind")) {
  sandbox.invoke_sandbox_function(library_reset);
  static_assert(std::is_void_v<decltype(sandbox.invoke_sandbox_function(library_reset))>);
  CHECK_TYPE(SINGLE(tainted<int, S>), sandbox.invoke_sandbox_function(library_add, 2, 3));
  CHECK(sandbox.invoke_sandbox_function(library_add, 2, 3).UNSAFE_unverified() == 5);
  CHECK(sandbox.invoke_sandbox_function(library_calls).copy_and_verify([](int n) { return n; }) ==
        1);  // the operand of decltype is not run
  auto color = sandbox.invoke_sandbox_function(library_next_color, LIBRARY_RED);
  CHECK_TYPE(SINGLE(tainted<library_color, S>), color);
  CHECK(color.copy_and_verify([](library_color c) { return c; }) == LIBRARY_GREEN);
  CHECK(sandbox.invoke_sandbox_function(library_next_color, color).UNSAFE_unverified() ==
        LIBRARY_RED);
  auto p = sandbox.malloc_in_sandbox<int>();
  CHECK_TYPE(SINGLE(tainted<int*, S>), sandbox.invoke_sandbox_function(library_same_pointer, p));
  CHECK(sandbox.invoke_sandbox_function(library_same_pointer, p).UNSAFE_unverified() ==
        p.UNSAFE_unverified());
  CHECK(sandbox.invoke_sandbox_function(library_text).copy_and_verify_string([](std::string s) {
    return s;
  }) == "text of the library");
  // Others may change the memory of these backends, so the view is of a copy.
  const auto text = sandbox.invoke_sandbox_function(library_text);
  CHECK(text.verify_string_in_place(
      [&](std::string_view s) {
        return s == "text of the library" && s.data() != text.UNSAFE_unverified();
      },
      100));
  CHECK_FAILS_WITH("no terminating zero within",
                   text.verify_string_in_place([](std::string_view) { return 0; }, 10));
  *p = 5;
  CHECK(p.verify_range_in_place(
      [&](const int* v, std::size_t n) { return *v == 5 && n == 1 && v != p.UNSAFE_unverified(); },
      1));
  sandbox.free_in_sandbox(p);
}

TEST_CASE_METHOD(fixture, BACKEND("arguments of every kind")) {
  tainted<int, S> value = 40;
  const tainted<int, S> constant = 2;  // U4: const wrappers
  tainted_opaque<int, S> opaque = constant.to_opaque();
  const int plain = 4;
  auto in_memory = sandbox.malloc_in_sandbox<int>();
  *in_memory = 5;
  CHECK(sandbox.invoke_sandbox_function(library_add, value, constant).UNSAFE_unverified() == 42);
  CHECK(sandbox.invoke_sandbox_function(library_add, opaque, plain).UNSAFE_unverified() == 6);
  CHECK(sandbox.invoke_sandbox_function(library_add, *in_memory, 'a').UNSAFE_unverified() == 102);
  CHECK(sandbox.invoke_sandbox_function(library_same_pointer, nullptr) == nullptr);
  CHECK(sandbox.invoke_sandbox_function(library_is_null, nullptr).UNSAFE_unverified() == 1);
  const tainted<int*, S> pointer = in_memory;
  CHECK(sandbox.invoke_sandbox_function(library_is_null, pointer).UNSAFE_unverified() == 0);
  CHECK(sandbox.invoke_sandbox_function(library_mix, 1.5f, 2, 'b').UNSAFE_unverified() == 101.5);
  CHECK(sandbox.invoke_sandbox_function(library_wide, 1u, 2).UNSAFE_unverified() == 3);
  CHECK(
      sandbox.invoke_sandbox_function(library_wide, (std::numeric_limits<unsigned long>::max)(), 2u)
          .UNSAFE_unverified() == 1);
  CHECK(sandbox.invoke_sandbox_function(library_sum, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, value)
            .UNSAFE_unverified() == 95);
  Sandbox* const by_pointer = &sandbox;
  CHECK(by_pointer->invoke_sandbox_function(library_add, 1, 1).UNSAFE_unverified() == 2);
  CHECK(sandbox_invoke(sandbox, library_add, 1, 2).UNSAFE_unverified() == 3);
  sandbox_invoke(sandbox, library_reset);
  CHECK(sandbox_invoke(*by_pointer, library_calls).UNSAFE_unverified() == 0);
  CHECK_REJECTED(sandbox.invoke_sandbox_function(library_is_null, "a string"));
  CHECK_REJECTED(sandbox.invoke_sandbox_function(library_add, *in_memory == 5, 1));
  sandbox.free_in_sandbox(in_memory);
}

// The sandbox's type depends on a template parameter.
template <typename T_Sandbox>
int calls_in_a_template(T_Sandbox& sandbox, T_Sandbox* pointer) {
  sandbox.invoke_sandbox_function(library_reset);
  pointer->invoke_sandbox_function(library_reset);
  sandbox_invoke(sandbox, library_reset);
  auto address = sandbox.get_sandbox_function_address(library_add);
  auto sum = pointer->invoke_sandbox_function(library_add, 1, 2) +
             sandbox_invoke(sandbox, library_add, 3, 4) +
             sandbox.invoke_sandbox_function(library_calls);
  return address == nullptr ? -1 : sum.UNSAFE_unverified();
}

TEST_CASE_METHOD(fixture, BACKEND("calls in templates and of noexcept functions")) {
  CHECK(calls_in_a_template(sandbox, &sandbox) >= 10);
  CHECK(sandbox.invoke_sandbox_function(library_twice, 21).UNSAFE_unverified() == 42);
  auto twice = sandbox.get_sandbox_function_address(library_twice);
  CHECK_TYPE(SINGLE(tainted<int (*)(int), S>), twice);
}

TEST_CASE_METHOD(fixture, BACKEND("structs by value and by pointer")) {
  tainted<library_point, S> point{};
  point.x = 1;
  point.y = 2L;
  auto moved = sandbox.invoke_sandbox_function(library_move, point, 10, 20L);
  CHECK_TYPE(SINGLE(tainted<library_point, S>), moved);
  CHECK(moved.x.UNSAFE_unverified() == 11 && moved.y.UNSAFE_unverified() == 22);
  auto p = sandbox.malloc_in_sandbox<library_point>();
  *p = moved;
  CHECK(sandbox.invoke_sandbox_function(library_sum_point, p).UNSAFE_unverified() == 33);
  // a struct in sandbox memory as an argument, and an opaque one
  CHECK(sandbox.invoke_sandbox_function(library_move, *p, 1, 1L).x.UNSAFE_unverified() == 12);
  CHECK(sandbox.invoke_sandbox_function(library_move, moved.to_opaque(), 1, 1L)
            .y.UNSAFE_unverified() == 23);
  sandbox.free_in_sandbox(p);
}

TEST_CASE_METHOD(fixture, BACKEND("callbacks")) {
  auto context = sandbox.malloc_in_sandbox<int>();
  *context = 5;
  auto callback = sandbox.register_callback(add_context);
  CHECK(sandbox.invoke_sandbox_function(library_call, callback, 1, context).UNSAFE_unverified() ==
        6);
  CHECK(sandbox.invoke_sandbox_function(library_call_twice, callback, 1, context)
            .UNSAFE_unverified() == 11);
  auto opaque = sandbox.register_callback(add_one);  // U12: through an adapter
  CHECK(
      sandbox.invoke_sandbox_function(library_call_twice, opaque, 1, nullptr).UNSAFE_unverified() ==
      3);
  auto memory = sandbox.register_callback(use_memory);
  CHECK(sandbox.invoke_sandbox_function(library_call, memory, 4, nullptr).UNSAFE_unverified() == 9);
  opaque.unregister();
  auto nesting = sandbox.register_callback(nest);
  CHECK(sandbox.invoke_sandbox_function(library_call_twice, nesting, 0, nullptr)
            .UNSAFE_unverified() == 4);
  self = sandbox.register_callback(unregisters_itself);
  CHECK(sandbox.invoke_sandbox_function(library_call, self, 1, nullptr).UNSAFE_unverified() == 101);
  CHECK(self.is_unregistered());
  sandbox.free_in_sandbox(context);
}

TEST_CASE_METHOD(fixture, BACKEND("the address of a function of the library")) {
  auto add = sandbox.get_sandbox_function_address(library_add);
  CHECK_TYPE(SINGLE(tainted<int (*)(int, int), S>), add);
  CHECK(add != nullptr);
  tainted<int (*)(int, int), S> copy = add;
  auto cell = sandbox.malloc_in_sandbox<int (*)(int, int)>();
  *cell = add;
  CHECK((*cell).UNSAFE_unverified() == copy.UNSAFE_unverified());
  CHECK(sandbox_function_address(sandbox, library_add).UNSAFE_unverified() ==
        add.UNSAFE_unverified());
  sandbox.free_in_sandbox(cell);
}

TEST_CASE_METHOD(fixture, BACKEND("nothing is isolated")) {
  int in_application = 3;
  auto p = sandbox.UNSAFE_accept_pointer(&in_application);
  CHECK(p->UNSAFE_unverified() == 3);
  CHECK(sandbox.is_pointer_in_sandbox_memory(&in_application));
  CHECK(sandbox.is_pointer_in_app_memory(&in_application));
  CHECK(Sandbox::is_in_same_sandbox(&in_application, &sandbox));
  CHECK(sandbox.get_total_memory() == ~std::size_t{0});
  CHECK(sandbox.get_memory_location() == nullptr);
  bool copied = true;
  char* const buffer = static_cast<char*>(std::malloc(4));
  buffer[0] = 'k';
  auto granted = rlbox::copy_memory_or_grant_access(sandbox, buffer, 4, true, copied);
  CHECK(!copied && granted.UNSAFE_unverified() == buffer);
  char* const denied = rlbox::copy_memory_or_deny_access(sandbox, granted, 4, true, copied);
  CHECK(!copied && denied == buffer && denied[0] == 'k');
  std::free(buffer);
  // P: names of the framework's types
  CHECK_TYPE(void*, p.UNSAFE_sandboxed(sandbox));
  static_assert(
      std::is_same_v<typename Sandbox::template convert_to_sandbox_equivalent_nonclass_t<long>,
                     long>);
}

TEST_CASE_METHOD(fixture, BACKEND("L4: the 65th callback fails a check")) {
  auto functions = numbered_functions(std::make_integer_sequence<int, 65>());
  std::vector<Owner> owners;
  for (std::size_t i = 0; i < 64; i++) {
    owners.push_back(sandbox.register_callback(functions[i]));
    CHECK(owners.back().UNSAFE_sandboxed(sandbox) != nullptr);
  }
  CHECK_FAILS_WITH("too many callbacks", sandbox.register_callback(functions[64]));
  for (std::size_t i = 0; i < 64; i++) {
    CHECK(
        sandbox.invoke_sandbox_function(library_call, owners[i], 1, nullptr).UNSAFE_unverified() ==
        1000 + static_cast<int>(i));
  }
  owners[17].unregister();
  owners[17] = sandbox.register_callback(functions[64]);
  CHECK(sandbox.invoke_sandbox_function(library_call, owners[17], 1, nullptr).UNSAFE_unverified() ==
        1064);
  // a failed registration leaves nothing behind
  CHECK_FAILS_WITH("too many callbacks", sandbox.register_callback(functions[17]));
  owners[0].unregister();
  owners[0] = sandbox.register_callback(functions[17]);
}

TEST_CASE_METHOD(fixture, BACKEND("registering 1024 times by move assignment")) {
  for (int i = 0; i < 1024; i++) {
    Owner first;
    Owner second;
    first = sandbox.register_callback(add_context);
    second = sandbox.register_callback(use_memory);
    CHECK(!first.is_unregistered() && !second.is_unregistered());
  }
  auto again = sandbox.register_callback(add_context);
  CHECK(!again.is_unregistered());
}

TEST_CASE_METHOD(fixture, BACKEND("C9: the same object again")) {
  Owner old = sandbox.register_callback(add_one);
  sandbox.invoke_sandbox_function(library_reset);
  sandbox.destroy_sandbox();
  CHECK(old.is_unregistered());
  create(sandbox);
  auto callback = sandbox.register_callback(add_one);
  CHECK(sandbox.invoke_sandbox_function(library_call, callback, 1, nullptr).UNSAFE_unverified() ==
        2);
  CHECK(sandbox.invoke_sandbox_function(library_calls).UNSAFE_unverified() == 0);
}

TEST_CASE(BACKEND("callbacks of nested sandboxes")) {
  static Sandbox outer;
  static Sandbox inner;
  create(outer);
  create(inner);
  static Owner in_inner = inner.register_callback(numbered<1>);
  auto callback = outer.register_callback(
      +[](Sandbox& sandbox, tainted<int, S> value, tainted<void*, S>) -> tainted<int, S> {
        CHECK(&sandbox == &outer);
        const int plain = value.UNSAFE_unverified();
        auto result = inner.invoke_sandbox_function(library_call, in_inner, plain, nullptr);
        return result.UNSAFE_unverified() + 1;
      });
  CHECK(
      outer.invoke_sandbox_function(library_call_twice, callback, 1, nullptr).UNSAFE_unverified() ==
      1002002);
  in_inner.unregister();
  callback.unregister();
  outer.destroy_sandbox();
  inner.destroy_sandbox();
}

TEST_CASE_METHOD(fixture, BACKEND("T3: callbacks outside of an invocation")) {
  auto callback = sandbox.register_callback(add_one);
  auto* const trampoline = reinterpret_cast<library_callback>(callback.UNSAFE_sandboxed(sandbox));
  // a thread (here: this one) that is not executing in the sandbox
  CHECK_FAILS_WITH("not executing in the sandbox", trampoline(1, nullptr));
}

TEST_CASE_METHOD(fixture, BACKEND("a library that calls an unregistered callback")) {
  auto callback = sandbox.register_callback(add_one);
  auto pointer = reinterpret_cast<library_callback>(callback.UNSAFE_sandboxed(sandbox));
  auto cell = sandbox.malloc_in_sandbox<library_callback>();
  *cell = callback;
  callback.unregister();
  CHECK((*cell).UNSAFE_unverified() == pointer);
  CHECK_FAILS_WITH("no longer registered",
                   sandbox.invoke_sandbox_function(library_call, *cell, 1, nullptr));
  sandbox.free_in_sandbox(cell);
}

#if HARNESS_HAS_EXCEPTIONS
TEST_CASE_METHOD(fixture, BACKEND("exceptions of callbacks leave the sandbox usable")) {
  auto throwing = sandbox.register_callback(
      +[](Sandbox&, tainted<int, S>, tainted<void*, S>) -> tainted<int, S> {
        throw std::runtime_error("from the callback");
      });
  CHECK_FAILS_WITH("from the callback",
                   sandbox.invoke_sandbox_function(library_call, throwing, 1, nullptr));
  auto callback = sandbox.register_callback(add_one);
  auto* const trampoline = reinterpret_cast<library_callback>(callback.UNSAFE_sandboxed(sandbox));
  CHECK_FAILS_WITH("not executing in the sandbox", trampoline(1, nullptr));
  CHECK(sandbox.invoke_sandbox_function(library_call, callback, 1, nullptr).UNSAFE_unverified() ==
        2);
}
#endif
