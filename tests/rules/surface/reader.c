#include "reader.h"

#include <string.h>
#include <sys/socket.h>

int count_letters(const char* text) {
  int letters = 0;
  for (; *text; text++) letters += *text != ' ';
  return letters;
}

int count_words(const char* text) {
  int words = 0;
  for (; *text; text++) words += *text != ' ' && (text[1] == ' ' || !text[1]);
  return words;
}

int count_words_from_socket(int socket) {
  char text[100];
  const long size = (long)recv(socket, text, sizeof text - 1, 0);
  if (size < 0) return -1;
  text[size] = '\0';
  return count_words(text);
}

static int count_none(int source) { return source < 0; }

static const struct source {
  const char* kind;
  int (*count)(int);
} sources[] = {{"none", count_none}, {"socket", count_words_from_socket}};

int count_words_by_kind(const char* kind, int source) {
  for (int i = 0; i < 2; i++) {
    if (!strcmp(sources[i].kind, kind)) return sources[i].count(source);
  }
  return -1;
}
