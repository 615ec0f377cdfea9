#include "surface.h"

int use_record(const struct record* r) { return r != nullptr; }
