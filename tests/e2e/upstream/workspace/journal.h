#ifndef JOURNAL_H_
#define JOURNAL_H_

#ifdef __cplusplus
extern "C" {
#endif

struct journal_entry {
  short kind;
  long long time;
  char text[8];
  const struct journal_entry* before;
};

// Adds an entry; returns it, valid until the next one.
struct journal_entry* journal_add(int kind, const char* text);

// Calls a function for each entry; returns the sum of what it returns.
int journal_visit(int (*visitor)(int kind, const char* text));

// Two names that are spelled in another way in the module's C code.
unsigned journal__size(void);
unsigned journal_size_(void);

#ifdef __cplusplus
}
#endif

#endif  // JOURNAL_H_
