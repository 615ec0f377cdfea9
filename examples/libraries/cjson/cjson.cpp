// Parses JSON, prints it again, and looks a value up.
#include "cjson.rlbox.h"

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_cjson> sandbox;
  auto root = sandbox.invoke_sandbox_function(cJSON_ParseWithLength, sandbox.give(input),
                                              static_cast<std::uint32_t>(input.size()));
  if (root == nullptr) {
    return "not JSON\n";
  }
  std::string said =
      shelf::text(sandbox.invoke_sandbox_function(cJSON_PrintUnformatted, root), 1 << 20) + "\n";
  auto size = sandbox.invoke_sandbox_function(cJSON_GetArraySize, root);
  said += "members: " + std::to_string(shelf::number(size, 0, 1 << 20)) + "\n";
  auto price = sandbox.invoke_sandbox_function(cJSON_GetObjectItemCaseSensitive, root,
                                               sandbox.give("price"));
  if (price != nullptr) {
    tainted_cjson<double> value = price->valuedouble;
    said += "twice the price: " + std::to_string(2 * shelf::number(value, 0.0, 1e9)) + "\n";
  }
  sandbox.invoke_sandbox_function(cJSON_Delete, root);
  return said;
}
