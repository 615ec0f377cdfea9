#include "lib.h"

typedef unsigned long thread;
int thrd_create(thread*, int (*)(void*), void*);

static int body(void* argument) { return argument != 0; }

int answer(void) {
  thread t;
  return thrd_create(&t, body, 0);
}
