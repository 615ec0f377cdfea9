// Exceptions that nothing catches, and what traps, callbacks, nested calls and exceptions of the
// application do while a library's try blocks are entered. With and without RLBOX_USE_EXCEPTIONS.
#include "exceptions.rlbox.h"

#include <cstring>
#include <stdexcept>
#include <string>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

using namespace rlbox;

namespace {

using box_type = rlbox_sandbox_exceptions;
template <typename T>
using t = tainted_exceptions<T>;

rlbox_wasm2c_options survive() {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  return options;
}

/// What a sandbox reports about a call that ends in a trap for this reason; "" if none does.
template <typename F>
std::string report_of(rlbox_wasm2c_trap_reason reason, F&& call) {
  box_type box;
  box.create_sandbox(survive());
#ifdef RLBOX_USE_EXCEPTIONS
  try {
    call(box);
  } catch (const rlbox_wasm2c_trap_error&) {
  }
#else
  call(box);
#endif
  std::string report;
  if (box.get_sandbox_impl()->has_trapped() && box.get_sandbox_impl()->trap_reason() == reason) {
    report = box.get_sandbox_impl()->trap_message();
  }
  box.destroy_sandbox();
  return report;
}

std::string report_of_kind(std::int32_t kind) {
  return report_of(RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION,
                   [&](box_type& box) { box.invoke_sandbox_function(exceptions_escape, kind); });
}

std::string expected(const std::string& what, const char* function = "exceptions_escape") {
  return "sandbox exceptions: uncaught exception: C++ exception of type " + what +
         " (module exceptions, in a call of " + function + ")";
}

t<std::int32_t> twice(box_type&, t<std::int32_t> n) { return n + n; }
t<std::int32_t> cases_in_callback(box_type& box, t<std::int32_t> n) {
  return box.invoke_sandbox_function(exceptions_loop, n);
}
/// An exception in the nested call: around it are frames of the application.
t<std::int32_t> escape_in_callback(box_type& box, t<std::int32_t> n) {
  return box.invoke_sandbox_function(exceptions_escape, n);
}

}  // namespace

TEST_CASE("an exception that nothing catches is a trap with its type and what()") {
  CHECK(report_of_kind(1) ==
        expected("'_GLOBAL__N_1::parse_error' thrown and not caught, what() is \"bad in line "
                 "3\""));
  CHECK(report_of_kind(2) == expected("'int' thrown and not caught"));
  CHECK(report_of_kind(5) ==
        expected("'std::logic_error' thrown and not caught, what() is \"by pointer\""));
  CHECK(report_of_kind(0).empty());
}

TEST_CASE("S18: whatever a library says of an exception is a part of one short line") {
  const std::string long_report = report_of_kind(3);
  CHECK(long_report.find("'std::runtime_error' thrown and not caught, what() is \"xxxxxxxxxx") !=
        std::string::npos);
  CHECK(long_report.size() < RLBOX_WASM2C_MESSAGE_SIZE);
  CHECK(report_of_kind(4) ==
        expected("'std::runtime_error' thrown and not caught, what() is \"a 'quoted'??text?\""));
  CHECK(report_of_kind(6).find("thrown and not caught, what() is \"") != std::string::npos);
  CHECK(report_of_kind(7).find(" thrown and not caught (module") != std::string::npos);
}

TEST_CASE("a throw out of a noexcept function is a trap") {
  CHECK(!report_of(RLBOX_WASM2C_TRAP_UNREACHABLE, [](box_type& box) {
           box.invoke_sandbox_function(exceptions_terminate);
         }).empty());
}

TEST_CASE("the report without survival") {
  const child_result result = run_child([] {
    box_type box;
    box.create_sandbox();
    box.invoke_sandbox_function(exceptions_escape, 2);
  });
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed(expected("'int' thrown and not caught").c_str()));
}

TEST_CASE("S18: catching takes no more stack the more often it happens") {
  box_type box;
  box.create_sandbox(survive());
  // 16 bytes each time would be twice what a thread has.
  CHECK(box.invoke_sandbox_function(exceptions_loop, 1000000).UNSAFE_unverified() == 1000000);
  CHECK(box.invoke_sandbox_function(exceptions_enter, 300001).UNSAFE_unverified() == 150000);
  box.destroy_sandbox();
}

TEST_CASE("S18: callbacks and nested calls under try blocks, and exceptions after them") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(twice);
  auto nested = box.register_callback(cases_in_callback);
  for (int i = 0; i < 3; ++i) {
    CHECK(box.invoke_sandbox_function(exceptions_call, callback, 21).UNSAFE_unverified() == 42);
    CHECK(box.invoke_sandbox_function(exceptions_call, nested, 9).UNSAFE_unverified() == 9);
    CHECK(box.invoke_sandbox_function(exceptions_call_in_catch, nested, 100).UNSAFE_unverified() ==
          103);
    CHECK(box.invoke_sandbox_function(exceptions_jump, 1).UNSAFE_unverified() == 111);
    CHECK(box.invoke_sandbox_function(exceptions_jump, 7).UNSAFE_unverified() == 18);
  }
  callback.unregister();
  nested.unregister();
  box.destroy_sandbox();
}

TEST_CASE("S18: an exception never leaves frames of the application") {
  CHECK(report_of(RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION, [](box_type& box) {
          auto callback = box.register_callback(escape_in_callback);
          box.invoke_sandbox_function(exceptions_call, callback, 2);
        }) == expected("'int' thrown and not caught"));
  CHECK(report_of(RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION, [](box_type& box) {
          auto callback = box.register_callback(escape_in_callback);
          box.invoke_sandbox_function(exceptions_call_in_catch, callback, 2);
        }) == expected("'int' thrown and not caught"));
}

#ifdef RLBOX_USE_EXCEPTIONS
namespace {
struct of_the_application {};
t<std::int32_t> throws(box_type&, t<std::int32_t>) { throw of_the_application(); }
}  // namespace

TEST_CASE("S18: an exception of the application passes the library's catch blocks") {
  box_type box;
  box.create_sandbox(survive());
  auto callback = box.register_callback(throws);
  for (int i = 0; i < 3; ++i) {
    bool passed = false;
    try {
      box.invoke_sandbox_function(exceptions_call, callback, 2);
    } catch (const of_the_application&) {
      passed = true;
    }
    CHECK(passed);
    CHECK(!box.get_sandbox_impl()->has_trapped());
    CHECK(box.invoke_sandbox_function(exceptions_loop, 4).UNSAFE_unverified() == 4);
  }
  callback.unregister();
  box.destroy_sandbox();
}
#endif

HARNESS_MAIN()
