// Parses XML into a tree and prints the elements; errors come by a callback's place: the library's
// last error.
#include "libxml2.rlbox.h"

#include "examples/libraries/shelf.hpp"

static std::string lines;

static void walk(tainted_libxml2<xmlNode*> node, unsigned depth) {
  for (unsigned i = 0; i < 1000 && depth < 20 && node != nullptr; ++i) {
    const auto kind = node->type.copy_and_verify([](xmlElementType value) { return value; });
    tainted_libxml2<const xmlChar*> name = node->name;
    tainted_libxml2<xmlChar*> content = node->content;
    auto as_text = [](auto from) {
      return shelf::text(rlbox::sandbox_reinterpret_cast<const char*>(from));
    };
    if (kind == XML_ELEMENT_NODE) {
      lines += std::string(2 * depth, ' ') + "<" + as_text(name) + ">\n";
      tainted_libxml2<xmlNode*> children = node->children;
      walk(children, depth + 1);
    } else if (kind == XML_CDATA_SECTION_NODE) {
      lines += std::string(2 * depth, ' ') + "cdata: " + as_text(content) + "\n";
    }
    tainted_libxml2<xmlNode*> next = node->next;
    node = next;
  }
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_libxml2> sandbox;
  lines.clear();
  auto document = sandbox.invoke_sandbox_function(
      xmlReadMemory, sandbox.give(input), static_cast<int>(input.size()), nullptr, nullptr,
      XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
  if (document == nullptr) {
    auto error = sandbox.invoke_sandbox_function(xmlGetLastError);
    tainted_libxml2<char*> message = error->message;
    return "line " + std::to_string(shelf::number(error->line, 0, 1 << 20)) + ": " +
           shelf::text(message);
  }
  walk(sandbox.invoke_sandbox_function(xmlDocGetRootElement, document), 0);
  sandbox.invoke_sandbox_function(xmlFreeDoc, document);
  return lines;
}
