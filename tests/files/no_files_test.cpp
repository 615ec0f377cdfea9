// A library that calls for files and waits, in a sandbox without an attribute for these.
#define RLBOX_USE_EXCEPTIONS
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "bare.rlbox.h"
#include "tests/runtime/harness.hpp"

namespace {

/// A sandbox, and what its library prints.
class printing_sandbox {
 public:
  printing_sandbox() {
    rlbox::rlbox_wasm2c_options options;
    options.standard_output =
        rlbox::rlbox_wasm2c_stream::redirect_output([this](const char* data, std::size_t size) {
          output.append(data, size);
          return true;
        });
    sandbox.create_sandbox(options);
  }
  printing_sandbox(const printing_sandbox&) = delete;
  printing_sandbox& operator=(const printing_sandbox&) = delete;
  ~printing_sandbox() { sandbox.destroy_sandbox(); }

  tainted_bare<char*> text(const char* value) {
    const auto bytes = static_cast<uint32_t>(std::strlen(value) + 1);
    auto copy = sandbox.malloc_in_sandbox<char>(bytes);
    rlbox::memcpy(sandbox, copy, value, bytes);
    return copy;
  }

  bool printed(const char* line) const {
    const bool found = ("\n" + output).find("\n" + std::string(line) + "\n") != std::string::npos;
    if (!found) {
      std::printf("no line \"%s\" in:\n%s", line, output.c_str());
    }
    return found;
  }

  rlbox_sandbox_bare sandbox;
  std::string output;
};

}  // namespace

TEST_CASE("no file is there, whatever the path is") {
  printing_sandbox bare;
  for (const char* folder : {"/", ".", "/etc", "/dev"}) {
    bare.output.clear();
    const auto path = bare.text(folder);
    bare.sandbox.invoke_sandbox_function(use_wrong_paths, path);
    CHECK(bare.printed("open nothing: ENOENT"));
    CHECK(bare.printed("stat dict/: ENOENT"));
    CHECK(bare.printed("folder: ENOENT"));
    CHECK(bare.printed("readlink: ENOENT"));
    CHECK(bare.output.find(": 0") == std::string::npos);
  }
}

TEST_CASE("functions for files fail and the library goes on") {
  printing_sandbox bare;
  const auto path = bare.text("/etc");
  bare.sandbox.invoke_sandbox_function(use_stdio, path);
  CHECK(bare.printed("fopen: ENOENT"));
  bare.sandbox.invoke_sandbox_function(use_folders, path);
  CHECK(bare.printed("opendir .: ENOENT"));
  bare.sandbox.invoke_sandbox_function(use_scratch, path);
  CHECK(bare.printed("fopen to write: ENOENT"));
  bare.sandbox.invoke_sandbox_function(use_read_only, path);
  CHECK(bare.printed("mkdir: ENOENT"));
  CHECK(bare.printed("rename: ENOENT"));
  bare.sandbox.invoke_sandbox_function(use_posix, path);
  CHECK(bare.printed("open: ENOENT"));
  CHECK(bare.printed("fstat: EBADF"));
}

TEST_CASE("the standard streams are character devices") {
  printing_sandbox bare;
  bare.sandbox.invoke_sandbox_function(describe_streams);
  CHECK(bare.printed("output: 0 1"));
  CHECK(bare.printed("other: -1 1"));
  CHECK(bare.printed("sync: 0"));
}

TEST_CASE("nothing waits") {
  printing_sandbox bare;
  const auto start = std::chrono::steady_clock::now();
  bare.sandbox.invoke_sandbox_function(wait_in_all_ways);
  CHECK(bare.printed("usleep: ENOTSUP"));
  CHECK(bare.printed("nanosleep: ENOTSUP"));
  CHECK(bare.printed("poll: ENOTSUP"));
  CHECK(bare.printed("select: ENOTSUP"));
  const auto woken =
      bare.sandbox.invoke_sandbox_function(sleep_often, 1000).copy_and_verify([](int count) {
        return count;
      });
  CHECK(woken == 1000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

HARNESS_MAIN()
