// Checks words against a dictionary, and guesses what was meant. The library reads the dictionary
// from files: the sandbox has them in memory.
#include "hunspell.rlbox.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "examples/libraries/shelf.hpp"

static const std::string affixes =
    "SET UTF-8\n"
    "TRY esianrtolcdugmphbyfvkwz\n"
    "REP 1\n"
    "REP f ph\n"
    "PFX U Y 1\n"
    "PFX U 0 un .\n"
    "SFX S Y 2\n"
    "SFX S 0 s [^x]\n"
    "SFX S 0 es x\n"
    "SFX D Y 1\n"
    "SFX D 0 ed .\n";

// A folder for the library itself, the noop backend: it reads the disk, where the sandbox sees
// files in memory under the same names.
class folder {
 public:
  folder() {
    if (mkdtemp(path_.data()) == nullptr) {
      throw std::runtime_error("no folder for the dictionary");
    }
  }
  ~folder() { std::filesystem::remove_all(path_); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
    return path_ + "/" + name;
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "dictionary_XXXXXX").string();
};

std::string job(const std::string& input) {
  const folder disk;
  const std::string affix_path = disk.write("tiny.aff", affixes);
  const std::string words_path = disk.write("tiny.dic", input);
  rlbox::rlbox_wasm2c_files files;
  files.add(affix_path, affixes);
  files.add(words_path, input);
  shelf::fresh<rlbox_sandbox_hunspell> sandbox(std::move(files));

  auto speller = sandbox.invoke_sandbox_function(Hunspell_create, sandbox.give(affix_path),
                                                 sandbox.give(words_path));
  std::string said =
      "encoding " +
      shelf::text(sandbox.invoke_sandbox_function(Hunspell_get_dic_encoding, speller)) + "\n";
  auto list = sandbox.malloc_in_sandbox<char**>();
  for (const char* const word : {"apples", "sandboxes", "sandboxs", "unhappy", "walked", "aple",
                                 "naïve", "naive", "unwalking"}) {
    auto given = sandbox.give(word);
    auto right = sandbox.invoke_sandbox_function(Hunspell_spell, speller, given);
    if (shelf::number(right, 0, 1) == 1) {
      said += std::string(word) + ": right\n";
      continue;
    }
    auto found = sandbox.invoke_sandbox_function(Hunspell_suggest, speller, list, given);
    const unsigned count = shelf::number(found, 0u, 100u);
    said += std::string(word) + ": wrong";
    tainted_hunspell<char**> guesses = *list;
    for (unsigned i = 0; i < count; ++i) {
      tainted_hunspell<char*> guess = guesses[i];
      said += (i ? ", " : "; ") + shelf::text(guess) + (i + 1 < count ? "" : "?");
    }
    said += "\n";
    sandbox.invoke_sandbox_function(Hunspell_free_list, speller, list, static_cast<int>(count));
  }
  sandbox.invoke_sandbox_function(Hunspell_destroy, speller);
  return said;
}
