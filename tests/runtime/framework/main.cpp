#include "test_config.hpp"

HARNESS_MAIN()
