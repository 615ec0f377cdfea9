// Takes the bytes of a file as sound and plays it slower and faster.
#include "soundtouch.rlbox.h"

#include <cmath>

#include "examples/libraries/shelf.hpp"

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_soundtouch> sandbox;
  const unsigned count = 16384;
  const unsigned room = 4 * count;
  auto samples = sandbox.malloc_in_sandbox<float>(count);
  auto out = sandbox.malloc_in_sandbox<float>(room);
  for (unsigned i = 0; i < count; ++i) {
    samples[i] = input.empty() ? 0.0f : static_cast<float>(input[i / 20 % input.size()]) / 128.0f;
  }
  std::string said;
  for (const double tempo : {0.75, 1.5}) {
    auto done =
        sandbox.invoke_sandbox_function(tempo_change, samples, count, 44100u, tempo, out, room);
    const unsigned length = shelf::number(done, 0u, room);
    const std::string sound = shelf::bytes(out, length);
    said += "tempo " + std::to_string(tempo) + ": " + std::to_string(length) + " samples " +
            shelf::fingerprint(sound) + "\n";
  }
  return said;
}
