#ifndef TESTS_RULES_LANGUAGES_C_H_
#define TESTS_RULES_LANGUAGES_C_H_

int c_answer(void);

#endif  // TESTS_RULES_LANGUAGES_C_H_
