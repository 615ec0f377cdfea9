#ifndef ARITHMETIC_H_
#define ARITHMETIC_H_

#ifdef __cplusplus
extern "C" {
#endif

double compensated_sum(unsigned count);
double product_and_sum(double a, double b, double c);
double third(double a);
double plus_zero(double a);
int is_not_a_number(double a);

#ifdef __cplusplus
}
#endif

#endif
