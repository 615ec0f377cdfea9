// Structs by value and by pointer, field by field and as a whole.
#include "program.hpp"
#include "proglib_structs.h"

using namespace rlbox;

rlbox_load_structs_from_library(proglib);

int main() {
  rlbox_sandbox_proglib sandbox;
  CREATE_SANDBOX(sandbox);

  // by value, in and out
  tainted_proglib<record> made = sandbox.invoke_sandbox_function(make_record, 12, 7.75);
  printf("id %lu\n", made.id.copy_and_verify([](unsigned long id) { return id; }));
  printf("weight %g\n", made.weight.UNSAFE_unverified());
  printf("height %d\n",
         made.size.height.copy_and_verify([](int height) { return height < 0 ? height : 0; }));
  made.id = 1000UL;
  made.size.width = made.size.width + 1;
  printf("check %lu\n",
         sandbox.invoke_sandbox_function(check_record, made).copy_and_verify([](unsigned long sum) {
           return sum;
         }));

  // a struct with a verifier that builds the application's struct
  record host = made.copy_and_verify([](tainted_proglib<record> unsafe) {
    record safe = {};
    safe.id = unsafe.id.copy_and_verify([](unsigned long id) { return id > 5 ? id : 5; });
    safe.weight = unsafe.weight.copy_and_verify([](double weight) { return weight; });
    return safe;
  });
  printf("host %lu %g\n", host.id, host.weight);

  // through a pointer
  tainted_proglib<char*> text = sandbox.malloc_in_sandbox<char>(6);
  rlbox::strncpy(sandbox, text, "words", 6);
  tainted_proglib<record*> r = sandbox.malloc_in_sandbox<record>();
  sandbox.invoke_sandbox_function(fill_record, r, text);
  printf("name %s\n", sandbox_reinterpret_cast<char*>(&r->name)
                          .copy_and_verify_string([](std::string name) { return name; })
                          .c_str());
  for (unsigned i = 0; i < 4; i++) {
    printf("mark %u\n", r->marks[i].copy_and_verify([](unsigned mark) { return mark; }));
  }
  for (int i = 0; i < 2; i++) {
    tainted_proglib<char*> word = r->words[i];
    printf("word %s\n",
           word.copy_and_verify_string([](std::string value) { return value; }).c_str());
  }
  printf("end of the words: %d\n",
         (r->words[2] == nullptr).unverified_safe_because("only printed") ? 1 : 0);
  r->marks[1] = 42000U;
  printf("marks %lu\n",
         sandbox.invoke_sandbox_function(sum_marks, r).copy_and_verify([](unsigned long sum) {
           return sum;
         }));

  // written as a whole, and read as a whole
  *r = made;
  auto copy = r.copy_and_verify([](std::unique_ptr<tainted_proglib<record>> value) {
    return value->id.UNSAFE_unverified() + 1;
  });
  printf("copy %lu\n", copy);
  size2 turned = sandbox.invoke_sandbox_function(turn, made.size)
                     .copy_and_verify([](tainted_proglib<size2> s) {
                       return size2{s.width.UNSAFE_unverified(), s.height.UNSAFE_unverified()};
                     });
  printf("turned %d %d\n", turned.width, turned.height);

  sandbox.free_in_sandbox(r);
  sandbox.free_in_sandbox(text);
  sandbox.destroy_sandbox();
  return 0;
}
