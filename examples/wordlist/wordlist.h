// A C++ library behind a C interface: keeps a list of words.
#ifndef EXAMPLES_WORDLIST_WORDLIST_H_
#define EXAMPLES_WORDLIST_WORDLIST_H_

#ifdef __cplusplus
extern "C" {
#endif

// Adds a word to the list.
void wordlist_add(const char* word);

// Returns how many words there are.
unsigned wordlist_count(void);

// Returns the words, joined with commas; valid until the next call.
const char* wordlist_joined(void);

#ifdef __cplusplus
}
#endif

#endif  // EXAMPLES_WORDLIST_WORDLIST_H_
