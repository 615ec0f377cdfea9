/* A library with an interface for memory, and one for sockets that its users cannot have in a
 * sandbox. */
#ifndef RLBOX_TESTS_READER_H_
#define RLBOX_TESTS_READER_H_

int count_letters(const char* text);
int count_words(const char* text);

int count_words_from_socket(int socket);
/* Through a table of functions. */
int count_words_by_kind(const char* kind, int source);

#endif
