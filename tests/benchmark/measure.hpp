#ifndef RLBOX_TESTS_BENCHMARK_MEASURE_HPP_
#define RLBOX_TESTS_BENCHMARK_MEASURE_HPP_
// Timing of short operations.

#include <cstdint>
#include <ctime>

namespace benchmark {

// How much is measured. `quick` only shows that everything runs.
struct settings {
  bool quick = false;
  int rounds() const { return quick ? 1 : 15; }
  double seconds_per_round() const { return quick ? 0.0 : 0.02; }
};

// Makes the compiler believe that `value` is used and that memory may have changed.
template <typename T>
[[gnu::always_inline]] inline void keep(const T& value) {
  __asm__ volatile("" : : "r"(value) : "memory");
}

// Processor time of this thread in seconds. Unlike the time of day it does not run on while another
// process has the processor.
inline double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Seconds that `body(count)` takes. Apart from its caller, so that the loop gets registers of its
// own.
template <typename T_Body>
[[gnu::noinline]] double seconds(T_Body& body, std::uint32_t count) {
  const double start = processor_seconds();
  body(count);
  return processor_seconds() - start;
}

// Nanoseconds that `body(n)` takes for each of its n operations: the lowest of several rounds,
// since whatever else runs on the machine can only add to it.
template <typename T_Body>
double nanoseconds(const settings& how, T_Body&& body) {
  const auto run = [&](std::uint32_t count) { return seconds(body, count); };
  constexpr std::uint32_t most = 1U << 30;
  std::uint32_t count = 4;
  double taken = run(count);
  while (taken < how.seconds_per_round() && count < most) {
    count *= 2;
    taken = run(count);
  }
  double best = taken / count;
  for (int i = 1; i < how.rounds(); ++i) {
    const double again = run(count) / count;
    best = again < best ? again : best;
  }
  return best * 1e9;
}

}  // namespace benchmark

#endif
