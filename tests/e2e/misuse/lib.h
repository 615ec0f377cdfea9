#ifndef LIB_H_
#define LIB_H_

#ifdef __cplusplus
extern "C" {
#endif

int answer(void);

#ifdef __cplusplus
}
#endif

#endif  // LIB_H_
