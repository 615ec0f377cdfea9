// Parses XML, asks it questions in XPath, and prints it again.
#include "pugixml.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_pugixml> sandbox;
  auto wrong = sandbox.invoke_sandbox_function(tree_parse, sandbox.give(input),
                                               static_cast<std::uint32_t>(input.size()));
  std::string said = wrong == nullptr ? "" : "error: " + shelf::text(wrong) + "\n";
  for (const char* const question : {"//entry", "/feed/entry/@id", "/feed/entry[2]"}) {
    said += std::string(question) + ":\n";
    said += shelf::text(sandbox.invoke_sandbox_function(tree_find, sandbox.give(question)));
  }
  return said + shelf::text(sandbox.invoke_sandbox_function(tree_print), 1 << 20);
}
