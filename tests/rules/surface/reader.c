#include "reader.h"

#include <stdio.h>
#include <string.h>

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

int count_words_in_file(const char* path) {
  char line[100];
  int words = 0;
  FILE* file = fopen(path, "r");
  if (!file) return -1;
  while (fgets(line, sizeof line, file)) words += count_words(line);
  fclose(file);
  return words;
}

static const struct source {
  const char* kind;
  int (*count)(const char*);
} sources[] = {{"text", count_words}, {"file", count_words_in_file}};

int count_words_by_name(const char* kind, const char* name) {
  for (int i = 0; i < 2; i++) {
    if (!strcmp(sources[i].kind, kind)) return sources[i].count(name);
  }
  return -1;
}
