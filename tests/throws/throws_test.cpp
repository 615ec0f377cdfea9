// A throw in a library is a trap that names the type.
#include "throws.rlbox.h"

#include <string>

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

rlbox_wasm2c_options survive() {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  return options;
}

/// What a sandbox that throws this reports.
template <typename F>
std::string report_of(F&& call) {
  rlbox_sandbox_throws box;
  box.create_sandbox(survive());
  bool thrown = false;
  try {
    call(box);
  } catch (const rlbox_wasm2c_trap_error& error) {
    thrown = error.reason() == RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION;
  }
  CHECK(thrown);
  std::string report = box.get_sandbox_impl()->trap_message();
  box.destroy_sandbox();
  return report;
}
std::string report_of_kind(std::int32_t kind) {
  return report_of([&](auto& box) { box.invoke_sandbox_function(throws_kind, kind); });
}
std::string report_of_text(const std::string& text) {
  return report_of([&](auto& box) {
    auto copy = box.template malloc_in_sandbox<char>(static_cast<std::uint32_t>(text.size() + 1));
    memcpy(box, copy, text.c_str(), static_cast<std::uint32_t>(text.size() + 1));
    box.invoke_sandbox_function(throws_text, copy);
  });
}
std::string expected(const std::string& type, const char* function = "throws_kind") {
  return "sandbox throws: uncaught exception: C++ exception of type '" + type +
         "' thrown; C++ exceptions are off: exceptions = True turns them on (module throws, in a "
         "call of " +
         function + ")";
}

}  // namespace

TEST_CASE("a throw is a trap that names the type") {
  CHECK(report_of_kind(1) == expected("std::runtime_error"));
  CHECK(report_of_kind(2) == expected("parsers::syntax_error"));
  CHECK(report_of_kind(3) == expected("int"));
  CHECK(report_of_kind(4) == expected("const char*"));
  CHECK(report_of_kind(5) == expected("N7parsers7failureIiEE"));
  CHECK(report_of_kind(6) == expected("unknown (thrown again)"));
  CHECK(report_of_kind(7) == expected("ZN12_GLOBAL__N_15raiseEiE5local"));
}

TEST_CASE("code with try blocks that does not throw does what it does natively") {
  rlbox_sandbox_throws box;
  box.create_sandbox();
  CHECK(box.invoke_sandbox_function(throws_kind, 0).UNSAFE_unverified() == 42);
  box.destroy_sandbox();
}

TEST_CASE("dynamic_cast and typeid") {
  rlbox_sandbox_throws box;
  box.create_sandbox();
  for (const std::int32_t kind : {0, 1, 2}) {
    const std::int32_t results[] = {1001, 1010, 1100};
    CHECK(box.invoke_sandbox_function(throws_cast, kind).UNSAFE_unverified() == results[kind]);
  }
  box.destroy_sandbox();
}

TEST_CASE("S18: whatever a library gives as a name is one short line in quotes") {
  const auto expected_text = [](const std::string& text) { return expected(text, "throws_text"); };
  CHECK(report_of_text("7strange") == expected_text("strange"));
  CHECK(report_of_text("") == expected_text(""));
  CHECK(report_of_text("a\nsandbox x: fine\x1b[2J'") == expected_text("a?sandbox x: fine?[2J?"));
  CHECK(report_of_text("\xc3\xa9%s%n") == expected_text("??%s%n"));
  CHECK(report_of_text("99999999999999999999x") == expected_text("99999999999999999999x"));
  CHECK(report_of_text("N3fooE3bar") == expected_text("N3fooE3bar"));
  CHECK(report_of_text(std::string(100000, 'x')) ==
        expected_text(std::string(128, 'x')).substr(0, RLBOX_WASM2C_MESSAGE_SIZE - 1));
}

HARNESS_MAIN()
