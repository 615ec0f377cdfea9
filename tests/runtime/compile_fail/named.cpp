// Calls by name
#include "names.rlbox.h"

#include <cstring>

using names = rlbox_sandbox_names;

inline tainted_names<int> square(names&, tainted_names<int> value) { return value * value; }
int plain_square(int value);

// The error names the function and the parameter.
// expect: RLBox: named_find(): argument 1 (text) is a plain pointer, and the library cannot reach
// expect: the application's memory. Copy the data into the sandbox (malloc_in_sandbox, then
// expect: rlbox::memcpy or rlbox::strncpy) and pass the tainted pointer.
void name_and_plain_string(names& sandbox) {
#ifdef MISUSE_name_and_plain_string
  const bool found = sandbox.named_find("hello", 'e') != nullptr;
#else
  tainted_names<char*> copy = sandbox.malloc_in_sandbox<char>(6);
  rlbox::strncpy(sandbox, copy, "hello", 6U);
  const bool found = sandbox.named_find(copy, 'e') != nullptr;
#endif
  RLBOX_UNUSED(found);
}

// expect: RLBox: named_find(): argument 1 (text) is a plain pointer, and the library cannot reach
// expect: the application's memory.
void name_and_plain_buffer(names& sandbox, char* buffer) {
#ifdef MISUSE_name_and_plain_buffer
  sandbox.named_find(buffer, 'e');
#else
  tainted_names<char*> copy = sandbox.malloc_in_sandbox<char>(16);
  rlbox::memcpy(sandbox, copy, buffer, 16U);
  sandbox.named_find(copy, 'e');
#endif
  RLBOX_UNUSED(buffer);
}

// expect: RLBox: named_apply(): argument 1 (step) is a function of the application, and the library
// expect: cannot call it. Register it and pass the owner: auto callback =
// expect: sandbox.register_callback(f);
void name_and_plain_function(names& sandbox) {
#ifdef MISUSE_name_and_plain_function
  sandbox.named_apply(plain_square, 3);
#else
  auto callback = sandbox.register_callback(square);
  sandbox.named_apply(callback, 3);
#endif
}

// The sentences for all calls hold for these calls, too.
// expect: RLBox: the arguments do not match the function's parameters, in number or in type.
// expect: Tainted pointers must convert to the parameter's pointer type as raw pointers would.
void name_and_wrong_pointer(names& sandbox, tainted_names<int*> numbers) {
#ifdef MISUSE_name_and_wrong_pointer
  sandbox.named_find(numbers, 'e');
#else
  sandbox.named_find(rlbox::sandbox_reinterpret_cast<char*>(numbers), 'e');
#endif
  RLBOX_UNUSED(numbers);
}

// expect gcc: no matching function for call to
// expect clang: no matching member function for call to 'named_add'
void name_and_too_few(names& sandbox) {
#ifdef MISUSE_name_and_too_few
  sandbox.named_add(1);
#else
  sandbox.named_add(1, 2);
#endif
}

// expect: RLBox: names does not export named_print: a variable number of arguments cannot cross the
// expect: boundary.
void name_left_out(names& sandbox, tainted_names<const char*> text) {
#ifdef MISUSE_name_left_out
  sandbox.named_print(text, 2);
#else
  sandbox.named_add(1, 2);
#endif
  RLBOX_UNUSED(text);
}

// The header declares the function for the sandbox's compiler only.
// expect: RLBox: the library's headers declare this function for the sandbox, and not, or with
// expect: other parameters, for the application. Compile the application with the macros that the
// expect: library is compiled with.
void name_of_undeclared(names& sandbox) {
#ifdef MISUSE_name_of_undeclared
  sandbox.named_only_c(1);
#else
  sandbox.named_add(1, 2);
#endif
}

// expect: RLBox: the library's headers declare this function for the sandbox, and not, or with
// expect: other parameters, for the application.
void name_of_another_declaration(names& sandbox) {
#ifdef MISUSE_name_of_another_declaration
  sandbox.named_other_count(1);
#else
  sandbox.named_counted();
#endif
}
