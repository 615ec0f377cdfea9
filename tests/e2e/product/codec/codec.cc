#include "codec.h"

#include "run_length.rlbox.h"

namespace codec {

std::string encode(const std::string& text) {
  constexpr unsigned kSize = 100;
  rlbox_sandbox_run_length sandbox;
  sandbox.create_sandbox();
  auto in = sandbox.malloc_in_sandbox<char>(static_cast<unsigned>(text.size()) + 1);
  auto out = sandbox.malloc_in_sandbox<char>(kSize);
  rlbox::memcpy(sandbox, in, text.c_str(), text.size() + 1);
  const bool fits = sandbox.invoke_sandbox_function(run_length_encode, in, out, kSize)
                        .copy_and_verify([](int result) { return result == 0; });
  std::string encoded;
  if (fits) {
    encoded = out.copy_and_verify_string(
        [](std::string value) { return value.size() < kSize ? value : std::string(); });
  }
  sandbox.free_in_sandbox(in);
  sandbox.free_in_sandbox(out);
  sandbox.destroy_sandbox();
  return encoded;
}

}  // namespace codec
