// The same calls of the library natively, where the files are on the disk, and in a sandbox, where
// they are in memory. With the noop backend the options have no effect, and the files are on the
// disk, too.
#include <string>
#include <utility>
#include <vector>

#ifdef RLBOX_DIFFERENTIAL_NATIVE
#include "tests/files/reader.h"
#define CALL(function, text) function(text)
#else
#include "reader.rlbox.h"
#define CALL(function, text) \
  call(sandbox, [&](auto t) { sandbox.invoke_sandbox_function(function, t); }, text)

template <typename F>
void call(rlbox_sandbox_reader& sandbox, F&& use, const std::string& text) {
  const auto bytes = static_cast<uint32_t>(text.size() + 1);
  auto copy = sandbox.malloc_in_sandbox<char>(bytes);
  rlbox::memcpy(sandbox, copy, text.c_str(), bytes);
  use(copy);
  sandbox.free_in_sandbox(copy);
}
#endif

#include "tests/files/on_disk.hpp"

int main() {
  std::vector<std::pair<std::string, std::string>> files = {
      {"dict/en.aff", "SET UTF-8\nTRY esian\n\nWORDCHARS '\n"},
      {"dict/en.dic", "3\nhello\nworld/S\ntry"},
      {"empty", ""},
      {"deep/er/leaf", "leaf"}};
  for (int i = 0; i < 40; i++) {
    files.emplace_back("many/a file with a long name " + std::to_string(i), "x");
  }
  const on_disk disk(files);
  const std::string base = disk.base();
  const std::string scratch = disk.scratch();

#ifndef RLBOX_DIFFERENTIAL_NATIVE
  rlbox::rlbox_wasm2c_options options;
  for (const auto& [name, bytes] : files) {
    if (name == "empty") {
      options.files.add(base + "/" + name, bytes);
    } else {
      options.files.add_view(base + "/" + name, bytes.data(), bytes.size());
    }
  }
  options.files.allow_scratch(scratch, 1 << 20);
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
  rlbox_sandbox_reader sandbox;
  sandbox.create_sandbox(options);
#endif

  CALL(use_stdio, base.c_str());
  CALL(use_posix, base.c_str());
  CALL(use_folders, base.c_str());
  CALL(use_wrong_paths, base.c_str());
  CALL(use_cxx, base.c_str());
  CALL(use_scratch, scratch.c_str());

#ifndef RLBOX_DIFFERENTIAL_NATIVE
  sandbox.destroy_sandbox();
#endif
  return 0;
}
