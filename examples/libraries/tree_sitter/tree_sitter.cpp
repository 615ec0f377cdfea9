// Parses JSON into a syntax tree and prints it; the tree says where the text has errors.
#include "tree_sitter.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_tree_sitter> sandbox;
  auto parser = sandbox.invoke_sandbox_function(ts_parser_new);
  auto language = sandbox.invoke_sandbox_function(tree_sitter_json);
  sandbox.invoke_sandbox_function(ts_parser_set_language, parser, language);
  auto tree =
      sandbox.invoke_sandbox_function(ts_parser_parse_string, parser, nullptr, sandbox.give(input),
                                      static_cast<std::uint32_t>(input.size()));
  // A node is a struct that goes by value.
  auto root = sandbox.invoke_sandbox_function(ts_tree_root_node, tree);
  auto printed = sandbox.invoke_sandbox_function(ts_node_string, root);
  const std::string said = shelf::text(printed, 1 << 20) + "\n";
  sandbox.free_in_sandbox(printed);
  sandbox.invoke_sandbox_function(ts_tree_delete, tree);
  sandbox.invoke_sandbox_function(ts_parser_delete, parser);
  return said;
}
