/* A library with a global object. */
#ifndef TESTS_RULES_CONSTRUCTORS_CONSTRUCTED_H_
#define TESTS_RULES_CONSTRUCTORS_CONSTRUCTED_H_

#ifdef __cplusplus
extern "C" {
#endif

/* How often its constructor has run. */
int constructions(void);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_RULES_CONSTRUCTORS_CONSTRUCTED_H_ */
