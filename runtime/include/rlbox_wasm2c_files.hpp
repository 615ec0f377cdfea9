#ifndef RLBOX_WASM2C_FILES_HPP_
#define RLBOX_WASM2C_FILES_HPP_
/// \file
/// Files in memory for a sandbox:
///
///   rlbox::rlbox_wasm2c_options options;
///   options.files.add("/dict/en.aff", affixes);            // a copy
///   options.files.add_view("/dict/en.dic", words, size);   // bytes of the application's
///   options.files.allow_scratch("/tmp", 1 << 20);          // what the library may write
///   sandbox.create_sandbox(options);

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#if defined(WASM_RT_USE_MMAP)
#include "wasm2c_rt_files.h"
#endif

struct minwasi_files;

namespace rlbox {

namespace detail {

/// The C runtime's functions for files. A pointer to them is there once files are added, so that a
/// program without files does not link them.
struct files_runtime {
  minwasi_files* (*make)();
  void (*free)(minwasi_files* files);
  const char* (*add_file)(minwasi_files* files, const char* path, std::size_t path_length,
                          const void* bytes, std::size_t size);
  const char* (*add_scratch)(minwasi_files* files, const char* path, std::size_t path_length,
                             std::uint64_t max_bytes, std::uint32_t max_entries);
};

#if defined(WASM_RT_USE_MMAP)
inline const files_runtime linked_files_runtime{rlbox_wasm2c_make_files, rlbox_wasm2c_free_files,
                                                rlbox_wasm2c_add_file, rlbox_wasm2c_add_scratch};
#endif

}  // namespace detail

/// The files that a library sees: `files` of its rlbox_wasm2c_options. The library sees exactly
/// these and the folders that their paths imply, under the root "/", which also is the current
/// folder; nothing of the host's file system. Without any, every function for files fails.
///
/// Files that are added can be read; writing fails with EROFS. All times of files are zero.
/// Copies of this object share the copied bytes, also as parts of rlbox_wasm2c_options. Mistakes in
/// paths are reported when the sandbox is created.
///
/// With the noop backend nothing of this has an effect: the library sees the real file system.
class rlbox_wasm2c_files {
 public:
  /// Adds a file with a copy of these bytes.
  /// `path` begins with a slash; its names are not empty, "." or "..", and have at most 255 bytes.
  void add(std::string path, std::string bytes) {
    auto copy = std::make_shared<const std::string>(std::move(bytes));
    const void* const data = copy->data();
    const std::size_t size = copy->size();
    entries.push_back({std::move(path), std::move(copy), data, size});
    link();
  }
  /// The same, for bytes at an address.
  void add(std::string path, const void* bytes, std::size_t size) {
    add(std::move(path), std::string(static_cast<const char*>(bytes), size));
  }
  /// Adds a file with the application's own bytes, without a copy: they must stay, unchanged, until
  /// the sandbox is destroyed.
  void add_view(std::string path, const void* bytes, std::size_t size) {
    entries.push_back({std::move(path), nullptr, bytes, size});
    link();
  }
  /// Lets the library make, write, move and remove files and folders in `folder` ("/": anywhere),
  /// except those that were added. They are in the application's memory and are freed with the
  /// sandbox; another sandbox does not see them.
  ///
  /// `max_bytes` is what these files may hold together, `max_entries` how many files and folders
  /// there may be, each of which takes about half a kilobyte more. Beyond, the library gets ENOSPC.
  /// A second call replaces the first.
  void allow_scratch(std::string folder, std::uint64_t max_bytes,
                     std::uint32_t max_entries = 1024) {
    scratch = scratch_folder{std::move(folder), max_bytes, max_entries};
    link();
  }

  /// For the runtime: true if there may be files.
  bool any() const { return runtime != nullptr; }

  /// For the runtime: makes the files of one sandbox; null if there are none. This object must live
  /// as long. Returns nothing, or what is wrong.
  std::string make(minwasi_files** made) const {
    *made = nullptr;
    if (runtime == nullptr) {
      return {};
    }
    minwasi_files* const files = runtime->make();
    if (files == nullptr) {
      return "RLBox: there is no memory for the files of a sandbox";
    }
    std::string problem;
    for (const entry& item : entries) {
      if (problem.empty()) {
        problem = sentence(item.path, runtime->add_file(files, item.path.data(), item.path.size(),
                                                        item.bytes, item.size));
      }
    }
    if (problem.empty() && scratch) {
      problem = sentence(scratch->folder,
                         runtime->add_scratch(files, scratch->folder.data(), scratch->folder.size(),
                                              scratch->max_bytes, scratch->max_entries));
    }
    if (problem.empty()) {
      *made = files;
    } else {
      runtime->free(files);
    }
    return problem;
  }

 private:
  struct entry {
    std::string path;
    std::shared_ptr<const std::string> copy;  // keeps the bytes alive; null for a view
    const void* bytes;
    std::size_t size;
  };
  struct scratch_folder {
    std::string folder;
    std::uint64_t max_bytes;
    std::uint32_t max_entries;
  };

  std::vector<entry> entries;
  std::optional<scratch_folder> scratch;
  const detail::files_runtime* runtime = nullptr;

  void link() {
#if defined(WASM_RT_USE_MMAP)
    runtime = &detail::linked_files_runtime;
#endif
  }

  static std::string sentence(const std::string& path, const char* problem) {
    return problem == nullptr ? std::string() : "RLBox: files: \"" + path + "\": " + problem;
  }
};

}  // namespace rlbox

#endif  // RLBOX_WASM2C_FILES_HPP_
