#include <string>

#include "tests/rules/flags/unfriendly.h"

int cxx(int x) { return static_cast<int>(std::string(static_cast<size_t>(x), 'x').size()) + GRAPH; }
