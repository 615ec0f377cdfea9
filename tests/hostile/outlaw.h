/* A library of an attacker who writes what no C compiler makes of plain C. No build of ours accepts
 * it. */
#ifndef TESTS_HOSTILE_OUTLAW_H_
#define TESTS_HOSTILE_OUTLAW_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long long (*o_wide_callback)(unsigned long long);
typedef unsigned long long (*o_pointer_callback)(int* p);
typedef uint32_t (*o_plain_callback)(uint32_t);
typedef uint32_t (*o_two_callback)(uint32_t, uint32_t);

/* Calls, so that the module has the types. */
unsigned long long o_call_wide(o_wide_callback f, unsigned long long n);
unsigned long long o_call_pointer(o_pointer_callback f, uint32_t p);
unsigned long long o_call_index_wide(uint32_t index, unsigned long long n);
uint32_t o_call_index_plain(uint32_t index, uint32_t n);
uint32_t o_call_plain(o_plain_callback f, uint32_t n);
uint32_t o_wide_index(o_wide_callback f);
uint32_t o_plain_index(o_plain_callback f);

/* Entries of the table. */
uint32_t o_own_index(void);
void o_copy_entry(uint32_t from, uint32_t to);
void o_clear_entry(uint32_t index);
uint32_t o_table_size(void);
uint32_t o_table_grow(uint32_t entries);
void o_table_grow_often(uint32_t entries, uint32_t times);
void o_table_fill(uint32_t from, uint32_t count);
void o_table_copy(uint32_t to, uint32_t from, uint32_t count);

/* Calls f in a try block that catches everything and begins again. */
uint32_t o_catch_everything(o_plain_callback f, uint32_t n);

uint32_t o_catch_index(uint32_t index, uint32_t n);
uint32_t o_throw_index(void);

/* Calls that leave no frame. */
uint32_t o_call_two(o_two_callback f, uint32_t a, uint32_t b);
uint32_t o_two_index(o_two_callback f);
void o_put_tail_function(uint32_t index);
uint32_t o_tail_call_index(uint32_t index, uint32_t n);
uint32_t o_tail_call(uint32_t a, uint32_t b);
uint32_t o_result(void);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_HOSTILE_OUTLAW_H_ */
