// Prints what the library computes, in hexadecimal. Everything that the compiler could rearrange is
// in the library.
#include "arithmetic.rlbox.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

double from_bits(std::uint64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void print(const char* what, tainted_arithmetic<double> value) {
  const double plain = value.UNSAFE_unverified();
  std::uint64_t bits = 0;
  std::memcpy(&bits, &plain, sizeof bits);
  std::printf("%s %016" PRIx64 "\n", what, bits);
}

}  // namespace

int main() {
  rlbox_sandbox_arithmetic sandbox;
  sandbox.create_sandbox();
  print("compensated sum", sandbox.invoke_sandbox_function(compensated_sum, 1000U));
  print("product and sum",
        sandbox.invoke_sandbox_function(product_and_sum, from_bits(0x3ff0000000400000),
                                        from_bits(0x3fefffffff800000), -1.0));
  print("third", sandbox.invoke_sandbox_function(third, 5.0));
  print("plus zero", sandbox.invoke_sandbox_function(plus_zero, from_bits(0x8000000000000000)));
  std::printf("not a number %d\n",
              sandbox.invoke_sandbox_function(is_not_a_number, from_bits(0x7ff8000000000000))
                  .UNSAFE_unverified());
  sandbox.destroy_sandbox();
  return 0;
}
