// A pointer to an object of the application travels through the library as a token.
#include "program.hpp"

using namespace std;
using namespace rlbox;

struct word_list {
  vector<string> words;
};

static void add_word(rlbox_sandbox_proglib& sandbox, tainted_proglib<void*> state,
                     tainted_proglib<const char*> word) {
  word_list* list = sandbox.lookup_app_ptr(sandbox_static_cast<word_list*>(state));
  list->words.push_back(word.copy_and_verify_string([](string value) { return value; }));
}

int main() {
  rlbox_sandbox_proglib sandbox;
  CREATE_SANDBOX(sandbox);

  word_list list;
  app_pointer_proglib<word_list*> token = sandbox.get_app_pointer(&list);
  auto callback = sandbox.register_callback(add_word);

  const char* text = "the words of a text";
  auto copy = sandbox.malloc_in_sandbox<char>(strlen(text) + 1);
  rlbox::memcpy(sandbox, copy, text, strlen(text) + 1);

  auto count = sandbox.invoke_sandbox_function(for_each_word, copy, callback,
                                               sandbox_static_cast<void*>(token.to_tainted()));
  printf("%zu words:", static_cast<size_t>(count.copy_and_verify([](size_t n) { return n; })));
  for (const string& word : list.words) {
    printf(" %s", word.c_str());
  }
  printf("\n");

  // Through memory of the library and back.
  auto place = sandbox.malloc_in_sandbox<word_list*>();
  *place = token.to_tainted();
  tainted_proglib<word_list*> again = *place;
  printf("same object: %d\n", sandbox.lookup_app_ptr(again) == &list ? 1 : 0);
  sandbox.free_in_sandbox(place);

  token.unregister();
  printf("unregistered: %d\n", token.is_unregistered() ? 1 : 0);
  sandbox.free_in_sandbox(copy);
  sandbox.destroy_sandbox();
  return 0;
}
