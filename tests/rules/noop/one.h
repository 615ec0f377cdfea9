#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int one(int n);
#ifdef __cplusplus
}
#endif
