// Settings

// expect: RLBox needs C++17: build with --cxxopt=-std=c++17, or give the target that includes this
// flags: -std=c++14
#ifdef MISUSE_old_language
// a target without copts = ["-std=c++17"]
#else
// a target with copts = ["-std=c++17"], or newer
#endif
#include "rlbox_helpers.hpp"
