#ifndef TESTS_FILES_ON_DISK_HPP_
#define TESTS_FILES_ON_DISK_HPP_
// Files on the disk, in a folder whose path has the same length in each run.

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

class on_disk {
  std::string folder = "/tmp/rlbox_files_XXXXXX";

 public:
  explicit on_disk(const std::vector<std::pair<std::string, std::string>>& files) {
    if (mkdtemp(folder.data()) == nullptr) {
      std::perror("mkdtemp");
      std::exit(1);
    }
    std::filesystem::create_directories(scratch());
    for (const auto& [name, bytes] : files) {
      const std::filesystem::path path = base() + "/" + name;
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path, std::ios::binary) << bytes;
    }
  }
  ~on_disk() { std::filesystem::remove_all(folder); }
  on_disk(const on_disk&) = delete;
  on_disk& operator=(const on_disk&) = delete;

  /// Where the files are.
  std::string base() const { return folder + "/base"; }
  /// An empty folder.
  std::string scratch() const { return folder + "/scratch"; }
};

#endif  // TESTS_FILES_ON_DISK_HPP_
