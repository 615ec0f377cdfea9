// The main program of the examples in this folder.
//
//   PROGRAM [--times=N] FILE...
//
// Prints what job() makes of each file. With --times, does the work so many times and prints
// nothing.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

std::string job(const std::string& input);

namespace {

std::string read_file(const char* path) {
  std::string bytes;
  if (std::FILE* file = std::fopen(path, "rb")) {
    for (int c = std::getc(file); c != EOF; c = std::getc(file)) {
      bytes += static_cast<char>(c);
    }
    std::fclose(file);
    return bytes;
  }
  std::fprintf(stderr, "%s cannot be read\n", path);
  std::exit(2);
}

std::string survived(const std::string& input) {
  try {
    return job(input);
  } catch (const std::exception& error) {
    return std::string("refused: ") + error.what() + "\n";
  }
}

}  // namespace

int main(int count, char** words) {
  long times = -1;
  for (int i = 1; i < count; ++i) {
    if (std::strncmp(words[i], "--times=", 8) == 0) {
      times = std::atol(words[i] + 8);
      continue;
    }
    const std::string input = read_file(words[i]);
    if (times < 0) {
      const char* const slash = std::strrchr(words[i], '/');
      std::printf("== %s\n", slash ? slash + 1 : words[i]);
      // What was said stays said, whatever the file does.
      std::fflush(stdout);
      const std::string said = survived(input);
      std::fwrite(said.data(), 1, said.size(), stdout);
    }
    for (long done = 0; done < times; ++done) {
      survived(input);
    }
  }
  return 0;
}
