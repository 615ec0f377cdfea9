// The library's char is signed, whatever the application's is: arm64 and -funsigned-char.
#include "narrow.rlbox.h"

#include "tests/runtime/harness.hpp"

namespace {

constexpr char letter_200 = static_cast<char>(200);

tainted_narrow<char> next(rlbox_sandbox_narrow&, tainted_narrow<char> value) {
  return value.copy_and_verify([](char known) { return static_cast<char>(known + 1); });
}

int as_it_is(int value) { return value; }

}  // namespace

#if defined(EXPECT_UNSIGNED_CHAR) && !defined(__CHAR_UNSIGNED__)
#error "the application's char is to be unsigned here"
#endif

TEST_CASE("a char is the same number in the library, whatever char is in the application") {
  rlbox_sandbox_narrow sandbox;
  sandbox.create_sandbox();
  CHECK(sandbox.invoke_sandbox_function(number_of_char, letter_200).copy_and_verify(as_it_is) ==
        -56);
  CHECK(sandbox.invoke_sandbox_function(number_of_char, 'a').copy_and_verify(as_it_is) == 'a');
  const short less = -2;
  CHECK(sandbox.invoke_sandbox_function(number_of_short, less).copy_and_verify(as_it_is) == -2);
  sandbox.destroy_sandbox();
}

TEST_CASE("a struct that is a char is passed as one") {
  rlbox_sandbox_narrow sandbox;
  sandbox.create_sandbox();
  tainted_narrow<letter> one;
  one.value = letter_200;
  CHECK(sandbox.invoke_sandbox_function(number_of_letter, one).copy_and_verify(as_it_is) == -56);
  sandbox.destroy_sandbox();
}

TEST_CASE("a char that the library returns, or has in its memory, has the same bits") {
  rlbox_sandbox_narrow sandbox;
  sandbox.create_sandbox();
  const char result =
      sandbox.invoke_sandbox_function(char_of_number, -56).copy_and_verify([](char value) {
        return value;
      });
  CHECK(result == letter_200);
  auto memory = sandbox.malloc_in_sandbox<char>();
  *memory = letter_200;
  CHECK(sandbox.invoke_sandbox_function(number_in_memory, memory).copy_and_verify(as_it_is) == -56);
  CHECK((*memory).copy_and_verify([](char value) { return value; }) == letter_200);
  sandbox.free_in_sandbox(memory);
  sandbox.destroy_sandbox();
}

TEST_CASE("a callback takes and returns a char with the same bits") {
  rlbox_sandbox_narrow sandbox;
  sandbox.create_sandbox();
  auto callback = sandbox.register_callback(next);
  CHECK(
      sandbox.invoke_sandbox_function(number_of_changed, callback, -56).copy_and_verify(as_it_is) ==
      -55);
  CHECK(
      sandbox.invoke_sandbox_function(number_of_changed, callback, 127).copy_and_verify(as_it_is) ==
      -128);
  callback.unregister();
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
