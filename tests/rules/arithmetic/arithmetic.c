// Each of these functions computes something else if a compiler rearranges it.
#include "arithmetic.h"

double compensated_sum(unsigned count) {
  double sum = 1e16;
  double lost = 0;
  for (unsigned i = 0; i < count; ++i) {
    const double next = 1.0 - lost;
    const double total = sum + next;
    lost = (total - sum) - next;
    sum = total;
  }
  return sum - 1e16;
}

double product_and_sum(double a, double b, double c) { return a * b + c; }

double third(double a) { return a / 3.0; }

double plus_zero(double a) { return a + 0.0; }

int is_not_a_number(double a) { return a != a; }
