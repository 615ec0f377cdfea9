// 64-bit integers of a library
#include "wide.rlbox.h"

using tainted_position = tainted_wide<const unsigned long long*>;

// `int64_t` is a `long` here. The library has elements of 64 bits; a `long` of the sandbox has 32.
// expect: RLBox: an argument points to integers, or is a callback with integers, of another width
// expect: than the library's. A long of the sandbox has 32 bits, and where the header says int64_t
// expect: or uint64_t, the library has a long long: write long long or unsigned long long, e.g.
// expect: malloc_in_sandbox<unsigned long long>(n), tainted<long long> in callbacks.
void int64_behind_a_pointer(rlbox_sandbox_wide& sandbox) {
#ifdef MISUSE_int64_behind_a_pointer
  auto values = sandbox.malloc_in_sandbox<std::int64_t>(3);
#else
  auto values = sandbox.malloc_in_sandbox<long long>(3);
#endif
  sandbox.invoke_sandbox_function(wide_fill, values, 3U, 1);
}

// The header says `long`.
// expect: RLBox: an argument points to integers, or is a callback with integers, of another width
// expect: than the library's.
void long_long_for_a_long(rlbox_sandbox_wide& sandbox) {
#ifdef MISUSE_long_long_for_a_long
  auto values = sandbox.malloc_in_sandbox<long long>(3);
#else
  auto values = sandbox.malloc_in_sandbox<long>(3);
#endif
  sandbox.invoke_sandbox_function(wide_sum_of_longs, values, 3U);
}

inline tainted_wide<std::int64_t> step_of_int64(rlbox_sandbox_wide&, tainted_wide<void*>,
                                                tainted_wide<std::int64_t> value,
                                                tainted_wide<const std::uint64_t*>) {
  return value;
}
inline tainted_wide<long long> step_of_long_long(rlbox_sandbox_wide&, tainted_wide<void*>,
                                                 tainted_wide<long long> value, tainted_position) {
  return value;
}

// expect: RLBox: an argument points to integers, or is a callback with integers, of another width
// expect: than the library's.
void int64_in_a_callback(rlbox_sandbox_wide& sandbox) {
#ifdef MISUSE_int64_in_a_callback
  auto step = sandbox.register_callback(step_of_int64);
#else
  auto step = sandbox.register_callback(step_of_long_long);
#endif
  sandbox.invoke_sandbox_function(wide_fold, step, nullptr, 1U);
}

// The result is what the library means.
// expect gcc: to non-scalar type
// expect clang: no viable conversion from
void int64_for_a_result(rlbox_sandbox_wide& sandbox) {
#ifdef MISUSE_int64_for_a_result
  tainted_wide<const std::int64_t*> table = sandbox.invoke_sandbox_function(wide_table);
#else
  tainted_wide<const long long*> table = sandbox.invoke_sandbox_function(wide_table);
#endif
  RLBOX_UNUSED(table);
}
