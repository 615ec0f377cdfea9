#ifndef TESTS_RULES_SHARED_ONE_H_
#define TESTS_RULES_SHARED_ONE_H_

#ifdef __cplusplus
extern "C" {
#endif

int one(int number);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_RULES_SHARED_ONE_H_
