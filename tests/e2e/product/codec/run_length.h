#ifndef RUN_LENGTH_H_
#define RUN_LENGTH_H_

#ifdef __cplusplus
extern "C" {
#endif

// Encodes text as letters with counts, e.g. aaab as a3b1, into at most size bytes. Returns 0, or -1
// if it does not fit.
int run_length_encode(const char* text, char* out, unsigned size);

#ifdef __cplusplus
}
#endif

#endif  // RUN_LENGTH_H_
