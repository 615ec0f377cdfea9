#ifndef RLBOX_WASM2C_OPTIONS_HPP_
#define RLBOX_WASM2C_OPTIONS_HPP_
/// \file
/// What an application can choose for a wasm2c sandbox when it creates one:
///
///   rlbox::rlbox_wasm2c_options options;
///   options.name = "decoder 7";
///   options.max_memory = 64 << 20;
///   options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
///   sandbox.create_sandbox(options);
///
/// With the noop backend all of this compiles and nothing of it has an effect: there is no limit
/// and no trap, and the library has the application's streams, arguments, environment and files.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rlbox_helpers.hpp"
#include "rlbox_wasm2c_files.hpp"
#include "rlbox_internal/any_function.hpp"
#include "rlbox_internal/wasm2c/reasons.h"
#include "rlbox_internal/wasm2c/streams.h"
#if defined(WASM_RT_USE_MMAP)
#include "rlbox_internal/wasm2c/trap.h"
#endif

namespace rlbox {

/// What a trap of the library (bad memory access, abort(), exit(), ...) does to the application.
enum class rlbox_wasm2c_trap_policy {
  /// Report the reason, the sandbox and the function, then abort. Costs nothing per call.
  abort,
  /// The call fails: an exception (rlbox_wasm2c_trap_error) with RLBOX_USE_EXCEPTIONS, otherwise
  /// the result is zero and `get_sandbox_impl()->has_trapped()` is true. The sandbox runs no more
  /// library code; destroy it and create a fresh one. Costs a setjmp per call.
  survive
};

/// One of the library's standard streams.
class rlbox_wasm2c_stream {
 public:
  /// Receives output; returns false to make the library's write fail. Any copyable callable.
  using sink = detail::any_function<bool(const char* data, std::size_t size)>;
  /// Fills at most `capacity` bytes and returns how many; 0 is the end of the input. Any copyable
  /// callable.
  using source = detail::any_function<std::size_t(char* data, std::size_t capacity)>;

  /// The default: output goes to the application's stream, input is denied.
  rlbox_wasm2c_stream() = default;

  /// The application's own stream.
  static rlbox_wasm2c_stream allow() { return rlbox_wasm2c_stream(MINWASI_FD_ALLOW); }
  /// The library sees a closed stream: EBADF.
  static rlbox_wasm2c_stream deny() { return rlbox_wasm2c_stream(MINWASI_FD_DENY); }
  /// Output goes to a function. The bytes are untrusted and valid during the call only.
  static rlbox_wasm2c_stream redirect_output(sink to) {
    rlbox_wasm2c_stream stream(MINWASI_FD_REDIRECT);
    stream.to = std::move(to);
    return stream;
  }
  /// Input comes from a function.
  static rlbox_wasm2c_stream redirect_input(source from) {
    rlbox_wasm2c_stream stream(MINWASI_FD_REDIRECT);
    stream.from = std::move(from);
    return stream;
  }

  /// For the runtime: true if a function was given.
  bool has_function() const { return to || from; }

  /// The C runtime's form; refers to this object if that has a function.
  minwasi_fd_policy policy() {
    minwasi_fd_policy result{};
    result.mode = mode;
    result.context = has_function() ? this : nullptr;
    if (to) {
      result.write = [](void* self, std::uint32_t, const void* data,
                        std::size_t size) -> std::uint32_t {
        constexpr std::uint32_t io_error = 29;
        const bool ok =
            static_cast<rlbox_wasm2c_stream*>(self)->to(static_cast<const char*>(data), size);
        return ok ? 0 : io_error;
      };
    }
    if (from) {
      result.read = [](void* self, std::uint32_t, void* data, std::size_t capacity) {
        return static_cast<rlbox_wasm2c_stream*>(self)->from(static_cast<char*>(data), capacity);
      };
    }
    return result;
  }

 private:
  explicit rlbox_wasm2c_stream(minwasi_fd_mode m) : mode(m) {}

