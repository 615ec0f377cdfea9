// Asks a document wrong questions: pugixml throws what is wrong with them, and catches it.
#include "pugixml.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_pugixml> sandbox;
  sandbox.invoke_sandbox_function(tree_parse, sandbox.give(input),
                                  static_cast<std::uint32_t>(input.size()));
  std::string said;
  for (const char* const question :
       {"//entry[", "//entry", "count(//entry)", "unknown(1)", "/feed/@version"}) {
    said += std::string(question) + ":\n";
    said += shelf::text(sandbox.invoke_sandbox_function(tree_find, sandbox.give(question)));
  }
  return said;
}
