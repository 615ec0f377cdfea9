// Calls into the sandbox
#include "tests/runtime/compile_fail/host.hpp"

// The library cannot reach the application's memory.
// expect: RLBox: a raw pointer or string cannot be passed to the sandbox, which cannot reach
// expect: application memory. Allocate with sandbox.malloc_in_sandbox<T>(), copy the data with
// expect: rlbox::memcpy or rlbox::strncpy and pass the tainted pointer; register functions with
// expect: sandbox.register_callback(f).
void pass_raw_pointer(app& sandbox, char* buffer) {
#ifdef MISUSE_pass_raw_pointer
  sandbox.invoke_sandbox_function(take_buffer, buffer, 16);
#else
  tainted_app<char*> copy = sandbox.malloc_in_sandbox<char>(16);
  rlbox::memcpy(sandbox, copy, buffer, 16U);
  sandbox.invoke_sandbox_function(take_buffer, copy, 16);
#endif
  RLBOX_UNUSED(buffer);
}

// expect: RLBox: a raw pointer or string cannot be passed to the sandbox, which cannot reach
// expect: application memory.
void pass_string_literal(app& sandbox) {
#ifdef MISUSE_pass_string_literal
  sandbox.invoke_sandbox_function(take_const, "hello");
#else
  tainted_app<char*> copy = sandbox.malloc_in_sandbox<char>(6);
  rlbox::strncpy(sandbox, copy, "hello", 6U);
  sandbox.invoke_sandbox_function(take_const, copy);
#endif
}

// expect: RLBox: a raw pointer or string cannot be passed to the sandbox, which cannot reach
// expect: application memory.
void pass_raw_function(app& sandbox) {
#ifdef MISUSE_pass_raw_function
  sandbox.invoke_sandbox_function(take_handler, below_100);
#else
  static auto callback = sandbox.register_callback(double_it);
  sandbox.invoke_sandbox_function(take_handler, callback);
#endif
}

// expect: RLBox: arguments must be numbers, enums, nullptr, or tainted values (tainted structs
// expect: included), callbacks or app pointers.
void pass_class(app& sandbox, const std::string& text) {
#ifdef MISUSE_pass_class
  sandbox.invoke_sandbox_function(take_const, text);
#else
  const auto size = static_cast<unsigned>(text.size() + 1);
  tainted_app<char*> copy = sandbox.malloc_in_sandbox<char>(size);
  rlbox::memcpy(sandbox, copy, text.c_str(), size);
  sandbox.invoke_sandbox_function(take_const, copy);
#endif
}

// expect: RLBox: arguments must be numbers, enums, nullptr, or tainted values (tainted structs
// expect: included), callbacks or app pointers.
void pass_plain_struct(app& sandbox) {
#ifdef MISUSE_pass_plain_struct
  point p{};
#else
  tainted_app<point> p{};
#endif
  p.x = 1;
  sandbox.invoke_sandbox_function(take_point, p);
}

// expect: RLBox: an argument belongs to another sandbox type. Either values of two libraries were
// expect: mixed up, or RLBOX_USE_STATIC_CALLS() names the lookup macro of another backend than the
// expect: sandbox has.
void pass_value_of_other_sandbox(app& sandbox, tainted_other<int> value) {
#ifdef MISUSE_pass_value_of_other_sandbox
  sandbox.invoke_sandbox_function(add, value, 1);
#else
  sandbox.invoke_sandbox_function(add, value.copy_and_verify(below_100), 1);
#endif
}

// expect: RLBox: hints cannot be passed to the sandbox; compute a tainted value from copies
// expect: instead.
void pass_hint(app& sandbox, tainted_app<int*> p) {
#ifdef MISUSE_pass_hint
  const auto equal = *p == 3;
#else
  const tainted_app<int> copy = *p;
  const auto equal = copy == 3;
#endif
  sandbox.invoke_sandbox_function(add, equal, 1);
}

// expect: RLBox: arrays cannot be passed by value; pass a tainted pointer to the first element.
void pass_array(app& sandbox, tainted_app<point*> p) {
#ifdef MISUSE_pass_array
  sandbox.invoke_sandbox_function(take_buffer, p->name, 8);
#else
  sandbox.invoke_sandbox_function(take_buffer, &p->name[0], 8);
#endif
}

