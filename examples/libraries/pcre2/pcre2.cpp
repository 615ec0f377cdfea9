// Finds what a regular expression matches in a text. The first line of an input is the expression.
#include "pcre2.rlbox.h"

#include <algorithm>

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_pcre2> sandbox;
  const std::string expression = input.substr(0, input.find('\n'));
  const std::string text = input.substr(std::min(input.size(), expression.size() + 1));
  auto code = sandbox.malloc_in_sandbox<int>();
  auto place = sandbox.malloc_in_sandbox<std::size_t>();
  auto compiled = sandbox.invoke_sandbox_function(
      pcre2_compile_8, sandbox.give<unsigned char>(expression),
      static_cast<std::uint32_t>(expression.size()), PCRE2_UTF, code, place, nullptr);
  if (compiled == nullptr) {
    auto message = sandbox.malloc_in_sandbox<unsigned char>(256);
    sandbox.invoke_sandbox_function(pcre2_get_error_message_8, *code, message, 256);
    const std::string said = shelf::bytes(message, 256);
    return "byte " + std::to_string(shelf::number(*place, 0u, 1u << 20)) + ": " + said.c_str() +
           "\n";
  }
  auto match =
      sandbox.invoke_sandbox_function(pcre2_match_data_create_from_pattern_8, compiled, nullptr);
  auto subject = sandbox.give<unsigned char>(text);
  std::string said;
  for (std::uint32_t from = 0; from <= text.size();) {
    auto found = sandbox.invoke_sandbox_function(pcre2_match_8, compiled, subject,
                                                 static_cast<std::uint32_t>(text.size()), from, 0u,
                                                 match, nullptr);
    const int groups = shelf::number(found, -100, 100);
    if (groups <= 0) {
      break;
    }
    auto pairs = sandbox.invoke_sandbox_function(pcre2_get_ovector_pointer_8, match);
    for (unsigned i = 0; i < 2 * static_cast<unsigned>(groups); i += 2) {
      const auto size = static_cast<std::uint32_t>(text.size());
      const auto begin = shelf::number(pairs[i], 0u, size);
      const auto end = shelf::number(pairs[i + 1], begin, size);
      said += (i ? " | " : "") + text.substr(begin, end - begin);
      from = i ? from : end + (begin == end);
    }
    said += "\n";
  }
  return said;
}
