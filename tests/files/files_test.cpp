// What a library is given, what it is not, and how much it may write.
#define RLBOX_USE_EXCEPTIONS
#include "reader.rlbox.h"

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/runtime/harness.hpp"

namespace {

using options_type = rlbox::rlbox_wasm2c_options;

void add_usual(options_type& options) {
  options.files.add("/base/dict/en.aff", "SET UTF-8\n");
  options.files.add("/base/dict/en.dic", "1\nhello\n");
  options.files.add("/base/empty", "");
  options.files.add("/base/deep/er/leaf", "leaf");
}

/// What the library prints when `function` gets `text`.
template <typename F>
std::string printed(rlbox_sandbox_reader& sandbox, const char* text, F&& function) {
  const auto bytes = static_cast<uint32_t>(std::strlen(text) + 1);
  auto copy = sandbox.malloc_in_sandbox<char>(bytes);
  rlbox::memcpy(sandbox, copy, text, bytes);
  function(copy);
  sandbox.free_in_sandbox(copy);
  return {};
}

#define PRINTED(options, function, text)                                                      \
  [&] {                                                                                       \
    std::string output;                                                                       \
    options.standard_output =                                                                 \
        rlbox::rlbox_wasm2c_stream::redirect_output([&](const char* data, std::size_t size) { \
          output.append(data, size);                                                          \
          return true;                                                                        \
        });                                                                                   \
    rlbox_sandbox_reader sandbox;                                                             \
    sandbox.create_sandbox(options);                                                          \
    printed(sandbox, text, [&](auto t) { sandbox.invoke_sandbox_function(function, t); });    \
    sandbox.destroy_sandbox();                                                                \
    return output;                                                                            \
  }()

bool has(const std::string& text, const char* line) {
  const bool found = ("\n" + text).find("\n" + std::string(line) + "\n") != std::string::npos;
  if (!found) {
    std::printf("no line \"%s\" in:\n%s", line, text.c_str());
  }
  return found;
}

/// Why a sandbox with these files cannot be made.
std::string problem(const std::function<void(rlbox::rlbox_wasm2c_files&)>& fill) {
  rlbox::rlbox_wasm2c_files files;
  fill(files);
  minwasi_files* made = nullptr;
  std::string result = files.make(&made);
  CHECK((made == nullptr) == !result.empty());
  rlbox_wasm2c_free_files(made);
  return result;
}

}  // namespace

TEST_CASE("without files nothing is there") {
  options_type options;
  const std::string output = PRINTED(options, use_stdio, "/etc");
  CHECK(output.rfind("fopen: ", 0) == 0);
  CHECK(PRINTED(options, use_scratch, "/tmp").rfind("fopen to write: ", 0) == 0);
}

TEST_CASE("nothing of the host is there") {
  options_type options;
  add_usual(options);
  for (const char* folder : {"/etc", "/proc/self", "/base/../etc", "/base/../../../etc", "/tmp"}) {
    CHECK(PRINTED(options, use_stdio, folder) == "fopen: ENOENT\n");
  }
  CHECK(has(PRINTED(options, use_folders, "/"), ".: ../ ./ base/"));
}

TEST_CASE("files that are added cannot be changed") {
  for (const char* scratch : {"", "/tmp", "/base", "/base/dict", "/"}) {
    options_type options;
    add_usual(options);
    if (*scratch != '\0') {
      options.files.allow_scratch(scratch, 10000);
    }
    const std::string output = PRINTED(options, use_read_only, "/base");
    for (const char* line : {"open to write: EROFS", "open to read and write: EROFS",
                             "open to truncate: EROFS", "fopen: EROFS", "unlink: EROFS",
                             "rmdir: EROFS", "rename: EROFS", "exclusive: EEXIST", "still: 10"}) {
      CHECK(has(output, line));
    }
    // A folder of the application's is writable only if it is the scratch folder itself.
    const bool creates = std::strcmp(scratch, "/base") == 0;
    CHECK(has(output, creates ? "mkdir: 0" : "mkdir: EROFS"));
  }
}

TEST_CASE("bytes are copied or not, as asked") {
  options_type options;
  std::string bytes = "SET UTF-8\n";
  options.files.add("/copy/dict/en.aff", bytes);
  options.files.add("/copy/empty", bytes.data(), 0);
  options.files.add_view("/view/dict/en.aff", bytes.data(), bytes.size());
  options.files.add_view("/view/empty", nullptr, 0);
  bytes[0] = 'G';
  CHECK(has(PRINTED(options, use_stdio, "/copy"), "line: SET UTF-8"));
  CHECK(has(PRINTED(options, use_stdio, "/view"), "line: GET UTF-8"));
}

