int add_one(int x) { return x + 1; }
int negate_it(int x) { return -x; }
