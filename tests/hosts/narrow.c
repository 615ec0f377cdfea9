#include "tests/hosts/narrow.h"

int number_of_char(char value) { return value; }
int number_of_letter(struct letter one) { return one.value; }
int number_of_short(short value) { return value; }
char char_of_number(int number) { return (char)number; }
int number_in_memory(const char* value) { return *value; }
int number_of_changed(change how, int number) { return how((char)number); }
