#include "tests/sysroot/files.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

static int count(std::istream& in) {
  int lines = 0;
  for (std::string line; std::getline(in, line);) {
    ++lines;
  }
  return lines;
}

int lines_of(const char* path) {
  std::ifstream file(path);
  return file ? count(file) : -1;
}

int lines_in(const char* text) {
  std::istringstream stream(text);
  return count(stream);
}

size_t extension_of(const char* path, char* out, size_t room) {
  std::string extension = std::filesystem::path(path).extension().string();
  if (extension.size() + 1 > room) {
    return 0;
  }
  std::memcpy(out, extension.c_str(), extension.size() + 1);
  return extension.size();
}

int exists(const char* path) {
  std::error_code error;
  return std::filesystem::exists(path, error) && !error;
}
