/* A hostile C++ library with exceptions: every function is a tool of an attacker. */
#ifndef TESTS_HOSTILE_THROWER_H_
#define TESTS_HOSTILE_THROWER_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t (*thrower_callback)(uint32_t);

/* Throws a number. */
uint32_t throw_number(uint32_t n);

/* Calls `callback` where everything is caught; 1000 more if something was. */
uint32_t call_and_catch(thrower_callback callback, uint32_t n);

/* Calls `callback` in a catch block. */
uint32_t call_in_catch(thrower_callback callback, uint32_t n);

/* Calls `callback` in a destructor that runs because of a throw. */
uint32_t call_in_cleanup(thrower_callback callback, uint32_t n);

/* Calls itself so often, with a destructor and a catch block each time, and throws at the end. */
uint32_t throw_at_depth(uint32_t n);

/* Calls itself without an end; each catch block throws. */
uint32_t throw_in_every_catch(uint32_t n);

/* Throws and catches without an end: 0 a new exception, 1 the same again, 2 by an exception_ptr. */
uint32_t catch_forever(uint32_t how);

/* Throws an exception whose what() misbehaves. */
uint32_t throw_with_what(uint32_t how, thrower_callback callback);

/* Throws an address as if an exception were there: out of the function, or to a catch block. */
uint32_t throw_address(uint32_t address, uint32_t caught);

/* Makes an exception and changes its parts before it is thrown. */
uint32_t throw_forged(uint32_t part, uint32_t value, uint32_t caught);

/* Frees an exception while it is thrown, or while it is handled. */
uint32_t free_exception(uint32_t handled);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_HOSTILE_THROWER_H_ */
