#ifndef RLBOX_EXAMPLES_LIBRARIES_SHELF_HPP_
#define RLBOX_EXAMPLES_LIBRARIES_SHELF_HPP_
// What the programs in this folder share. Include it after <module>.rlbox.h.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

/// The work of a program: what the library makes of one input, in words. Throws std::exception for
/// an input that costs the sandbox: a trap, or a value that no honest library gives. driver.cpp
/// calls it.
std::string job(const std::string& input);

namespace shelf {

/// A sandbox for one input: a trap, or ten seconds without an end, is an exception, and the program
/// goes on.
template <typename Sandbox>
class fresh : public Sandbox {
 public:
  /// `files` is what the library can open.
  explicit fresh(rlbox::rlbox_wasm2c_files files = {}) {
    rlbox::rlbox_wasm2c_options options;
    options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
    options.time_limit = std::chrono::seconds(10);
    options.files = std::move(files);
    this->create_sandbox(options);
  }
  ~fresh() { this->destroy_sandbox(); }
  fresh(const fresh&) = delete;
  fresh& operator=(const fresh&) = delete;

  /// Memory of the sandbox with a copy of `bytes`, and a zero behind it. The sandbox's end frees
  /// it.
  template <typename T = char>
  auto give(const std::string& bytes) {
    static_assert(sizeof(T) == 1, "bytes");
    auto copy = this->template malloc_in_sandbox<T>(static_cast<std::uint32_t>(bytes.size() + 1));
    rlbox::memcpy(*this, copy, bytes.c_str(), bytes.size() + 1);
    return copy;
  }
};

/// A number from the sandbox that must lie between two others, both included.
template <typename Tainted, typename T>
T number(const Tainted& value, T least, T most) {
  // Wide enough for both.
  using wide = std::conditional_t<std::is_floating_point_v<T>, double, long long>;
  return value.copy_and_verify([&](auto plain) {
    const auto exact = static_cast<wide>(plain);
    if (!(exact >= static_cast<wide>(least) && exact <= static_cast<wide>(most))) {
      throw std::runtime_error("the library gives a number that cannot be");
    }
    return static_cast<T>(plain);
  });
}

/// A copy of `count` elements of the sandbox's memory.
template <typename Tainted>
std::string bytes(const Tainted& pointer, std::size_t count) {
  if (count == 0) {
    return {};
  }
  return pointer.copy_and_verify_range(
      [&](auto copy) {
        const void* from = copy.get();
        return std::string(static_cast<const char*>(from), count * sizeof(copy[0]));
      },
      count);
}

/// A copy of a C string of the sandbox, at most so long. A null pointer gives "(null)".
template <typename Tainted>
std::string text(const Tainted& pointer, std::size_t longest = 4096) {
  return pointer.copy_and_verify_string([&](std::unique_ptr<char[]> copy) {
    return copy ? std::string(copy.get()).substr(0, longest) : std::string("(null)");
  });
}

/// A number that tells two long outputs apart.
inline std::string fingerprint(const std::string& data) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : data) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  char hex[17];
  std::snprintf(hex, sizeof(hex), "%016llx", static_cast<unsigned long long>(hash));
  return hex;
}

}  // namespace shelf

#endif  // RLBOX_EXAMPLES_LIBRARIES_SHELF_HPP_
