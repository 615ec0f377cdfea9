/* The library of the examples in README.md and docs. */
#ifndef RLBOX_TESTS_DECODER_H_
#define RLBOX_TESTS_DECODER_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Number of pixels in an image of so many bytes; aborts if the first byte is not 'I'. */
int decode(const char* data, size_t size);

/* One more than `input`. */
int parse(int input);

/* Asks for so many bytes of memory; 0 if it does not get them. */
int reserve_memory(size_t bytes);

/* Prints the variable COLOUR of its environment. */
void describe_itself(void);

#ifdef __cplusplus
}
#endif

#endif
