// A library with the bugs that a sandbox is for.
#ifndef TESTS_EXAMPLES_HOSTILE_H_
#define TESTS_EXAMPLES_HOSTILE_H_

#ifdef __cplusplus
extern "C" {
#endif

void write_far_away(unsigned address);
void write_before_a_buffer(int distance);
unsigned recurse(unsigned depth);
void call_a_wrong_function(void);
int divide(int a, int b);
void give_up(void);
void leave(int code);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_EXAMPLES_HOSTILE_H_
