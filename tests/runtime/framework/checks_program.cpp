// A program whose only check fails. What happens depends on the settings that it is compiled with.
#include <cstdio>
#include <cstdlib>

#ifdef WITH_CUSTOM_ABORT
[[noreturn]] inline void custom_abort(const char* message) {
  std::printf("custom: %s\n", message);
  std::exit(3);
}
#define RLBOX_CUSTOM_ABORT(message) custom_abort(message)
#endif
#include "rlbox_helpers.hpp"

int main() {
#ifdef __EXCEPTIONS
  try {
#endif
#ifdef WITH_NO_COMPILE_CHECKS
    rlbox_detail_static_fail_because(true, "a reason");
#else
  rlbox::detail::dynamic_check(false, "a reason");
#endif
#ifdef RLBOX_USE_EXCEPTIONS
#ifdef __EXCEPTIONS
  } catch (const std::runtime_error& error) {
    std::printf("thrown: %s\n", error.what());
    return 2;
  }
#endif
#elif defined(__EXCEPTIONS)
}
catch (...) {
  return 9;
}
#endif
  return 0;
}
