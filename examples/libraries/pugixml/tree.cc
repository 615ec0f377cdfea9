#include "tree.h"

#include <sstream>
#include <string>

#include "pugixml.hpp"

static pugi::xml_document document;
static std::string said;

const char* tree_parse(const char* text, size_t size) {
  const pugi::xml_parse_result result = document.load_buffer(text, size);
  if (result) {
    return nullptr;
  }
  said = std::string(result.description()) + " at byte " + std::to_string(result.offset);
  return said.c_str();
}

const char* tree_find(const char* expression) {
  said.clear();
  try {
    const pugi::xpath_query query(expression);
    for (const pugi::xpath_node& node : query.evaluate_node_set(document)) {
      const char* const text =
          node.attribute() ? node.attribute().value() : node.node().text().get();
      said += std::string(text) + "\n";
    }
  } catch (const pugi::xpath_exception& error) {
    said = std::string("error: ") + error.what() + " at byte " +
           std::to_string(error.result().offset) + "\n";
  }
  return said.c_str();
}

const char* tree_print() {
  std::ostringstream stream;
  document.save(stream, " ");
  said = stream.str();
  return said.c_str();
}
