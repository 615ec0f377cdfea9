/* The library of the programs in this folder: what a tutorial's library does, and a bit of
 * everything else. */
#ifndef RLBOX_TESTS_PROGLIB_H_
#define RLBOX_TESTS_PROGLIB_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a tutorial's library */
void hello(void);
unsigned add(unsigned a, unsigned b);
void echo(const char* text);
void call_cb(void (*callback)(const char* text));

/* ---- numbers */
int add_ints(int a, int b);
int add_and_print(int a, int b);
unsigned long add_ulongs(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
                         unsigned long e, unsigned long f);
unsigned long long add_many(unsigned long long a, unsigned long long b, unsigned long long c,
                            unsigned long long d, unsigned long long e, unsigned long long f,
                            unsigned long long g, unsigned long long h, unsigned long long i,
                            unsigned long long j, unsigned long long k);
uint64_t mix_u64(uint64_t a, uint64_t b);
int64_t negate_i64(int64_t value);
unsigned char as_byte(unsigned char value);
float add_floats(float a, float b);
double add_mixed(double a, float b, int c, double d);
double add_pointed(const double* a, const float* b);

/* ---- pointers and text */
char* same_text(char* text);
size_t text_length(const char* text);
void make_loud(char* text);
const int* find_int(const int* numbers, size_t count, int wanted);
void* same_pointer(void* pointer);
unsigned char sum_bytes(const unsigned char* bytes, size_t count);
int sum_floats(const float* numbers, size_t count);

/* ---- structs */
typedef struct size2 {
  int width;
  int height;
} size2;
typedef int (*int_function)(int value);
typedef struct record {
  unsigned long id;
  size2 size;
  double weight;
  char name[8];
  char* text;
  unsigned marks[4];
  char* words[3];
  int_function apply;
} record;
record make_record(unsigned long id, double weight);
unsigned long check_record(record r);
void fill_record(record* r, char* text);
unsigned long sum_marks(const record* r);
int run_record(const record* r, int value);
int has_function(const record* r);
size2 turn(size2 s);

/* ---- callbacks */
typedef int (*six_function)(unsigned a, const char* b, float c, double d, long long e, int f);
typedef void (*sink_function)(void* state, const char* word);
int call_six(six_function f);
float call_float(float (*f)(float));
double call_double(double (*f)(double, double));
long long call_longlong(long long (*f)(long long));
int call_int(int_function f, int value);
int call_often(int_function f, int times);
int twice(int value);
size_t for_each_word(const char* text, sink_function sink, void* state);

#ifdef __cplusplus
}
#endif

#endif
