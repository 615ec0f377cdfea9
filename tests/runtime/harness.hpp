#ifndef RLBOX_TESTS_HARNESS_HPP_
#define RLBOX_TESTS_HARNESS_HPP_
// A small test harness.
//
// The runtime is tested in many configurations: with and without exceptions and RTTI, C++17 to
// C++23, several compilers and sanitizers. The packaged frameworks need exceptions or RTTI, or are
// not available from a registry for every configuration; this file needs neither.
//
//   TEST_CASE("what it shows") { CHECK(a == b); REQUIRE(p != nullptr); }
//   HARNESS_MAIN()                 // in exactly one source file of the test
//
// CHECK goes on after a failure, REQUIRE leaves the test case (exception or return).
// CHECK_FAILS(expr) expects a failed dynamic_check. With exceptions it catches one; without, the
// expression runs in a forked process, so what else it does is not seen by the test.
//
// Without exceptions, define before any RLBox header:
//   #define RLBOX_CUSTOM_ABORT(msg) ::harness::custom_abort(msg)
// Command line: substrings of test names to run; none runs all. TEST_FILTER (environment) as well.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
#include <exception>
#define HARNESS_HAS_EXCEPTIONS 1
#else
#include <sys/wait.h>
#include <unistd.h>
#define HARNESS_HAS_EXCEPTIONS 0
#endif

