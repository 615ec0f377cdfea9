#ifndef TESTS_RULES_SHARED_TWO_H_
#define TESTS_RULES_SHARED_TWO_H_

#ifdef __cplusplus
extern "C" {
#endif

int two(int number);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_RULES_SHARED_TWO_H_
