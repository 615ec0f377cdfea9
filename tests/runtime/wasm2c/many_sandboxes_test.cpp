// 16 000 sandboxes live at the same time in one process.
#include "guest.rlbox.h"

#include <sys/resource.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

constexpr std::size_t wanted = 16000;
// Of each sandbox: its memory and its guard area; of the process: everything else.
constexpr long mappings_each = 2;
constexpr long mappings_of_the_rest = 500;

/// A number in a file of the system, or -1.
long number_in(const char* path, int field = 0) {
  long value = -1;
  if (std::FILE* file = std::fopen(path, "r")) {
    for (int i = 0; i <= field; ++i) {
      if (std::fscanf(file, "%ld", &value) != 1) {
        value = -1;
      }
    }
    std::fclose(file);
  }
  return value;
}

/// Why this machine does not let any process have so many, or null.
const char* limit_of_the_machine() {
  static char reason[160];
  const long mappings = number_in("/proc/sys/vm/max_map_count");
  const long needed = static_cast<long>(wanted) * mappings_each + mappings_of_the_rest;
  if (mappings >= 0 && mappings < needed) {
    std::snprintf(reason, sizeof reason, "vm.max_map_count is %ld, %ld are needed", mappings,
                  needed);
    return reason;
  }
  rlimit space{};
  if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
    return "the address space is limited (ulimit -v)";
  }
  return nullptr;
}

long resident_pages() { return number_in("/proc/self/statm", 1); }

}  // namespace

TEST_CASE("16 000 sandboxes live at the same time") {
  if (const char* reason = limit_of_the_machine(); reason != nullptr) {
    std::printf("skipped: %s\n", reason);
    return;
  }
  const long resident = resident_pages();
  std::vector<std::unique_ptr<rlbox_sandbox_guest>> all;
  while (all.size() < wanted) {
    auto one = std::make_unique<rlbox_sandbox_guest>();
    if (!one->create_sandbox(false)) {
      break;
    }
    all.push_back(std::move(one));
  }
  std::printf("%zu live sandboxes, %ld KiB of memory each\n", all.size(),
              (resident_pages() - resident) * 4 / static_cast<long>(all.size()));
  REQUIRE(all.size() == wanted);
  bool ok = true;
  for (const auto& sandbox : all) {
    ok = ok && sandbox->invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3;
  }
  CHECK(ok);
  // Room that was given back is found again.
  for (const std::size_t i : {std::size_t{100}, std::size_t{5000}}) {
    all[i]->destroy_sandbox();
    CHECK(all[i]->create_sandbox(false));
    CHECK(all[i]->invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  }
}

HARNESS_MAIN()
