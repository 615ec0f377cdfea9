#include "tests/files/waiter.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void say(const char* what, int result) {
  printf("%s: %s\n", what, result >= 0 ? "done" : errno == ENOTSUP ? "ENOTSUP" : "another error");
}

void wait_in_all_ways(void) {
  const struct timespec second = {1, 0};
  printf("sleep: %u\n", sleep(1));
  say("usleep", usleep(1000));
  say("nanosleep", nanosleep(&second, NULL));
  struct pollfd input = {0, POLLIN, 0};
  say("poll", poll(&input, 1, 1000));
  fd_set set;
  FD_ZERO(&set);
  FD_SET(0, &set);
  struct timeval time = {1, 0};
  say("select", select(1, &set, NULL, NULL, &time));
}

void describe_streams(void) {
  struct stat info = {0};
  printf("output: %d %d\n", fstat(1, &info), S_ISCHR(info.st_mode) != 0);
  printf("other: %d %d\n", fstat(3, &info), errno == EBADF);
  printf("sync: %d\n", fsync(1));
}

int sleep_often(int times) {
  int woken = 0;
  for (int i = 0; i < times; i++) {
    woken += sleep(1) != 12345;
  }
  return woken;
}
