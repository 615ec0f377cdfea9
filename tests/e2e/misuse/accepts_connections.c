#include <stddef.h>
#include <sys/socket.h>

#include "lib.h"

int answer(void) { return accept(3, NULL, NULL); }