// expect: RLBox: the arguments do not match the function's parameters, in number or in type.
// expect: Tainted pointers must convert to the parameter's pointer type as raw pointers would.
void too_few_arguments(app& sandbox) {
#ifdef MISUSE_too_few_arguments
  sandbox.invoke_sandbox_function(add, 1);
#else
  sandbox.invoke_sandbox_function(add, 1, 2);
#endif
}

// expect: RLBox: the arguments do not match the function's parameters, in number or in type.
void too_many_arguments(app& sandbox) {
#ifdef MISUSE_too_many_arguments
  sandbox.invoke_sandbox_function(add, 1, 2, 3);
#else
  sandbox.invoke_sandbox_function(add, 1, 2);
#endif
}

// expect: RLBox: the arguments do not match the function's parameters, in number or in type.
void pass_other_pointer_type(app& sandbox, tainted_app<int*> numbers) {
#ifdef MISUSE_pass_other_pointer_type
  sandbox.invoke_sandbox_function(take_const, numbers);
#else
  sandbox.invoke_sandbox_function(take_const, rlbox::sandbox_reinterpret_cast<char*>(numbers));
#endif
}

// expect: RLBox: the arguments do not match the function's parameters, in number or in type.
void pass_pointer_to_const(app& sandbox, tainted_app<const char*> text) {
#ifdef MISUSE_pass_pointer_to_const
  sandbox.invoke_sandbox_function(take_buffer, text, 4);
#else
  sandbox.invoke_sandbox_function(take_buffer, rlbox::sandbox_const_cast<char*>(text), 4);
#endif
}

// expect: RLBox: the arguments do not match the function's parameters, in number or in type.
void pass_int_as_enum(app& sandbox) {
#ifdef MISUSE_pass_int_as_enum
  sandbox.invoke_sandbox_function(take_color, 1);
#else
  sandbox.invoke_sandbox_function(take_color, green);
#endif
}

// The library would read arguments of types that nobody checked.
// expect: RLBox: functions with variable arguments (...) cannot be invoked. Add a function with
// expect: fixed parameters to the library that calls it.
void call_variadic(app& sandbox, tainted_app<char*> text) {
#ifdef MISUSE_call_variadic
  sandbox.invoke_sandbox_function(log_message, text);
#else
  sandbox.invoke_sandbox_function(take_const, text);
#endif
}

// expect: RLBox: only functions can be invoked in the sandbox.
void call_variable(app& sandbox) {
  static int number = 1;
#ifdef MISUSE_call_variable
  sandbox.invoke_sandbox_function(number, 2);
#else
  sandbox.invoke_sandbox_function(add, number, 2);
#endif
}

void take_reference(const int& value);
void take_value(int value);

// A reference is a pointer that cannot be tainted.
// expect: RLBox: references and pointers to members cannot cross the sandbox boundary.
void call_with_reference(app& sandbox) {
#ifdef MISUSE_call_with_reference
  sandbox.invoke_sandbox_function(take_reference, 1);
#else
  sandbox.invoke_sandbox_function(take_value, 1);
#endif
}

// For authors of backends.
// expect: RLBox: the backend's impl_create_sandbox must return void or bool.
struct own_backend : rlbox::rlbox_test_sandbox {
#ifdef MISUSE_create_returns_int
  int impl_create_sandbox() { return 0; }
#else
  bool impl_create_sandbox() { return true; }
#endif
};
void create(rlbox::rlbox_sandbox<own_backend>& sandbox) { sandbox.create_sandbox(); }

// A plain result would be an unverified one.
// expect gcc: cannot convert
// expect clang: no viable conversion
void use_result(app& sandbox) {
#ifdef MISUSE_use_result
  const int sum = sandbox.invoke_sandbox_function(add, 1, 2);
#else
  const int sum = sandbox.invoke_sandbox_function(add, 1, 2).copy_and_verify(below_100);
#endif
  use(sum);
}

// expect: RLBox: a raw pointer cannot be freed in the sandbox. Pass the tainted pointer that
// expect: malloc_in_sandbox returned.
void free_raw_pointer(app& sandbox, tainted_app<int*> p) {
#ifdef MISUSE_free_raw_pointer
  sandbox.free_in_sandbox(p.UNSAFE_unverified());
#else
  sandbox.free_in_sandbox(p);
#endif
}
