#include "greeting.h"

#include <string>
#include <vector>

namespace {

struct Words {
  Words() : words{"hello", "from", "wasm"} {}
  std::vector<std::string> words;
  std::string joined;
};

Words all;  // A global constructor.

}  // namespace

const char* greeting() {
  all.joined.clear();
  for (const std::string& word : all.words) {
    all.joined += (all.joined.empty() ? "" : " ") + word;
  }
  return all.joined.c_str();
}
