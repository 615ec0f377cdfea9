#ifndef TESTS_RULES_ANSWER_H_
#define TESTS_RULES_ANSWER_H_

#ifdef __cplusplus
extern "C" {
#endif

int answer(void);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_RULES_ANSWER_H_
