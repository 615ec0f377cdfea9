// Callbacks and app pointers
#include "tests/runtime/compile_fail/host.hpp"

inline void no_parameters() {}
inline void only_sandbox(app&) {}
inline void sandbox_by_pointer(app*, tainted_app<int>) {}
inline void sandbox_of_other_type(other&, tainted_app<int>) {}
inline void plain_parameter(app&, int) {}
inline void parameter_by_reference(app&, tainted_app<int>&) {}
inline void parameter_of_other_sandbox(app&, tainted_other<int>) {}
inline void array_parameter(app&, tainted_app<int[4]>) {}
inline void pointer_parameter(app&, tainted_app<int*>) {}
inline void tainted_parameter(app&, tainted_app<int>) {}
inline int plain_result(app&, tainted_app<int>) { return 1; }
inline tainted_app<int> tainted_result(app&, tainted_app<int> value) { return value; }
inline void void_result(app&, tainted_app<int>) {}

// expect: RLBox: a callback must take the sandbox as its first parameter, as in void
// expect: callback(rlbox_sandbox_mylib& sandbox).
void register_without_parameters(app& sandbox) {
#ifdef MISUSE_register_without_parameters
  auto callback = sandbox.register_callback(no_parameters);
#else
  auto callback = sandbox.register_callback(only_sandbox);
#endif
}

// expect: RLBox: the first parameter of a callback must be a reference to the sandbox, as in void
// expect: callback(rlbox_sandbox_mylib& sandbox, tainted_mylib<int> value).
void register_without_sandbox(app& sandbox) {
#ifdef MISUSE_register_without_sandbox
  auto callback = sandbox.register_callback(below_100);
#else
  auto callback = sandbox.register_callback(tainted_result);
#endif
}

// expect: RLBox: the first parameter of a callback must be a reference to the sandbox, as in void
// expect: callback(rlbox_sandbox_mylib& sandbox, tainted_mylib<int> value).
void register_with_sandbox_pointer(app& sandbox) {
#ifdef MISUSE_register_with_sandbox_pointer
  auto callback = sandbox.register_callback(sandbox_by_pointer);
#else
  auto callback = sandbox.register_callback(tainted_parameter);
#endif
}

// expect: RLBox: the first parameter of a callback must be a reference to the sandbox, as in void
// expect: callback(rlbox_sandbox_mylib& sandbox, tainted_mylib<int> value).
void register_for_other_sandbox(app& sandbox) {
#ifdef MISUSE_register_for_other_sandbox
  auto callback = sandbox.register_callback(sandbox_of_other_type);
#else
  auto callback = sandbox.register_callback(tainted_parameter);
#endif
}

// The library chooses the arguments, so they are tainted.
// expect: RLBox: every parameter of a callback but the first must be tainted<T> or
// expect: tainted_opaque<T> of this sandbox type, by value, since the sandbox chooses the values.
void register_plain_parameter(app& sandbox) {
#ifdef MISUSE_register_plain_parameter
  auto callback = sandbox.register_callback(plain_parameter);
#else
  auto callback = sandbox.register_callback(tainted_parameter);
#endif
}

// expect: RLBox: every parameter of a callback but the first must be tainted<T> or
// expect: tainted_opaque<T> of this sandbox type, by value, since the sandbox chooses the values.
void register_reference_parameter(app& sandbox) {
#ifdef MISUSE_register_reference_parameter
  auto callback = sandbox.register_callback(parameter_by_reference);
#else
  auto callback = sandbox.register_callback(tainted_parameter);
#endif
}

// expect: RLBox: every parameter of a callback but the first must be tainted<T> or
// expect: tainted_opaque<T> of this sandbox type, by value, since the sandbox chooses the values.
void register_parameter_of_other_sandbox(app& sandbox) {
#ifdef MISUSE_register_parameter_of_other_sandbox
  auto callback = sandbox.register_callback(parameter_of_other_sandbox);
#else
  auto callback = sandbox.register_callback(tainted_parameter);
#endif
}

// expect: RLBox: a callback cannot take or return arrays by value; use tainted pointers.
void register_array_parameter(app& sandbox) {
#ifdef MISUSE_register_array_parameter
  auto callback = sandbox.register_callback(array_parameter);
#else
  auto callback = sandbox.register_callback(pointer_parameter);
#endif
}

// expect: RLBox: a callback must return void, tainted<T> or tainted_opaque<T>.
void register_plain_result(app& sandbox) {
#ifdef MISUSE_register_plain_result
  auto callback = sandbox.register_callback(plain_result);
#else
  auto callback = sandbox.register_callback(tainted_result);
#endif
}

// expect: RLBox: only functions can be registered as callbacks. Put + in front of a lambda without
// expect: captures; lambdas with captures cannot be registered, pass their state through an
// expect: app_pointer.
void register_lambda(app& sandbox) {
#ifdef MISUSE_register_lambda
  auto callback = sandbox.register_callback([](app&, tainted_app<int>) {});
#else
  auto callback = sandbox.register_callback(+[](app&, tainted_app<int>) {});
#endif
}

// expect: RLBox: only functions can be registered as callbacks.
void register_std_function(app& sandbox) {
#ifdef MISUSE_register_std_function
  std::function<void(app&, tainted_app<int>)> function = void_result;
  auto callback = sandbox.register_callback(function);
#else
  auto callback = sandbox.register_callback(void_result);
#endif
}

// expect: RLBox: sandbox_callback needs a function-pointer type.
void callback_of_function_type() {
#ifdef MISUSE_callback_of_function_type
  sandbox_callback_app<int(int)> callback;
#else
  sandbox_callback_app<int (*)(int)> callback;
#endif
}

// expect: RLBox: app_pointer needs a pointer type.
void app_pointer_of_object_type() {
#ifdef MISUSE_app_pointer_of_object_type
  app_pointer_app<std::string> pointer;
#else
  app_pointer_app<std::string*> pointer;
#endif
}
