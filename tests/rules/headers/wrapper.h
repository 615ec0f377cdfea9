#include <stdio.h>

#include "units.h"

#include "shape.h"

static inline length doubled(length value) { return 2 * value; }
