#ifndef TESTS_RULES_CC_TOOLCHAIN_MADE_FOR_H_
#define TESTS_RULES_CC_TOOLCHAIN_MADE_FOR_H_

#ifdef __cplusplus
extern "C" {
#endif

/* What the genrule's $(CC) compiles for: 1 is WebAssembly. */
int made_for_wasm(void);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_RULES_CC_TOOLCHAIN_MADE_FOR_H_
