#include "wordlist.h"

#include <string>
#include <vector>

namespace {

// A global object: its constructor runs when the sandbox is created.
std::vector<std::string> words = {"built-in"};

}  // namespace

void wordlist_add(const char* word) { words.emplace_back(word); }

unsigned wordlist_count(void) { return static_cast<unsigned>(words.size()); }

const char* wordlist_joined(void) {
  static std::string joined;
  joined.clear();
  for (const std::string& word : words) {
    if (!joined.empty()) {
      joined += ", ";
    }
    joined += word;
  }
  return joined.c_str();
}
