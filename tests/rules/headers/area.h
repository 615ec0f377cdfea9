/* It does not say to C++ that these are C functions. */
int area(const struct shape* shape);
void describe(const struct shape* shape, FILE* file);
