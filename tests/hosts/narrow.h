// Values of fewer than 32 bits, as parameters, results and in memory.
#ifndef TESTS_HOSTS_NARROW_H_
#define TESTS_HOSTS_NARROW_H_

#ifdef __cplusplus
extern "C" {
#endif

struct letter {
  char value;
};

int number_of_char(char value);
int number_of_letter(struct letter one);
int number_of_short(short value);
char char_of_number(int number);
int number_in_memory(const char* value);

typedef char (*change)(char value);
int number_of_changed(change how, int number);

#ifdef __cplusplus
}
#endif

#endif
