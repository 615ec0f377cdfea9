#include "tests/rules/prototypes/disagrees.h"

int add_one();
long long negate_it(long long x);

int old_style(int x) { return add_one(x); }
int wide(int x, int really) { return really ? (int)negate_it(x) : x; }
