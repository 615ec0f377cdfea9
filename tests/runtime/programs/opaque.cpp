// Tainted values that are stored in classes whose headers do not include the framework.
#include "opaque_state.h"

#include "program.hpp"
#include "proglib_structs.h"

using namespace std;
using namespace rlbox;

rlbox_load_structs_from_library(proglib);

static tainted_opaque_proglib<int> triple_it(rlbox_sandbox_proglib&,
                                             tainted_opaque_proglib<int> value) {
  return (from_opaque(value) * 3).to_opaque();
}

int main() {
  rlbox_sandbox_proglib sandbox;
  CREATE_SANDBOX(sandbox);

  opaque_state<rlbox_proglib_sandbox_type> state;
  state.text.set_zero();
  printf("null at first: %d\n", from_opaque(state.text) == nullptr ? 1 : 0);

  state.text = sandbox.malloc_in_sandbox<char>(8).to_opaque();
  rlbox::strncpy(sandbox, from_opaque(state.text), "opaque", 8);
  sandbox.invoke_sandbox_function(make_loud, state.text);
  printf(
      "%s\n",
      from_opaque(state.text).copy_and_verify_string([](string value) { return value; }).c_str());

  state.number = sandbox.invoke_sandbox_function(add_ints, 40, 2).to_opaque();
  printf("%d\n", from_opaque(state.number).copy_and_verify([](int value) { return value; }));
  auto next = sandbox.invoke_sandbox_function(add_ints, state.number, 1);
  printf("%d\n", next.UNSAFE_unverified());

  tainted_opaque_proglib<record> stored =
      sandbox.invoke_sandbox_function(make_record, 5, 1.0).to_opaque();
  printf("%lu\n",
         sandbox.invoke_sandbox_function(check_record, from_opaque(stored)).UNSAFE_unverified());

  auto callback = sandbox.register_callback(triple_it);
  printf("%d\n", sandbox.invoke_sandbox_function(call_int, callback, 14).UNSAFE_unverified());
  callback.unregister();

  sandbox.free_in_sandbox(state.text);
  sandbox.destroy_sandbox();
  return 0;
}
