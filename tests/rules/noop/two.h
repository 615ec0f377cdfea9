#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int two(int n);
#ifdef __cplusplus
}
#endif
