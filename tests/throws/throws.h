/* A C++ library that throws, and that asks for the types of objects. */
#ifndef TESTS_THROWS_THROWS_H_
#define TESTS_THROWS_THROWS_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Throws an exception, one kind for each number; 0: none, and what has a try block returns 42. */
int32_t throws_kind(int32_t kind);

/* Which kind of shape a shape of this kind is, by dynamic_cast and typeid. */
int32_t throws_cast(int32_t kind);

/* Throws a text as if it were the name of a type. */
void throws_text(const char* text);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_THROWS_THROWS_H_ */
