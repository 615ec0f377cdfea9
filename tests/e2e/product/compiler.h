#ifndef COMPILER_H_
#define COMPILER_H_

#ifdef __cplusplus
extern "C" {
#endif

// Says which wasi-sdk compiled the library: 0 for the default one, else the release that a stand-in
// stands for.
int compiler(void);

#ifdef __cplusplus
}
#endif

#endif  // COMPILER_H_
