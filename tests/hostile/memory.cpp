// Memory: what the library does with addresses of its own, and with sizes of the application's
// copies.
#include "tests/hostile/box.hpp"

using namespace hostile;

namespace {

constexpr std::uint32_t last = 0xFFFFFFFFU;

}  // namespace

BEHAVIOUR("H-MEM-01", "writes behind the end of its memory", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(store8, 0x70000000U, 1U);
}

BEHAVIOUR("H-MEM-02", "writes the last byte that 32 bits can name", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(store8, last, 1U);
}

BEHAVIOUR("H-MEM-03", "writes eight bytes of which the last are behind the end",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(store64, end_of(box) - 4, std::uint64_t{1});
}

BEHAVIOUR("H-MEM-04", "writes at its last address plus a constant offset of 4 GiB",
          traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(store8_far, last);
}

BEHAVIOUR("H-VER-01", "returns a pointer to the last byte, for a copy of an int",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(ints_at, end_of(box) - 1);
  p.copy_and_verify([](std::unique_ptr<int> value) { return value ? *value : 0; });
}

BEHAVIOUR("H-STR-01", "returns a string that ends where its memory does", refused(no_terminator)) {
  auto& box = box_of(k);
  const std::uint32_t end = end_of(box);
  box.invoke_sandbox_function(fill, end - 16, 16U, 65U);
  box.invoke_sandbox_function(text_at, end - 16).copy_and_verify_string([](std::string text) {
    return text;
  });
}

BEHAVIOUR("H-VAL-01", "returns a bool of 2", harmless()) {
  const bool value =
      box_of(k).invoke_sandbox_function(boolean, 2U).copy_and_verify([](bool b) { return b; });
  REQUIRE(value);
}

BEHAVIOUR("H-TRP-01", "divides by zero", traps(division_by_zero)) {
  box_of(k).invoke_sandbox_function(divide, 1U, 0U);
}

BEHAVIOUR("H-TRP-02", "calls abort", traps(unreachable)) {
  box_of(k).invoke_sandbox_function(give_up);
}

BEHAVIOUR("H-TRP-03", "calls exit", traps(guest_exit)) {
  box_of(k).invoke_sandbox_function(leave, 0);
}

BEHAVIOUR("H-TRP-04", "recurses until its own stack is used up", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(recurse, 100000000U);
}

BEHAVIOUR("H-TRP-05", "calls the null function pointer", traps(bad_call)) {
  box_of(k).invoke_sandbox_function(call_through_null);
}

BEHAVIOUR("H-PTR-01", "returns a wild pointer that the application writes through", wild_access()) {
  auto p = box_of(k).invoke_sandbox_function(ints_at, 0x70000000U);
  *p = 1;
}

BEHAVIOUR("H-PTR-02", "returns a pointer that the application adds 10^9 elements to",
          refused(leaves_the_sandbox)) {
  auto p = box_of(k).invoke_sandbox_function(ints_at, 4096U);
  static_cast<void>(p + 2000000000);
}

BEHAVIOUR("H-WAS-01", "reads random bytes into memory that it does not have",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(wasi_random, end_of(box) - 4, 8U);
}