  minwasi_fd_mode mode = MINWASI_FD_DEFAULT;
  sink to;
  source from;
};

/// Settings of one sandbox; the defaults are those of `create_sandbox()`.
struct rlbox_wasm2c_options {
  /// True: a failed creation fails a check. False: create_sandbox returns false.
  bool infallible = true;
  /// Name for reports; empty: the module's name.
  std::string name;
  /// Most bytes of memory the library may have, rounded up to 64 KiB; 0: what the module says.
  std::uint64_t max_memory = 0;
  /// True: a request beyond the limit is a trap. False: the request is refused (malloc returns
  /// null), and the first refusal is reported on stderr.
  bool trap_on_memory_limit = false;
  /// What a trap of the library does.
  rlbox_wasm2c_trap_policy traps = rlbox_wasm2c_trap_policy::abort;
  /// How long a call into the library may take, callbacks included; a longer call is a trap. 0: for
  /// ever. The limit also holds for the library's constructors and destructors. A callback runs to
  /// its end: the trap comes when the library goes on. A sandbox with a limit spends about a
  /// quarter of a microsecond more per call.
  std::chrono::milliseconds time_limit{0};
  /// Bytes of the thread's stack that must be left when the library calls a callback or a WASI
  /// function; fewer are a trap. The application's code that runs then must need at most this many,
  /// or be compiled with -fstack-clash-protection.
  std::size_t stack_reserve = RLBOX_WASM2C_USUAL_RESERVE;
  /// Most entries in use at the same time, 32 bytes of memory each: registered callbacks, and
  /// functions of the library that the application passes to the library as pointers.
  std::uint32_t max_callbacks = 64;
  /// Most entries that the library's own function table may have, 32 bytes of memory each. Creating
  /// a sandbox of a module with more entries fails.
  std::uint32_t max_table = 1U << 20;
  /// Most bytes that the library may write to its standard output and error together. 0: no limit.
  /// Beyond the limit the library's writes fail, and the first failure is reported on stderr.
  std::uint64_t max_output = 0;
  /// Program name and arguments that the library sees.
  std::vector<std::string> arguments;
  /// Environment that the library sees, as "NAME=value".
  std::vector<std::string> environment;
  /// The library's standard input. Default: denied.
  rlbox_wasm2c_stream standard_input;
  /// The library's standard output. Default: the application's.
  rlbox_wasm2c_stream standard_output;
  /// The library's standard error. Default: the application's.
  rlbox_wasm2c_stream standard_error;
  /// The files that the library sees, of a wasm_library with files = True. Default: none, and every
  /// function for files fails.
  rlbox_wasm2c_files files;
};

#if RLBOX_DETAIL_THROWS
/// Thrown by a call whose library code trapped, under rlbox_wasm2c_trap_policy::survive.
class rlbox_wasm2c_trap_error : public std::runtime_error {
  rlbox_wasm2c_trap_reason why;

 public:
  /// `message` is what what() returns.
  rlbox_wasm2c_trap_error(rlbox_wasm2c_trap_reason reason, const char* message)
      : std::runtime_error(message), why(reason) {}
  /// The kind of trap.
  rlbox_wasm2c_trap_reason reason() const noexcept { return why; }
};
#endif

/// Tells the runtime where a stack lies from which the application calls sandboxes, until this
/// object is destroyed. For stacks that the runtime does not know, such as a coroutine's. The
/// runtime knows the stacks of threads, and alternate stacks of signal handlers with a guard page.
/// With the noop backend the object does nothing.
class rlbox_wasm2c_stack {
#if defined(WASM_RT_USE_MMAP)
  const void* lowest;

 public:
  /// `bytes` bytes from `lowest_address` on. The page below, or the lowest one, must be
  /// inaccessible; a failed check otherwise.
  rlbox_wasm2c_stack(const void* lowest_address, std::size_t bytes) : lowest(lowest_address) {
    const char* const problem = rlbox_wasm2c_add_stack(lowest, bytes);
    detail::dynamic_check(problem == nullptr, problem);
  }
  ~rlbox_wasm2c_stack() { rlbox_wasm2c_remove_stack(lowest); }
#else
 public:
  /// Does nothing.
  rlbox_wasm2c_stack(const void*, std::size_t) {}
  ~rlbox_wasm2c_stack() {}
#endif
  rlbox_wasm2c_stack(const rlbox_wasm2c_stack&) = delete;
  rlbox_wasm2c_stack& operator=(const rlbox_wasm2c_stack&) = delete;
};

}  // namespace rlbox

#endif  // RLBOX_WASM2C_OPTIONS_HPP_