namespace harness {

struct test_case {
  const char* name;
  const char* file;
  void (*run)();
};

inline std::vector<test_case>& registry() {
  static std::vector<test_case> cases;
  return cases;
}

struct registrar {
  registrar(const char* name, const char* file, void (*run)()) {
    registry().push_back({name, file, run});
  }
};

inline int checks = 0;
inline int failures = 0;
inline std::string last_message;

inline void report(const char* file, int line, const char* what, const char* expression) {
  ++failures;
  std::fprintf(stderr, "%s:%d: FAILED: %s(%s)\n", file, line, what, expression);
}

#if !HARNESS_HAS_EXCEPTIONS
// Exit status of a forked process in which a check failed.
inline constexpr int failed_check_status = 77;
// Where a forked process writes the message of a failed check; -1 in the test itself.
inline int message_pipe = -1;

// Handler for RLBOX_CUSTOM_ABORT in configurations without exceptions.
[[noreturn]] inline void custom_abort(const char* message) {
  if (message_pipe >= 0) {
    const auto written = write(message_pipe, message, std::strlen(message));
    _exit(written < 0 ? 1 : failed_check_status);
  }
  std::fprintf(stderr, "unexpected failed check: %s\n", message);
  std::abort();
}
#endif

inline bool check(bool ok, const char* file, int line, const char* what, const char* expression) {
  ++checks;
  if (!ok) {
    report(file, line, what, expression);
  }
  return ok;
}

// Runs f and tells whether a dynamic_check failed in it; its message is in last_message.
template <typename F>
bool fails(F&& f) {
  last_message.clear();
#if HARNESS_HAS_EXCEPTIONS
  try {
    f();
  } catch (const std::exception& e) {
    last_message = e.what();
    return true;
  }
  return false;
#else
  int ends[2];
  std::fflush(nullptr);
  if (pipe(ends) != 0) {
    std::abort();
  }
  const pid_t child = fork();
  if (child == 0) {
    message_pipe = ends[1];
    f();
    _exit(0);
  }
  close(ends[1]);
  char buffer[1024];
  for (ssize_t size = 0; (size = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    last_message.append(buffer, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == failed_check_status;
#endif
}

struct require_failed {};

[[noreturn]] inline void leave_test() {
#if HARNESS_HAS_EXCEPTIONS
  throw require_failed{};
#else
  std::fprintf(stderr, "a REQUIRE failed; stopping\n");
  std::exit(1);
#endif
}

inline bool selected(const char* name, int argc, char** argv) {
  const char* filter = std::getenv("TEST_FILTER");
  bool any_filter = false;
  for (int i = 1; i < argc; i++) {
    any_filter = true;
    if (std::strstr(name, argv[i]) != nullptr) {
      return true;
    }
  }
  if (filter != nullptr && *filter != '\0') {
    return std::strstr(name, filter) != nullptr;
  }
  return !any_filter;
}

inline int run_all(int argc, char** argv) {
  int cases = 0;
  for (const test_case& test : registry()) {
    if (!selected(test.name, argc, argv)) {
      continue;
    }
    ++cases;
    const int failures_before = failures;
#if HARNESS_HAS_EXCEPTIONS
    try {
      test.run();
    } catch (const require_failed&) {
      // already reported
    } catch (const std::exception& e) {
      ++failures;
      std::fprintf(stderr, "%s: unexpected exception: %s\n", test.file, e.what());
    }
#else
    test.run();
#endif
    if (failures != failures_before) {
      std::fprintf(stderr, "%s: test failed: %s\n", test.file, test.name);
    }
  }
  std::printf("%d cases, %d checks, %d failures\n", cases, checks, failures);
  if (cases == 0) {
    std::fprintf(stderr, "no test was run\n");
    return 1;
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace harness

#define HARNESS_CAT_2(a, b) a##b
#define HARNESS_CAT(a, b) HARNESS_CAT_2(a, b)

#define TEST_CASE_IMPL(name, id)                                                     \
  static void id();                                                                  \
  static const ::harness::registrar HARNESS_CAT(id, _registrar)(name, __FILE__, id); \
  static void id()
#define TEST_CASE(name) TEST_CASE_IMPL(name, HARNESS_CAT(harness_test_, __LINE__))

// A test that is a member of a class derived from `fixture`.
#define TEST_CASE_METHOD_IMPL(fixture, name, id)                                        \
  namespace {                                                                           \
  struct id : fixture {                                                                 \
    void run();                                                                         \
  };                                                                                    \
  }                                                                                     \
  static void HARNESS_CAT(id, _run)() {                                                 \
    id test;                                                                            \
    test.run();                                                                         \
  }                                                                                     \
  static const ::harness::registrar HARNESS_CAT(id, _registrar)(name, __FILE__,         \
                                                                HARNESS_CAT(id, _run)); \
  void id::run()
#define TEST_CASE_METHOD(fixture, name) \
  TEST_CASE_METHOD_IMPL(fixture, name, HARNESS_CAT(harness_test_, __LINE__))

#define CHECK(...)   \
  static_cast<void>( \
      ::harness::check(static_cast<bool>(__VA_ARGS__), __FILE__, __LINE__, "CHECK", #__VA_ARGS__))
#define REQUIRE(...)                                                                     \
  do {                                                                                   \
    if (!::harness::check(static_cast<bool>(__VA_ARGS__), __FILE__, __LINE__, "REQUIRE", \
                          #__VA_ARGS__)) {                                               \
      ::harness::leave_test();                                                           \
    }                                                                                    \
  } while (false)
#define CHECK_FAILS(...)                                                                        \
  static_cast<void>(::harness::check(::harness::fails([&] { static_cast<void>(__VA_ARGS__); }), \
                                     __FILE__, __LINE__, "CHECK_FAILS", #__VA_ARGS__))
#define CHECK_FAILS_WITH(text, ...)                                                   \
  static_cast<void>(                                                                  \
      ::harness::check(::harness::fails([&] { static_cast<void>(__VA_ARGS__); }) &&   \
                           ::harness::last_message.find(text) != ::std::string::npos, \
                       __FILE__, __LINE__, "CHECK_FAILS_WITH " text, #__VA_ARGS__))
#define CHECK_THROWS(...) CHECK_FAILS(__VA_ARGS__)
// The type of an expression; a type with commas is written SINGLE(type).
#define SINGLE(...) __VA_ARGS__
#define CHECK_TYPE(type, ...) CHECK(::std::is_same_v<decltype(__VA_ARGS__), type>)

#define HARNESS_MAIN() \
  int main(int argc, char** argv) { return ::harness::run_all(argc, argv); }

#endif  // RLBOX_TESTS_HARNESS_HPP_
