#ifndef TESTS_TOOLCHAIN_GREETING_H_
#define TESTS_TOOLCHAIN_GREETING_H_

#ifdef __cplusplus
extern "C" {
#endif

const char* greeting(void);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_TOOLCHAIN_GREETING_H_
