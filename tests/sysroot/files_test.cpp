// <fstream> and <filesystem> are there; a sandbox has no files, so what asks for one fails.
#include "files.rlbox.h"

#include <cstring>
#include <memory>

#include "tests/runtime/harness.hpp"

namespace {

template <typename F>
void with_text(rlbox_sandbox_files& sandbox, const char* text, F&& use) {
  const auto bytes = static_cast<uint32_t>(std::strlen(text) + 1);
  auto copy = sandbox.malloc_in_sandbox<char>(bytes);
  rlbox::memcpy(sandbox, copy, text, bytes);
  use(copy);
  sandbox.free_in_sandbox(copy);
}

}  // namespace

TEST_CASE("files cannot be opened, and streams work on memory") {
  rlbox_sandbox_files sandbox;
  sandbox.create_sandbox();
  // Both are there for the application.
  for (const char* path : {"/etc/passwd", "files_test.cpp"}) {
    with_text(sandbox, path, [&](auto& text) {
      CHECK(sandbox.invoke_sandbox_function(lines_of, text).UNSAFE_unverified() == -1);
      CHECK(sandbox.invoke_sandbox_function(exists, text).UNSAFE_unverified() == 0);
    });
  }
  with_text(sandbox, "one\ntwo\n", [&](auto& text) {
    CHECK(sandbox.invoke_sandbox_function(lines_in, text).UNSAFE_unverified() == 2);
  });
  sandbox.destroy_sandbox();
}

TEST_CASE("paths are taken apart") {
  rlbox_sandbox_files sandbox;
  sandbox.create_sandbox();
  with_text(sandbox, "/a/dict.en.aff", [&](auto& path) {
    auto out = sandbox.malloc_in_sandbox<char>(16);
    CHECK(sandbox.invoke_sandbox_function(extension_of, path, out, 16).UNSAFE_unverified() == 4);
    CHECK(out.copy_and_verify_string(
        [](std::unique_ptr<char[]> text) { return text && std::strcmp(text.get(), ".aff") == 0; }));
    sandbox.free_in_sandbox(out);
  });
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
