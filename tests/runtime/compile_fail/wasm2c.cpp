// Functions of a wasm2c module
#include "tests/runtime/compile_fail/wasm2c.hpp"

// The application and the library were compiled with different headers.
// expect: RLBox: a parameter's type in the application's declaration does not match the sandboxed
// expect: library's function. Check that the header is the one the library was compiled with; long
// expect: double and pointers of another size are not supported.
namespace old_parameter {
#ifdef MISUSE_old_parameter
std::uint32_t add(std::uint32_t a, double b);
#else
std::uint32_t add(std::uint32_t a, std::uint32_t b);
#endif
void call(guest& sandbox) { sandbox.invoke_sandbox_function(add, 1U, 2U); }
}  // namespace old_parameter

// A 64-bit integer is not what the library takes.
// expect: RLBox: a parameter's type in the application's declaration does not match the sandboxed
// expect: library's function.
namespace wide_parameter {
#ifdef MISUSE_wide_parameter
std::uint32_t add(std::uint32_t a, long long b);
#else
std::uint32_t add(std::uint32_t a, std::uint32_t b);
#endif
void call(guest& sandbox) { sandbox.invoke_sandbox_function(add, 1U, 2U); }
}  // namespace wide_parameter

// long double has another format in the sandbox.
// expect: RLBox: a parameter's type in the application's declaration does not match the sandboxed
// expect: library's function.
namespace long_double_parameter {
#ifdef MISUSE_long_double_parameter
double same_double(long double value);
#else
double same_double(double value);
#endif
void call(guest& sandbox) { sandbox.invoke_sandbox_function(same_double, 1.0); }
}  // namespace long_double_parameter

// expect: RLBox: the result type in the application's declaration does not match the sandboxed
// expect: library's function. Check that the header is the one the library was compiled with; long
// expect: double is not supported.
namespace old_result {
#ifdef MISUSE_old_result
float same_double(double value);
#else
double same_double(double value);
#endif
void call(guest& sandbox) { sandbox.invoke_sandbox_function(same_double, 1.0); }
}  // namespace old_result

// expect: RLBox: the result type in the application's declaration does not match the sandboxed
// expect: library's function.
namespace missing_result {
#ifdef MISUSE_missing_result
void same_double(double value);
#else
double same_double(double value);
#endif
void call(guest& sandbox) { sandbox.invoke_sandbox_function(same_double, 1.0); }
}  // namespace missing_result

// expect: RLBox: the application's declaration of this function has another number of parameters
// expect: than the sandboxed library's. Check that the header is the one the library was compiled
// expect: with; long double and variable arguments are not supported.
namespace old_parameter_count {
#ifdef MISUSE_old_parameter_count
std::uint32_t add(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0);
void call(guest& sandbox) { sandbox.invoke_sandbox_function(add, 1U, 2U, 3U); }
#else
std::uint32_t add(std::uint32_t a, std::uint32_t b);
void call(guest& sandbox) { sandbox.invoke_sandbox_function(add, 1U, 2U); }
#endif
}  // namespace old_parameter_count

// The function is static in the library, misspelt, or not among the module's exports.
// expect: RLBox: the sandboxed library does not export a function of this name. Its exports are
// expect: listed at the top of <module>.rlbox.h; add the function to the library's public headers
// expect: or to the exports of its wasm_library.
namespace hidden_function {
int not_exported(int value);
int same_i16(int value);
void call(guest& sandbox) {
#ifdef MISUSE_hidden_function
  sandbox.invoke_sandbox_function(not_exported, 1);
#else
  sandbox.invoke_sandbox_function(same_i16, 1);
#endif
}
}  // namespace hidden_function

// expect: RLBox: the sandboxed library does not export a function of this name.
namespace hidden_address {
int not_exported(int value);
int same_i16(int value);
void call(guest& sandbox) {
#ifdef MISUSE_hidden_address
  const auto function = sandbox.get_sandbox_function_address(not_exported);
#else
  const auto function = sandbox.get_sandbox_function_address(same_i16);
#endif
  RLBOX_UNUSED(function);
}
}  // namespace hidden_address

// The library has the function, and the module does not export it: rlbox_exports says why, too.
// expect: RLBox: guest does not export left_out: a variable number of arguments cannot cross the
// expect: boundary.
namespace left_out_function {
#ifdef MISUSE_left_out_function
int left_out(int count);
void call(guest& sandbox) { sandbox.invoke_sandbox_function(left_out, 1); }
#else
int same_i16(int16_t value);
void call(guest& sandbox) { sandbox.invoke_sandbox_function(same_i16, 1); }
#endif
}  // namespace left_out_function

// Calls of all sandboxes of a file are looked up in the same way.
// expect: RLBox: RLBOX_USE_STATIC_CALLS() names the lookup macro of another backend than this
// expect: sandbox has.
namespace other_backend {
#ifdef MISUSE_other_backend
void call(rlbox_sandbox_host& sandbox) {
#else
void call(guest& sandbox) {
#endif
  sandbox.invoke_sandbox_function(add, 1U, 2U);
}
}  // namespace other_backend

// A struct that the module's header does not describe.
// expect: RLBox: this struct is not known to the framework.
void result_of_unknown_struct(guest& sandbox) {
#ifdef MISUSE_result_of_unknown_struct
  sandbox.invoke_sandbox_function(make_point, 1, 2L, 3.0);
#else
  sandbox.invoke_sandbox_function(mix, 1, 2.0, 3LL, 4.0F, 5);
#endif
}

inline void take_long_double(guest&, tainted_guest<long double>) {}
inline void take_double(guest&, tainted_guest<double>) {}

// expect: RLBox: long double differs between the application and the sandbox, so it cannot be
// expect: passed by value; use double.
void callback_of_long_double(guest& sandbox) {
#ifdef MISUSE_callback_of_long_double
  auto callback = sandbox.register_callback(take_long_double);
#else
  auto callback = sandbox.register_callback(take_double);
#endif
}
