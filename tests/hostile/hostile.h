/* A library that is the attacker: each function is one thing that it does. The application tells it
 * what to be. */
#ifndef TESTS_HOSTILE_HOSTILE_H_
#define TESTS_HOSTILE_HOSTILE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t add(uint32_t a, uint32_t b);

/* Pointers that it returns: any number. */
char* chars_at(uint32_t address);
const char* text_at(uint32_t address);
int* ints_at(uint32_t address);
long* longs_at(uint32_t address);
double* doubles_at(uint32_t address);
void* anything_at(uint32_t address);
char** pointers_at(uint32_t address);
uint32_t memory_end(void);

/* Values that it returns: any bits. */
uint32_t number(uint32_t value);
int32_t signed_number(int32_t value);
uint64_t wide_number(uint64_t value);
int64_t signed_wide_number(int64_t value);
size_t size(uint32_t value);
long long_number(uint32_t value);
unsigned short short_number(uint32_t bits);
signed char char_number(uint32_t bits);
bool boolean(uint32_t bits);
double floating(uint64_t bits);
float small_floating(uint32_t bits);
typedef enum colour { red, green, blue } colour;
colour colour_of(uint32_t value);

/* What it writes into its memory. */
void fill(uint32_t address, uint32_t count, uint32_t value);
void store8(uint32_t address, uint32_t value);
void store16(uint32_t address, uint32_t value);
void store32(uint32_t address, uint32_t value);
void store64(uint32_t address, uint64_t value);
uint32_t load8(uint32_t address);
uint64_t load64(uint32_t address);
double load_double(uint32_t address);
void store8_far(uint32_t address);
uint64_t load64_far(uint32_t address);
void store64_far(uint32_t address);
void memory_fill(uint32_t address, uint32_t value, uint32_t count);
void memory_copy(uint32_t to, uint32_t from, uint32_t count);
uint32_t grow(uint32_t pages);
uint32_t grow_and_touch(uint32_t pages);
uint32_t grow_until_refused(uint32_t pages);
uint32_t malloc_until_refused(uint32_t bytes);

/* Structs. */
typedef int (*action)(int);
typedef struct record {
  int id;
  char* name;
  uint32_t size;
  action act;
  bool flag;
  colour kind;
  double weight;
  char text[8];
  int numbers[4];
  struct record* next;
} record;
typedef struct padded {
  char first;
  double second;
  char third;
  long fourth;
} padded;
typedef struct pair {
  uint32_t first;
  uint32_t second;
} pair;
record* records_at(uint32_t address);
record record_of(uint32_t address);
int record_id(record r);
pair pair_of(uint32_t first, uint32_t second);
uint32_t pair_sum(pair p);
padded padded_of(uint32_t fill);
uint32_t padded_bytes_not(padded p, uint32_t expected);
uint32_t padded_at_bytes_not(padded* p, uint32_t expected);
void loop_records(uint32_t address);
uint32_t deep_pair_sum(pair p, uint32_t stack_pointer);

/* Callbacks. */
typedef uint32_t (*number_callback)(uint32_t);
typedef uint32_t (*two_callback)(uint32_t, uint32_t);
typedef void (*plain_callback)(void);
typedef void (*pointer_callback)(int*);
typedef void (*text_callback)(const char*);
typedef void (*size_callback)(char*, size_t);
typedef double (*double_callback)(double);
typedef unsigned long long (*wide_callback)(unsigned long long);
typedef void (*record_callback)(record);
typedef bool (*bool_callback)(bool);
typedef number_callback (*finder_callback)(number_callback);
uint32_t call_number(number_callback f, uint32_t n);
void call_pointer(pointer_callback f, uint32_t address);
void call_text(text_callback f, uint32_t address);
void call_size(size_callback f, uint32_t address, uint32_t size);
void call_record(record_callback f, uint32_t address);
uint32_t call_bool(bool_callback f, uint32_t bits);
uint32_t call_finder(finder_callback f, uint32_t index);
double call_double(double_callback f, uint64_t bits);
void keep(number_callback f);
uint32_t index_of(number_callback f);
uint32_t call_kept(uint32_t n);
uint32_t call_kept_times(uint32_t n, uint32_t times);
uint32_t call_kept_deeply(uint32_t depth, uint32_t n);
uint32_t call_kept_at_the_end_of_the_host_stack(uint32_t n);
uint32_t call_kept_then_trap(uint32_t n);
uint32_t print_at_the_end_of_the_host_stack(uint32_t n);
uint32_t grow_at_the_end_of_the_host_stack(uint32_t n);
uint32_t random_at_the_end_of_the_host_stack(uint32_t n);
uint32_t call_index(uint32_t index, uint32_t n);
void call_index_as_plain(uint32_t index);
double call_index_as_double(uint32_t index);
uint64_t call_index_as_wide(uint32_t index, uint64_t n);
uint32_t call_index_as_two(uint32_t index, uint32_t a, uint32_t b);
number_callback function_at(uint32_t index);
int call_action(record* r, int n);
uint32_t twice(uint32_t n);
uint32_t own_index(void);
uint32_t store_index(uint32_t address, number_callback f);

