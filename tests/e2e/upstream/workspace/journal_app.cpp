#include "journal.rlbox.h"

#include <cstdio>
#include <cstring>
#include <string>

namespace {

tainted_journal<int> print(rlbox_sandbox_journal& /*sandbox*/, tainted_journal<int> kind,
                           tainted_journal<const char*> text) {
  const std::string copy = text.copy_and_verify_string([](std::string value) { return value; });
  std::printf("entry %d: %s\n", kind.UNSAFE_unverified(), copy.c_str());
  return kind;
}

}  // namespace

int main() {
#ifdef STAND_IN_VERSION
  std::fprintf(stderr, "made with %s\n", STAND_IN_VERSION);
#endif
  rlbox_sandbox_journal sandbox;
  sandbox.create_sandbox();
  std::printf("%u entry\n", sandbox.invoke_sandbox_function(journal__size).UNSAFE_unverified());

  const char text[] = "started";
  tainted_journal<char*> copy = sandbox.malloc_in_sandbox<char>(sizeof(text));
  rlbox::memcpy(sandbox, copy, text, sizeof(text));
  tainted_journal<journal_entry*> entry = sandbox.invoke_sandbox_function(journal_add, 2, copy);
  std::printf("kind %d at %lld after kind %d\n", entry->kind.UNSAFE_unverified(),
              entry->time.UNSAFE_unverified(), entry->before->kind.UNSAFE_unverified());

  auto callback = sandbox.register_callback(print);
  std::printf("sum %d\n",
              sandbox.invoke_sandbox_function(journal_visit, callback).UNSAFE_unverified());
  callback.unregister();
  std::printf("%u entries\n", sandbox.invoke_sandbox_function(journal_size_).UNSAFE_unverified());
  sandbox.free_in_sandbox(copy);
  sandbox.destroy_sandbox();
  std::printf("\nthe end\n");
  return 0;
}
