#ifndef RLBOX_INTERNAL_WASM2C_WASI_SETTINGS_HPP_
#define RLBOX_INTERNAL_WASM2C_WASI_SETTINGS_HPP_
/// \file
/// From the options of a sandbox to what the library sees of a system.

#include <cstdint>
#include <string>
#include <vector>

#include "rlbox_wasm2c_options.hpp"
#include "wasm2c_rt_minwasi.h"

namespace rlbox::detail::wasm2c {

/// The options that the library sees, in the C runtime's form.
class wasi_settings {
  std::vector<const char*> arguments;
  std::vector<const char*> environment;

  static const char** pointers(std::vector<const char*>& to, const std::vector<std::string>& from) {
    to.clear();
    for (const std::string& entry : from) {
      to.push_back(entry.c_str());
    }
    return to.data();
  }

 public:
  w2c_wasi__snapshot__preview1 context{};

  /// True if `set_up` makes this object refer to the options: to more than numbers.
  static bool refers_to(const rlbox_wasm2c_options& options) {
    return !options.arguments.empty() || !options.environment.empty() || options.files.any() ||
           options.standard_input.has_function() || options.standard_output.has_function() ||
           options.standard_error.has_function();
  }

  /// Takes the options over; refers to them. Empty, or why that failed.
  std::string set_up(rlbox_wasm2c_options& options) {
    context = w2c_wasi__snapshot__preview1{};
    context.main_argv = pointers(arguments, options.arguments);
    context.main_argc = static_cast<std::uint32_t>(arguments.size());
    context.env = pointers(environment, options.environment);
    context.env_count = static_cast<std::uint32_t>(environment.size());
    context.fd[0] = options.standard_input.policy();
    context.fd[1] = options.standard_output.policy();
    context.fd[2] = options.standard_error.policy();
    context.output_limit = options.max_output;
    minwasi_init_instance(&context);
    return options.files.make(&context.files);
  }
};

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_WASI_SETTINGS_HPP_
