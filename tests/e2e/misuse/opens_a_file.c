#include <fcntl.h>

#include "lib.h"

static int load_config(void) { return open("/etc/passwd", O_RDONLY); }

int answer(void) { return load_config(); }
