#include "proglib.h"

#include <stdio.h>
#include <string.h>

void hello(void) { printf("hello from the library\n"); }
unsigned add(unsigned a, unsigned b) { return a + b; }
void echo(const char* text) { printf("echo: %s\n", text); }
void call_cb(void (*callback)(const char* text)) { callback("hi from the library"); }

int add_ints(int a, int b) { return a + b; }
int add_and_print(int a, int b) {
  printf("the library adds %d and %d\n", a, b);
  return a + b;
}
unsigned long add_ulongs(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
                         unsigned long e, unsigned long f) {
  return a + b + c + d + e + f;
}
unsigned long long add_many(unsigned long long a, unsigned long long b, unsigned long long c,
                            unsigned long long d, unsigned long long e, unsigned long long f,
                            unsigned long long g, unsigned long long h, unsigned long long i,
                            unsigned long long j, unsigned long long k) {
  return a + b + c + d + e + f + g + h + i + j + k;
}
uint64_t mix_u64(uint64_t a, uint64_t b) { return (a << 32) ^ b; }
int64_t negate_i64(int64_t value) { return -value; }
unsigned char as_byte(unsigned char value) { return value; }
float add_floats(float a, float b) { return a + b; }
double add_mixed(double a, float b, int c, double d) { return a + (double)b + c + d; }
double add_pointed(const double* a, const float* b) { return *a + (double)*b; }

char* same_text(char* text) { return text; }
size_t text_length(const char* text) { return strlen(text); }
void make_loud(char* text) {
  for (; *text != '\0'; text++) {
    if (*text >= 'a' && *text <= 'z') {
      *text = (char)(*text - 'a' + 'A');
    }
  }
}
const int* find_int(const int* numbers, size_t count, int wanted) {
  for (size_t i = 0; i < count; i++) {
    if (numbers[i] == wanted) {
      return &numbers[i];
    }
  }
  return NULL;
}
void* same_pointer(void* pointer) { return pointer; }
unsigned char sum_bytes(const unsigned char* bytes, size_t count) {
  unsigned char sum = 0;
  for (size_t i = 0; i < count; i++) {
    sum = (unsigned char)(sum + bytes[i]);
  }
  return sum;
}
int sum_floats(const float* numbers, size_t count) {
  float sum = 0;
  for (size_t i = 0; i < count; i++) {
    sum += numbers[i];
  }
  return (int)sum;
}

static int plus_five(int value) { return value + 5; }

record make_record(unsigned long id, double weight) {
  record r = {0};
  r.id = id;
  r.size.width = 3;
  r.size.height = -4;
  r.weight = weight;
  strcpy(r.name, "made");
  return r;
}
unsigned long check_record(record r) {
  return r.id + (unsigned long)(r.size.width * 10 + r.size.height) + (unsigned long)r.weight +
         (unsigned long)strlen(r.name);
}
void fill_record(record* r, char* text) {
  *r = make_record(77, 2.5);
  r->text = text;
  for (unsigned i = 0; i < 4; i++) {
    r->marks[i] = (i + 1) * 1000000000u; /* the last one uses all 32 bits */
  }
  r->words[0] = text;
  r->words[1] = text + 1;
  r->words[2] = NULL;
  r->apply = plus_five;
}
unsigned long sum_marks(const record* r) {
  unsigned long sum = 0;
  for (int i = 0; i < 4; i++) {
    sum += r->marks[i] / 1000;
  }
  return sum;
}
int run_record(const record* r, int value) { return r->apply(value); }
int has_function(const record* r) { return r->apply != NULL; }
size2 turn(size2 s) {
  size2 turned = {s.height, s.width};
  return turned;
}

int call_six(six_function f) { return f(7, "six", 1.5f, 2.25, 1LL << 40, -6); }
float call_float(float (*f)(float)) { return f(0.5f) + 1; }
double call_double(double (*f)(double, double)) { return f(0.25, 4) + 1; }
long long call_longlong(long long (*f)(long long)) { return f(1LL << 33) + 1; }
int call_int(int_function f, int value) { return f(value); }
int call_often(int_function f, int times) {
  int value = 0;
  for (int i = 0; i < times; i++) {
    value = f(value);
  }
  return value;
}
int twice(int value) { return 2 * value; }
size_t for_each_word(const char* text, sink_function sink, void* state) {
  char word[32];
  size_t count = 0;
  while (*text != '\0') {
    size_t length = strcspn(text, " ");
    if (length > 0 && length < sizeof word) {
      memcpy(word, text, length);
      word[length] = '\0';
      sink(state, word);
      count++;
    }
    text += length;
    text += strspn(text, " ");
  }
  return count;
}
