#include "lib.h"

int socket(int domain, int type, int protocol);

int answer(void) { return socket(2, 1, 0); }
