/* A callback whose frame is larger than what is left of its thread's stack: does it end in a fault
 * at the guard page, or does it write to what lies below? The one argument says which is expected:
 * `fault` or `overwritten`. */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "caller.rlbox.h"

static constexpr size_t kFrame = size_t{1} << 20;
static constexpr size_t kStack = size_t{1} << 18;
static constexpr size_t kNeighbour = 2 * kFrame;

/* As a function with a big buffer that it uses from the beginning. */
__attribute__((noinline)) static void on_call(rlbox_sandbox_caller&, tainted_caller<int> number) {
  volatile char frame[kFrame];
  frame[0] =
      static_cast<char>(number.copy_and_verify([](int value) { return value == 7 ? 7 : 1; }));
  (void)frame[0];
}

static void* thread(void*) {
  rlbox_sandbox_caller sandbox;
  sandbox.create_sandbox();
  auto callback = sandbox.register_callback(on_call);
  sandbox.invoke_sandbox_function(call, callback, 7);
  callback.unregister();
  sandbox.destroy_sandbox();
  return nullptr;
}

/* Runs the thread on a stack with a guard page, right above the neighbour's memory. */
static int child(char* memory, size_t page) {
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  pthread_attr_t attributes;
  pthread_t id;
  const bool started =
      mprotect(memory + kNeighbour, page, PROT_NONE) == 0 && pthread_attr_init(&attributes) == 0 &&
      pthread_attr_setstack(&attributes, memory + kNeighbour + page, kStack) == 0 &&
      pthread_create(&id, &attributes, thread, nullptr) == 0;
  return started && pthread_join(id, nullptr) == 0 ? 0 : 1;
}

static const char* result() {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* shared = mmap(nullptr, kNeighbour + page + kStack, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    return "no memory";
  }
  char* memory = static_cast<char*>(shared);
  const pid_t process = fork();
  if (process == 0) {
    _exit(child(memory, page));
  }
  int status = 0;
  if (process < 0 || waitpid(process, &status, 0) != process) {
    return "no process";
  }
  for (size_t i = 0; i < kNeighbour; i++) {
    if (memory[i] != 0) {
      return "overwritten";
    }
  }
  return WIFSIGNALED(status) ? "fault" : "neither";
}

int main(int, char** arguments) {
  const char* found = result();
  std::printf("%s\n", found);
  return arguments[1] != nullptr && std::strcmp(found, arguments[1]) == 0 ? 0 : 1;
}