/* Traps. */
uint32_t divide(uint32_t a, uint32_t b);
int32_t divide_signed(int32_t a, int32_t b);
int32_t remainder_of(int32_t a, int32_t b);
int64_t divide_wide(int64_t a, int64_t b);
int32_t convert(uint64_t bits);
void give_up(void);
void fail_an_assertion(void);
void leave(int code);
void leave_quickly(int code);
uint32_t recurse(uint32_t depth);
uint32_t recurse_on_host(uint32_t depth);
uint32_t mutual_recursion(uint32_t depth);
uint64_t recurse_with_large_frames(uint32_t depth);
uint32_t big_frame(uint32_t bytes);
void loop_forever(void);
void loop_printing(void);
void loop_calling(number_callback f);
void set_stack_pointer(uint32_t value);
uint32_t get_stack_pointer(void);
uint32_t trap_with_stack_pointer(uint32_t value);
void jump_out(void);
uint32_t set_stack_pointer_and_call(uint32_t value);
void call_through_null(void);

/* Jumps and exceptions. */
void keep_environment(void);
void jump_to_kept(void);
void jump_to_waiting(void);
uint32_t call_in_try(number_callback f, uint32_t n);
uint32_t call_kept_in_try(uint32_t n);
uint32_t call_or_jump(number_callback f, uint32_t round);
uint32_t call_in_try_forever(number_callback f, uint32_t n);
uint32_t jump_forged(uint32_t activation, uint32_t label);
void throw_out(uint32_t value);
uint32_t throw_in_try(uint32_t value);
uint32_t nest_try(uint32_t depth);
void jump_forever(void);
void end_in_try(uint32_t how);
void at_exit_trap(void);
void at_exit_loop(void);
void at_exit_print(void);

/* WASI, with any numbers: what it returned. */
uint32_t wasi_write(uint32_t fd, uint32_t vectors, uint32_t count, uint32_t result);
uint32_t wasi_read(uint32_t fd, uint32_t vectors, uint32_t count, uint32_t result);
uint32_t wasi_random(uint32_t address, uint32_t size);
uint32_t wasi_clock(uint32_t id, uint64_t precision, uint32_t result);
uint32_t wasi_clock_res(uint32_t id, uint32_t result);
uint32_t wasi_arguments(uint32_t pointers, uint32_t text);
uint32_t wasi_argument_sizes(uint32_t count, uint32_t bytes);
uint32_t wasi_environment(uint32_t pointers, uint32_t text);
uint32_t wasi_environment_sizes(uint32_t count, uint32_t bytes);
uint32_t wasi_fdstat(uint32_t fd, uint32_t result);
uint32_t wasi_seek(uint32_t fd, uint64_t offset, uint32_t whence, uint32_t result);
uint32_t wasi_close(uint32_t fd);
uint32_t wasi_prestat(uint32_t fd, uint32_t result);
uint32_t wasi_prestat_name(uint32_t fd, uint32_t result, uint32_t size);
uint32_t wasi_open(uint32_t fd, uint32_t path, uint32_t length, uint32_t result);
/* Functions for files; what of `a` to `g`, `x` and `y` each one takes is in hostile_files.c. */
enum {
  ADVISE,
  ALLOCATE,
  CLOSE,
  FDSTAT,
  SET_FLAGS,
  SET_RIGHTS,
  STAT,
  SET_SIZE,
  SET_TIMES,
  PREAD,
  PRESTAT,
  PRESTAT_NAME,
  PWRITE,
  READ,
  READDIR,
  RENUMBER,
  SEEK,
  SYNC,
  TELL,
  WRITE,
  MAKE_FOLDER,
  STAT_PATH,
  SET_TIMES_PATH,
  LINK,
  OPEN,
  READLINK,
  REMOVE_FOLDER,
  RENAME,
  SYMLINK,
  UNLINK,
  FILE_FUNCTIONS
};
uint32_t wasi_file(uint32_t function, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e,
                   uint32_t f, uint32_t g, uint64_t x, uint64_t y);
/* Opens a path; the descriptor, or 2^32 - 1 - the error. */
uint32_t open_at(uint32_t fd, const char* path, uint32_t oflags, uint64_t rights);
/* `calls` calls of these with arguments by chance, in its memory or, if `wild`, anywhere. */
void file_storm(uint32_t seed, uint32_t calls, uint32_t wild);
/* Opens a path until that fails; how often it did not. */
uint32_t open_forever(const char* path, uint32_t oflags, uint32_t times);
/* Opens and closes a file in each of its frames, until the thread's stack ends. */
uint32_t open_deep(uint32_t depth);
/* Makes files of many names in a folder until that fails, and writes `bytes` to each. */
uint32_t make_forever(const char* folder, uint32_t times, uint32_t bytes);
/* Makes folders in each other until that fails. */
uint32_t dig_forever(const char* folder, uint32_t times);
/* Makes folders below /tmp, and files in the first, and moves all files from folder to folder. How
 * many moves failed. */
uint32_t carry_around(uint32_t folders, uint32_t files);
uint32_t wasi_exit(uint32_t code);
uint32_t wasi_yield(void);
void print(const char* text);
void print_flood(uint32_t lines);
int open_file(const char* path);
const char* environment(const char* name);
uint32_t vectors_for(uint32_t address, uint32_t size);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_HOSTILE_HOSTILE_H_ */
