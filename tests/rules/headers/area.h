#ifdef __cplusplus
extern "C" {
#endif
int area(const struct shape* shape);
void describe(const struct shape* shape, FILE* file);
#ifdef __cplusplus
}
#endif
