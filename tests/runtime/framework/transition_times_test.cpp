// Timing of transitions: docs/contract.md, "Hooks and times", and T1.
#include "test_config.hpp"

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#define RLBOX_MEASURE_TRANSITION_TIMES
#include "rlbox_noop_sandbox.hpp"

#include "rlbox.hpp"

#include "library.h"

#include <thread>

using S = rlbox::rlbox_noop_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;
using rlbox::tainted;

TEST_CASE("ten invocations give ten entries and a positive total") {
  Sandbox sandbox;
  sandbox.create_sandbox();
  for (int i = 0; i < 10; i++) {
    sandbox.invoke_sandbox_function(library_add, i, i);
  }
  std::vector<rlbox::rlbox_transition_timing>& times = sandbox.process_and_get_transition_times();
  REQUIRE(times.size() == 10);
  std::int64_t sum = 0;
  for (auto& entry : times) {
    CHECK(entry.invoke == rlbox::rlbox_transition::INVOKE);
    CHECK(std::string(entry.name) == "library_add");
    CHECK(entry.ptr == reinterpret_cast<void*>(&library_add));
    CHECK(entry.to_string().find("library_add") != std::string::npos);
    sum += entry.time;
  }
  CHECK(sum > 0);
  CHECK(sandbox.get_total_ns_time_in_sandbox_and_transitions() == sum);
  sandbox.clear_transition_times();
  CHECK(sandbox.process_and_get_transition_times().empty());
  CHECK(sandbox.get_total_ns_time_in_sandbox_and_transitions() == 0);
}

TEST_CASE("time in callbacks is not time in the sandbox") {
  Sandbox sandbox;
  sandbox.create_sandbox();
  auto callback = sandbox.register_callback(
      +[](Sandbox&, tainted<int, S> value, tainted<void*, S>) { return value; });
  sandbox.invoke_sandbox_function(library_call, callback, 1, nullptr);
  auto& times = sandbox.process_and_get_transition_times();
  REQUIRE(times.size() == 2);
  CHECK(times[0].invoke == rlbox::rlbox_transition::CALLBACK);
  CHECK(times[0].name == nullptr);
  CHECK(times[0].to_string().find("callback") != std::string::npos);
  CHECK(times[1].invoke == rlbox::rlbox_transition::INVOKE);
  CHECK(sandbox.get_total_ns_time_in_sandbox_and_transitions() == times[1].time - times[0].time);
}

TEST_CASE("T1: the log is locked") {
  Sandbox sandbox;
  sandbox.create_sandbox();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&sandbox] {
      for (int i = 0; i < 500; i++) {
        sandbox.invoke_sandbox_function(library_add, i, i);
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(sandbox.process_and_get_transition_times().size() == 2000);
}

HARNESS_MAIN()
