#include <numeric>
#include <vector>

// The exit code is the sum of the prime numbers below 20.
int main() {
  std::vector<int> primes;
  for (int candidate = 2; candidate < 20; ++candidate) {
    bool is_prime = true;
    for (int prime : primes) is_prime = is_prime && candidate % prime != 0;
    if (is_prime) primes.push_back(candidate);
  }
  return std::accumulate(primes.begin(), primes.end(), 0);
}
