#ifndef REVERSE_H_
#define REVERSE_H_

#ifdef __cplusplus
extern "C" {
#endif

// Reverses a string in place.
void reverse(char* text);

#ifdef __cplusplus
}
#endif

#endif  // REVERSE_H_
