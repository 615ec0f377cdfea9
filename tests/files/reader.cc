#include "tests/files/reader.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

void use_cxx(const char* base) {
  namespace fs = std::filesystem;
  const fs::path root(base);
  std::ifstream words(root / "dict" / "en.dic");
  for (std::string word; std::getline(words, word);) {
    std::printf("word: %s\n", word.c_str());
  }
  std::printf("end: %d\n", words.eof());
  words.clear();
  words.seekg(0, std::ios::end);
  std::printf("size: %ld\n", static_cast<long>(words.tellg()));
  std::ifstream nothing(root / "nothing");
  std::printf("nothing: %d\n", nothing.is_open());
  std::error_code error;
  std::printf("exists: %d %d\n", fs::exists(root / "empty", error),
              fs::exists(root / "nothing", error));
  std::printf("folder: %d\n", fs::is_directory(root / "dict", error));
  std::printf("bytes: %ld\n", static_cast<long>(fs::file_size(root / "dict/en.aff", error)));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root / "many", error)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    std::printf("many: %s\n", name.c_str());
  }
}
