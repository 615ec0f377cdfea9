// What one library's work costs, in a sandbox or, with the noop backend, natively.
//
//   PROGRAM [ROUNDS [TIMES]]
//
// Prints the checksum of ROUNDS rounds of work, and with TIMES how many nanoseconds of processor
// time a round takes: one line for each of so many measurements.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/benchmark/measure.hpp"
#include "work.rlbox.h"

namespace {

unsigned checksum(rlbox_sandbox_work& sandbox, unsigned rounds) {
  return sandbox.invoke_sandbox_function(work, rounds).copy_and_verify([](unsigned value) {
    return value;
  });
}

}  // namespace

int main(int count, char** words) {
  const auto rounds = static_cast<unsigned>(count > 1 ? std::atol(words[1]) : 2);
  const long times = count > 2 ? std::atol(words[2]) : 0;
  rlbox_sandbox_work sandbox;
  sandbox.create_sandbox();
  std::printf("%u\n", checksum(sandbox, rounds));
  for (long i = 0; i < times; ++i) {
    // The work before the first round is the same whatever the rounds are.
    const double start = benchmark::processor_seconds();
    checksum(sandbox, 0);
    const double middle = benchmark::processor_seconds();
    checksum(sandbox, rounds);
    const double end = benchmark::processor_seconds();
    std::printf("%.1f\n", ((end - middle) - (middle - start)) / rounds * 1e9);
  }
  sandbox.destroy_sandbox();
  return 0;
}
