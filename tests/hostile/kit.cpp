// Runs one behaviour: `PROGRAM ID abort|survive`. `PROGRAM --list` prints id, title and
// expectations.
#include "tests/hostile/box.hpp"

#include <csignal>
#include <exception>

#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hostile {

namespace {

constexpr unsigned char pattern = 0xA7;

struct canary {
  const char* where;
  const volatile unsigned char* bytes;
  std::size_t size;
};
canary placed[80];
std::size_t placed_count = 0;
volatile bool leaving = false;

void place(const char* where, void* bytes, std::size_t size) {
  std::memset(bytes, pattern, size);
  placed[placed_count++] = {where, static_cast<unsigned char*>(bytes), size};
}

unsigned char of_the_program[16384];
sem_t thread_is_ready;

void* sleep_on_a_canary(void*) {
  unsigned char of_the_thread[65536];
  place("another thread's stack", of_the_thread, sizeof of_the_thread);
  sem_post(&thread_is_ready);
  while (!leaving) {
    sleep(1000);
  }
  return nullptr;
}

box_type& bystander() {
  static box_type& sandbox = *new box_type;
  return sandbox;
}

void say(const char* text) {
  const auto written = write(STDERR_FILENO, text, std::strlen(text));
  static_cast<void>(written);
}

void say_canaries() {
  const char* const changed = changed_canary();
  say("canaries: ");
  say(changed != nullptr ? changed : "intact");
  say("\n");
}

// The process ends as it would, with a word on the canaries before.
void on_abort(int) { say_canaries(); }

int list() {
  for (const behaviour& one : behaviours()) {
    std::printf("%s\t%s\t%s\t%s\n", one.id, one.title, one.expected.with_abort,
                one.expected.with_survive);
  }
  return 0;
}

std::string run(kit& k, const behaviour& one) {
#if defined(RLBOX_USE_EXCEPTIONS)
  try {
    one.body(k);
  } catch (const rlbox_wasm2c_trap_error& error) {
    k.require(error.reason() != RLBOX_WASM2C_TRAP_NONE, "the error has a reason", __LINE__);
    k.require(k.survive, "a trap is an exception under survive only", __LINE__);
    k.require(k.trapped(), "a sandbox that trapped says so", __LINE__);
  } catch (const std::exception& error) {
    return std::string("refused: ") + error.what();
  }
#else
  one.body(k);
#endif
  if (k.trapped()) {
    // "sandbox NAME: REASON: ...": the report begins with the name.
    const std::string message = k.trap_message();
    const std::size_t name = message.find(": ");
    k.require(message.rfind("sandbox ", 0) == 0 && name != std::string::npos, "a report", __LINE__);
    return "trap: " + message.substr(name + 2);
  }
  return "harmless";
}

}  // namespace

std::vector<behaviour>& behaviours() {
  static std::vector<behaviour> all;
  return all;
}

void place_canaries() {
  static const char* const sizes = "the heap";
  for (std::size_t size = 16; size <= 262144; size *= 2) {
    place(sizes, std::malloc(size), size);
    place(sizes, std::malloc(size + 8), size + 8);
  }
  place("the program's data", of_the_program, sizeof of_the_program);
  void* const page =
      mmap(nullptr, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  place("a mapping", page, 65536);
  sem_init(&thread_is_ready, 0, 0);
  pthread_t thread;
  pthread_create(&thread, nullptr, sleep_on_a_canary, nullptr);
  pthread_detach(thread);
  sem_wait(&thread_is_ready);
  bystander().create_sandbox(true, nullptr, "bystander");
  const auto memory = bystander().malloc_in_sandbox<char>(4096);
  place("another sandbox",
        memory.unverified_safe_pointer_because(4096, "a canary: its bytes are only compared"),
        4096);
}

const char* changed_canary() {
  for (std::size_t i = 0; i < placed_count; ++i) {
    for (std::size_t at = 0; at < placed[i].size; ++at) {
      if (placed[i].bytes[at] != pattern) {
        return placed[i].where;
      }
    }
  }
  return nullptr;
}

bool kit::trapped() {
  for (const auto& one : boxes) {
    if (one->has_trapped()) {
      return true;
    }
  }
  return false;
}

std::string kit::trap_message() {
  for (const auto& one : boxes) {
    if (one->has_trapped()) {
      return one->message();
    }
  }
  return "";
}

bool kit::all_start_again() {
  bool ok = true;
  for (const auto& one : boxes) {
    ok = one->starts_again() && ok;
  }
  return ok;
}

void kit::require(bool ok, const char* what, int line) {
  if (!ok) {
    failed = true;
    std::fprintf(stderr, "required: %s (line %d)\n", what, line);
  }
}

}  // namespace hostile

int main(int argc, char** argv) {
  using namespace hostile;
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    return list();
  }
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s --list | ID abort|survive\n", argv[0]);
    return 2;
  }
  for (const behaviour& one : behaviours()) {
    if (std::strcmp(one.id, argv[1]) != 0) {
      continue;
    }
    std::signal(SIGABRT, on_abort);
    place_canaries();
    kit k;
    k.survive = std::strcmp(argv[2], "survive") == 0;
    k.options.name = "attacker";
    k.options.traps =
        k.survive ? rlbox_wasm2c_trap_policy::survive : rlbox_wasm2c_trap_policy::abort;
    const std::string outcome = run(k, one);
    k.require(k.all_start_again(), "the application goes on with a fresh sandbox", __LINE__);
    k.require(bystander().invoke_sandbox_function(add, 2U, 3U).copy_and_verify(as_it_is) == 5,
              "another sandbox still works", __LINE__);
    say_canaries();
    std::fprintf(stderr, "outcome: %s\n", outcome.c_str());
    std::fflush(nullptr);
    _exit(k.failed ? 3 : 0);
  }
  std::fprintf(stderr, "no behaviour is called %s\n", argv[1]);
  return 2;
}
