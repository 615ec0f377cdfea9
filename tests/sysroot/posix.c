#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "tests/sysroot/one_thread.h"

static volatile sig_atomic_t got;
static void on_signal(int number) { got = number; }

static const char* yes(int value) { return value ? "yes" : "no"; }

/* What the system is asked for besides files, and what malloc says to sizes that it does not have.
 */
void use_memory(void) {
  signal(SIGUSR1, on_signal);
  raise(SIGUSR1);
  printf("signal: %s\n", yes(got == SIGUSR1));

  size_t bytes = 100000;
  unsigned char* pages =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  printf("mapped: %s, zero: %s, on a page: %s\n", yes(pages != MAP_FAILED),
         yes(pages[bytes - 1] == 0), yes((uintptr_t)pages % (uintptr_t)sysconf(_SC_PAGESIZE) == 0));
  pages[bytes - 1] = 1;
  printf("unmapped: %d\n", munmap(pages, bytes));
  errno = 0;
  printf("no size: %s",
         yes(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED));
  printf(" %s\n", yes(errno == EINVAL));

  unsigned char random[600];
  memset(random, 0, sizeof random);
  printf("random: %d, flags: %d", (int)getrandom(random, sizeof random, 0),
         (int)getrandom(random, 1, 1u << 20));
  printf(" %s\n", yes(errno == EINVAL));
  int sum = 0;
  for (size_t i = sizeof random - 40; i < sizeof random; ++i) {
    sum |= random[i];
  }
  printf("to the end: %s, entropy: %d\n", yes(sum != 0), getentropy(random, 256));

  struct tms spent;
  struct rusage usage;
  printf("process: %s, clocks: %s %s %s\n", yes(getpid() > 1), yes(clock() != (clock_t)-1),
         yes(times(&spent) != (clock_t)-1), yes(getrusage(RUSAGE_SELF, &usage) == 0));

  /* As large as a size can be, on both sides: half a size is more than any allocator gives. */
  volatile size_t huge = (size_t)-1;
  for (int shift = 0; shift < 2; ++shift) {
    void* volatile none = malloc(huge >> shift);
    printf("malloc: %s", yes(none == NULL));
    void* some = malloc(10);
    none = realloc(some, (huge >> shift) - 9);
    printf(" realloc: %s", yes(none == NULL));
    free(none == NULL ? some : none);
    none = calloc(huge >> shift, 2);
    printf(" calloc: %s\n", yes(none == NULL));
  }
  void* aligned = NULL;
  printf("aligned: %d %s\n", posix_memalign(&aligned, 4096, 10),
         yes((uintptr_t)aligned % 4096 == 0));
  free(aligned);
  printf("wrong alignment: %s\n", yes(posix_memalign(&aligned, 3, 10) == EINVAL));
}
