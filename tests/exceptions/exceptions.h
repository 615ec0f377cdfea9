/* A C++ library that throws and catches. */
#ifndef TESTS_EXCEPTIONS_EXCEPTIONS_H_
#define TESTS_EXCEPTIONS_EXCEPTIONS_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Does all kinds of things with exceptions; the case's own lines go to standard output. 0 if there
 * is no such case. */
int32_t exceptions_run(int32_t number, int32_t argument);

/* Throws an exception, one kind for each number, that nothing catches. */
int32_t exceptions_escape(int32_t kind);

/* Ends by std::terminate: a throw out of a noexcept function. */
int32_t exceptions_terminate(void);

/* Throws and catches so many times in one call. */
int32_t exceptions_loop(int32_t times);

/* Enters so many try blocks, one after the other; nothing throws. */
int32_t exceptions_enter(int32_t times);

/* Calls `callback` in a try block that catches everything; -1 if it caught. */
int32_t exceptions_call(int32_t (*callback)(int32_t), int32_t argument);

/* Throws `argument` to a catch that calls `callback` with it, and throws on what comes next. */
int32_t exceptions_call_in_catch(int32_t (*callback)(int32_t), int32_t argument);

/* A jump by longjmp out of a function with try blocks, and exceptions before and after. */
int32_t exceptions_jump(int32_t argument);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_EXCEPTIONS_EXCEPTIONS_H_ */
