// A small C library: the one of RLBox's tutorial.
#ifndef EXAMPLES_MYLIB_MYLIB_H_
#define EXAMPLES_MYLIB_MYLIB_H_

#ifdef __cplusplus
extern "C" {
#endif

// Prints a greeting.
void hello(void);

// Returns a + b.
unsigned add(unsigned a, unsigned b);

// Prints a string.
void echo(const char* text);

// Calls a function of the caller's with a message.
void call_cb(void (*callback)(const char* message));

#ifdef __cplusplus
}
#endif

#endif  // EXAMPLES_MYLIB_MYLIB_H_
