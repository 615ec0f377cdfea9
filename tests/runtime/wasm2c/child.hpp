#ifndef RLBOX_TESTS_CHILD_HPP_
#define RLBOX_TESTS_CHILD_HPP_
// Runs a piece of code in a child process and tells how that ended and what it wrote.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

struct child_result {
  std::string output;  // stdout and stderr together, in the order in which they arrived
  int signal = 0;      // that ended it, or 0
  int status = -1;     // exit status, or -1
  bool printed(const char* text) const { return output.find(text) != std::string::npos; }
};

template <typename F>
child_result run_child(F&& body) {
  child_result result;
  int ends[2];
  std::fflush(nullptr);
  if (pipe(ends) != 0) {
    std::abort();
  }
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    close(ends[0]);
    close(ends[1]);
    body();
    std::fflush(nullptr);
    _exit(0);
  }
  close(ends[1]);
  char buffer[4096];
  for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;) {
    result.output.append(buffer, static_cast<std::size_t>(count));
  }
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

#endif
