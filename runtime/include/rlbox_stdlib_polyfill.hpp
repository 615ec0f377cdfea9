#ifndef RLBOX_STDLIB_POLYFILL_HPP_
#define RLBOX_STDLIB_POLYFILL_HPP_
/// \file
/// Kept for programs that include it by name; <type_traits> of C++17 has everything needed.

#include <type_traits>

#endif  // RLBOX_STDLIB_POLYFILL_HPP_
