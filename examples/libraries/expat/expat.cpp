// Prints the elements and the text of an XML document; the parser calls back for each.
#include "expat.rlbox.h"

#include "examples/libraries/shelf.hpp"

static std::string events;

static void start(rlbox_sandbox_expat&, tainted_expat<void*>, tainted_expat<const char*> name,
                  tainted_expat<const char**> attributes) {
  events += "<" + shelf::text(name);
  for (unsigned i = 0; i < 100; i += 2) {
    tainted_expat<const char*> attribute = attributes[i];
    if (attribute == nullptr) {
      break;
    }
    tainted_expat<const char*> value = attributes[i + 1];
    events += " " + shelf::text(attribute) + "=" + shelf::text(value);
  }
  events += ">\n";
}

static void end(rlbox_sandbox_expat&, tainted_expat<void*>, tainted_expat<const char*> name) {
  events += "</" + shelf::text(name) + ">\n";
}

static void characters(rlbox_sandbox_expat&, tainted_expat<void*>, tainted_expat<const char*> data,
                       tainted_expat<int> length) {
  const std::string text = shelf::bytes(data, shelf::number(length, 0u, 1u << 20));
  if (text.find_first_not_of(" \n") != std::string::npos) {
    events += "text: '" + text + "'\n";
  }
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_expat> sandbox;
  events.clear();
  auto on_start = sandbox.register_callback(start);
  auto on_end = sandbox.register_callback(end);
  auto on_characters = sandbox.register_callback(characters);
  auto parser = sandbox.invoke_sandbox_function(XML_ParserCreate, nullptr);
  sandbox.invoke_sandbox_function(XML_SetElementHandler, parser, on_start, on_end);
  sandbox.invoke_sandbox_function(XML_SetCharacterDataHandler, parser, on_characters);
  const auto status = sandbox.invoke_sandbox_function(XML_Parse, parser, sandbox.give(input),
                                                      static_cast<int>(input.size()), 1);
  if (shelf::number(status, 0, 2) != XML_STATUS_OK) {
    auto code = sandbox.invoke_sandbox_function(XML_GetErrorCode, parser);
    auto line = sandbox.invoke_sandbox_function(XML_GetCurrentLineNumber, parser);
    events += "line " + std::to_string(shelf::number(line, 1u, 1u << 20)) + ": " +
              shelf::text(sandbox.invoke_sandbox_function(XML_ErrorString, code)) + "\n";
  }
  sandbox.invoke_sandbox_function(XML_ParserFree, parser);
  return events;
}
