#pragma once
#ifdef __cplusplus
extern "C" {
#endif

/// Prints what numbers look like after they were printed and read in many ways: exact results, so
/// the same everywhere.
void print_numbers(void);

/// Prints a third, a long double, with 30 digits into `text` of `size` bytes.
void print_a_third(char* text, unsigned size);

#ifdef __cplusplus
}
#endif
