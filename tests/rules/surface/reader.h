/* A library with an interface for memory, and one for files that its users seldom want in a
 * sandbox. */
#ifndef RLBOX_TESTS_READER_H_
#define RLBOX_TESTS_READER_H_

int count_letters(const char* text);
int count_words(const char* text);

int count_words_in_file(const char* path);
/* Through a table of functions. */
int count_words_by_name(const char* kind, const char* name);

#endif
