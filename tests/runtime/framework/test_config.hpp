#ifndef RLBOX_TESTS_CONFIG_HPP_
#define RLBOX_TESTS_CONFIG_HPP_
// Settings for the framework's tests; include before any RLBox header.
//
// With exceptions, compile-time diagnoses become exceptions, so that rejected constructs can be
// tested here; compile_fail/ tests the diagnoses themselves. Without, failed checks come back
// through the harness's handler.

#include "tests/runtime/harness.hpp"

#if HARNESS_HAS_EXCEPTIONS
#define RLBOX_USE_EXCEPTIONS
#define RLBOX_NO_COMPILE_CHECKS
#define CHECK_REJECTED(...) CHECK_FAILS(__VA_ARGS__)
#else
#define RLBOX_CUSTOM_ABORT(msg) ::harness::custom_abort(msg)
#define CHECK_REJECTED(...) static_cast<void>(0)
// used in rejected expressions only
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#define RLBOX_ENABLE_DEBUG_ASSERTIONS

#endif  // RLBOX_TESTS_CONFIG_HPP_
