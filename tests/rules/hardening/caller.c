#include "tests/rules/hardening/caller.h"

void call(void (*callback)(int number), int number) { callback(number); }
