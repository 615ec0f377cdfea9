/* A library that does everything a sandboxed library can do, right and wrong. */
#ifndef RLBOX_TESTS_GUEST_H_
#define RLBOX_TESTS_GUEST_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* numbers */
uint32_t add(uint32_t a, uint32_t b);
int8_t same_i8(int8_t value);
uint8_t same_u8(uint8_t value);
int16_t same_i16(int16_t value);
long same_long(long value);
uint64_t same_u64(uint64_t value);
int64_t same_i64(int64_t value);
float same_float(float value);
double same_double(double value);
size_t same_size(size_t value);
int left_out(int count, ...);
long long mix(int8_t a, double b, long long c, float d, uint16_t e);

/* structs */
typedef struct point {
  int x;
  long y;
  double z;
} point;
typedef struct only_int {
  int value;
} only_int;
typedef struct only_double {
  double value;
} only_double;
typedef struct only_nested {
  only_int inner;
} only_nested;
point make_point(int x, long y, double z);
double sum_point(point p, int factor);
point swap_points(point a, point b, int first);
only_int same_only_int(only_int s);
only_double half_only_double(only_double s);
only_nested same_only_nested(only_nested s);

/* function pointers */
typedef long (*long_function)(long);
typedef uint32_t (*number_function)(uint32_t);
typedef struct operations {
  number_function call;
  uint32_t argument;
} operations;
long twice_long(long value);
uint32_t triple(uint32_t value);
long apply_long(long_function f, long value);
uint32_t apply(number_function f, uint32_t value);
number_function own_function(int which);
int is_own_function(number_function f, int which);
void fill_operations(operations* o);
uint32_t run_operations(operations* o);
operations* any_pointer(uint32_t address);

/* callbacks */
typedef void (*text_function)(uint32_t number, const char* text);
typedef double (*double_function)(double a, float b, long long c, int8_t d);
typedef point (*point_function)(point p, int factor);
typedef only_int (*only_function)(only_int s);
void call_text(text_function f);
double call_double(double_function f);
double call_point(point_function f);
int call_only(only_function f);
uint32_t call_many(number_function f, uint32_t times);

/* failures */
void write_at(uint32_t address, uint32_t value);
uint32_t read_at(uint32_t address);
uint32_t divide(uint32_t a, uint32_t b);
void abort_here(void);
void call_bad_pointer(uint32_t index);
uint32_t use_stack(uint32_t depth);
uint32_t use_host_stack(uint32_t depth);
uint64_t use_large_frames(uint32_t depth);
void exit_here(int code);
void spin(void);
void spin_in_large_frame(uint32_t depth);
void spin_printing(void);
void spin_calling(number_function f);
void call_then_spin(number_function f);
uint32_t recurse_and_call(number_function f, uint32_t depth);
uint32_t recurse_and_print(uint32_t depth);
void call_then_abort(number_function f);
uint32_t grow_memory(uint32_t pages);
uint32_t memory_pages(void);

/* constructors and output */
int constructed(void);
void print_without_newline(const char* text);
void print_unfinished(const char* text);
void print_lines(int count);
void print_error(const char* text);

/* the system */
int has_terminal(int fd);
int open_file(const char* path);
int read_byte(void);
int argument_count(void);
char* environment(const char* name);
int64_t now(int clock);
int random_bytes(unsigned char* to, size_t count);
int seek_output(void);
int yield_and_close(void);

#ifdef __cplusplus
}
#endif

#endif
