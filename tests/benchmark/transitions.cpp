// Prints what it costs to cross the boundary of a sandbox. docs/performance.md explains the rows.
//
//   transitions [--quick]
//
// The program itself is the default build: optimised, with the thread-safe callback path. It then
// runs its siblings, which are the same source compiled with RLBOX_SINGLE_THREADED_INVOCATIONS and
// without optimisation.
#include "bench.rlbox.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "tests/benchmark/measure.hpp"
#include "tests/benchmark/native.h"

using benchmark::keep;
using benchmark::nanoseconds;
using benchmark::settings;

namespace {

constexpr const char* variant = BENCHMARK_VARIANT;
constexpr bool is_default = BENCHMARK_IS_DEFAULT;

void print(const char* what, double value, const char* unit = "ns") {
  std::printf("%-22s %-38s %12.2f %s\n", variant, what, value, unit);
  std::fflush(stdout);
}

tainted_bench<std::uint32_t> on_call(rlbox_sandbox_bench&, tainted_bench<std::uint32_t> value) {
  return value + 1U;
}

std::uint32_t native_on_call(std::uint32_t value) { return value + 1; }

void measure_calls(const settings& how, rlbox_sandbox_bench& sandbox) {
  print("empty loop", nanoseconds(how, [](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            keep(i);
          }
        }));
  print("native call", nanoseconds(how, [](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            keep(native_add(i, 1));
          }
        }));
  print("invoke", nanoseconds(how, [&](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            keep(sandbox.invoke_sandbox_function(bench_add, i, 1U).UNSAFE_unverified());
          }
        }));
  print("call by name", nanoseconds(how, [&](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            keep(sandbox.bench_add(i, 1U).UNSAFE_unverified());
          }
        }));
  print("invoke and verify", nanoseconds(how, [&](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            keep(sandbox.invoke_sandbox_function(bench_add, i, 1U)
                     .copy_and_verify([](std::uint32_t sum) { return sum != 0 ? sum : 1U; }));
          }
        }));
}

void measure_callbacks(const settings& how, rlbox_sandbox_bench& sandbox) {
  print("native call through a pointer", nanoseconds(how, [](std::uint32_t n) {
          std::uint32_t (*volatile function)(std::uint32_t) = native_on_call;
          std::uint32_t value = 0;
          for (std::uint32_t i = 0; i < n; ++i) {
            value = function(value);
          }
          keep(value);
        }));
  auto callback = sandbox.register_callback(on_call);
  print("callback", nanoseconds(how, [&](std::uint32_t n) {
          keep(sandbox.invoke_sandbox_function(bench_call, callback, n).UNSAFE_unverified());
        }));
  callback.unregister();
  print("register and unregister a callback", nanoseconds(how, [&](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            auto owner = sandbox.register_callback(on_call);
            keep(owner.is_unregistered());
          }
        }));
}

void measure_memory(const settings& how, rlbox_sandbox_bench& sandbox) {
  print("malloc and free in the sandbox", nanoseconds(how, [&](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            auto p = sandbox.malloc_in_sandbox<unsigned char>(64);
            keep(p.INTERNAL_unverified_safe());
            sandbox.free_in_sandbox(p);
          }
        }));
  print("malloc and free in the application", nanoseconds(how, [](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            void* const p = std::malloc(64);
            keep(p);
            std::free(p);
          }
        }));
}

void measure_range(const settings& how, rlbox_sandbox_bench& sandbox, std::uint32_t size,
                   const char* name) {
  auto data = sandbox.malloc_in_sandbox<unsigned char>(size);
  rlbox::memset(sandbox, data, 7, size);
  const std::string label(name);
  {
    const unsigned char* const from = data.unverified_safe_pointer_because(size, "a benchmark");
    std::vector<unsigned char> to(size);
    print((label + ", memcpy").c_str(), nanoseconds(how, [&](std::uint32_t n) {
            for (std::uint32_t i = 0; i < n; ++i) {
              std::memcpy(to.data(), from, size);
              keep(to.data());
            }
          }));
    print((label + ", new[] and memcpy").c_str(), nanoseconds(how, [&](std::uint32_t n) {
            for (std::uint32_t i = 0; i < n; ++i) {
              std::unique_ptr<unsigned char[]> copy(new unsigned char[size]);
              std::memcpy(copy.get(), from, size);
              keep(copy.get());
            }
          }));
  }
  print((label + ", copy_and_verify_range").c_str(), nanoseconds(how, [&](std::uint32_t n) {
          for (std::uint32_t i = 0; i < n; ++i) {
            keep(data.copy_and_verify_range(
                [](std::unique_ptr<unsigned char[]> copy) { return copy[0]; }, size));
          }
        }));
  sandbox.free_in_sandbox(data);
}

/// KiB of memory that the process has in use.
double resident_kib() {
  long pages[2] = {0, 0};
  if (std::FILE* const file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages[0], &pages[1]) != 2) {
      pages[1] = 0;
    }
    std::fclose(file);
  }
  return static_cast<double>(pages[1]) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

void measure_life(const settings& how) {
  print("create and destroy a sandbox",
        nanoseconds(how,
                    [](std::uint32_t n) {
                      for (std::uint32_t i = 0; i < n; ++i) {
                        rlbox_sandbox_bench sandbox;
                        sandbox.create_sandbox();
                        sandbox.destroy_sandbox();
                      }
                    }) /
            1000,
        "us");
  const std::size_t most = how.quick ? 2000 : 100000;
  std::vector<std::unique_ptr<rlbox_sandbox_bench>> alive;
  alive.reserve(most);
  const double before = resident_kib();
  while (alive.size() < most) {
    auto one = std::make_unique<rlbox_sandbox_bench>();
    if (!one->create_sandbox(false)) {
      break;
    }
    alive.push_back(std::move(one));
  }
  print("sandboxes alive at a time", static_cast<double>(alive.size()), "");
  print("resident memory of each", (resident_kib() - before) / static_cast<double>(alive.size()),
        "KiB");
}

/// Runs another build of this program, which lies beside this one.
bool run_sibling(const char* name, bool quick) {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) {
    return false;
  }
  const std::string self(path, static_cast<std::size_t>(length));
  const std::string program = self.substr(0, self.rfind('/') + 1) + name;
  const pid_t pid = fork();
  if (pid == 0) {
    execl(program.c_str(), name, quick ? "--quick" : nullptr, nullptr);
    std::perror(program.c_str());
    _exit(1);
  }
  int status = 1;
  return waitpid(pid, &status, 0) == pid && status == 0;
}

}  // namespace

int main(int argc, char** argv) {
  settings how;
  how.quick = argc == 2 && std::strcmp(argv[1], "--quick") == 0;
  if (argc > 2 || (argc == 2 && !how.quick)) {
    std::fprintf(stderr, "usage: transitions [--quick]\n");
    return 2;
  }
  rlbox_sandbox_bench sandbox;
  sandbox.create_sandbox();
  measure_calls(how, sandbox);
  measure_callbacks(how, sandbox);
  measure_memory(how, sandbox);
  measure_range(how, sandbox, 64, "64 B");
  measure_range(how, sandbox, 4096, "4 KiB");
  measure_range(how, sandbox, 1 << 20, "1 MiB");
  sandbox.destroy_sandbox();
  measure_life(how);
  if (is_default) {
    return run_sibling("transitions_single_threaded", how.quick) &&
                   run_sibling("transitions_unoptimised", how.quick)
               ? 0
               : 1;
  }
  return 0;
}