TEST_CASE("each sandbox has its own scratch files") {
  options_type options;
  options.files.allow_scratch("/tmp", 10000);
  const std::string first = PRINTED(options, use_scratch, "/tmp");
  CHECK(has(first, "exclusive: EEXIST"));
  CHECK(PRINTED(options, use_scratch, "/tmp") == first);
  CHECK(PRINTED(options, use_scratch, "/other") == "fopen to write: ENOENT\n");
  CHECK(PRINTED(options, use_scratch, "") == "fopen to write: EROFS\n");
}

TEST_CASE("scratch space ends") {
  options_type options;
  options.files.allow_scratch("/tmp", 30);
  CHECK(has(PRINTED(options, use_scratch, "/tmp"), "exclusive: EEXIST"));
  options.files.allow_scratch("/tmp", 5);
  CHECK(has(PRINTED(options, use_scratch, "/tmp"), "flush: ENOSPC"));
  options.files.allow_scratch("/tmp", 10000, 0);
  CHECK(PRINTED(options, use_scratch, "/tmp") == "fopen to write: ENOSPC\n");
  options.files.allow_scratch("/tmp", 10000, 1);
  CHECK(has(PRINTED(options, use_scratch, "/tmp"), "mkdir: ENOSPC"));
}

TEST_CASE("mistakes in paths are named") {
  using files = rlbox::rlbox_wasm2c_files;
  const std::pair<std::string, const char*> wrong[] = {
      {"",
       "the path does not begin with a slash. To fix: write the whole path, as the library opens "
       "it"},
      {"en.aff",
       "the path does not begin with a slash. To fix: write the whole path, as the library opens "
       "it"},
      {"/", "a name in the path is empty, \".\" or \"..\". To fix: write the path without it"},
      {"/a/", "a name in the path is empty, \".\" or \"..\". To fix: write the path without it"},
      {"//a", "a name in the path is empty, \".\" or \"..\". To fix: write the path without it"},
      {"/a/./b", "a name in the path is empty, \".\" or \"..\". To fix: write the path without it"},
      {"/a/..", "a name in the path is empty, \".\" or \"..\". To fix: write the path without it"},
      {std::string("/a\0b", 4),
       "a name in the path has a zero byte or more than 255 bytes. To fix: choose another name"},
      {"/" + std::string(256, 'n'),
       "a name in the path has a zero byte or more than 255 bytes. To fix: choose another name"},
      {"/" + std::string(5000, 'n'), "the path has more than 4096 bytes. To fix: shorten it"},
  };
  for (const auto& [path, text] : wrong) {
    CHECK(problem([&](files& to) { to.add(path, "x"); }) ==
          "RLBox: files: \"" + path + "\": " + text);
    if (path != "/") {
      CHECK(problem([&](files& to) { to.allow_scratch(path, 1); }) ==
            "RLBox: files: \"" + path + "\": " + text);
    }
  }
  CHECK(problem([](files& to) {
          to.add("/a", "x");
          to.add("/a", "y");
        }) == "RLBox: files: \"/a\": the file was added before. To fix: add it once");
  CHECK(problem([](files& to) {
          to.add("/a/b", "x");
          to.add("/a", "y");
        }) ==
        "RLBox: files: \"/a\": the path is a folder of a file that was added before. To fix: "
        "rename one of them");
  CHECK(problem([](files& to) {
          to.add("/a", "x");
          to.add("/a/b", "y");
        }) ==
        "RLBox: files: \"/a/b\": a file that was added before is a folder of the path. To fix: "
        "rename one of them");
  CHECK(problem([](files& to) {
          to.add("/a", "x");
          to.allow_scratch("/a", 1);
        }) ==
        "RLBox: files: \"/a\": a file has the name of the scratch folder. To fix: rename one of "
        "them");
  CHECK(problem([](files& to) {
          to.add("/..a/.b/...", "x");
          to.allow_scratch("/..a", 1);
        }).empty());
}

TEST_CASE("a sandbox with such a mistake is not made") {
  options_type options;
  options.files.add("en.aff", "x");
  options.infallible = false;
  rlbox_sandbox_reader sandbox;
  CHECK(!sandbox.create_sandbox(options));
  options.infallible = true;
  rlbox_sandbox_reader another;
  CHECK_FAILS(another.create_sandbox(options));
}

HARNESS_MAIN()
