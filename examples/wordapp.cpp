// Uses a C++ library in two sandboxes, which share nothing. Functions are called by name.
#include "wordlist.rlbox.h"

#include <cstdio>
#include <cstring>
#include <string>

namespace {

void add_word(rlbox_sandbox_wordlist& sandbox, const char* word) {
  const std::size_t size = std::strlen(word) + 1;
  tainted_wordlist<char*> copy = sandbox.malloc_in_sandbox<char>(static_cast<uint32_t>(size));
  rlbox::memcpy(sandbox, copy, word, size);
  sandbox.wordlist_add(copy);
  sandbox.free_in_sandbox(copy);
}

void print_words(const char* name, rlbox_sandbox_wordlist& sandbox) {
  const unsigned count = sandbox.wordlist_count().copy_and_verify(
      [](unsigned value) { return value < 1000 ? value : 0; });
  const std::string words = sandbox.wordlist_joined().copy_and_verify_string(
      [](std::string value) { return value.size() < 1000 ? value : std::string("(too long)"); });
  std::printf("%s: %u words: %s\n", name, count, words.c_str());
}

}  // namespace

int main() {
  rlbox_sandbox_wordlist first;
  rlbox_sandbox_wordlist second;
  first.create_sandbox();
  second.create_sandbox();

  add_word(first, "alpha");
  add_word(first, "beta");
  add_word(second, "gamma");
  print_words("first", first);
  print_words("second", second);

  second.destroy_sandbox();
  first.destroy_sandbox();
  return 0;
}
