#ifdef __cplusplus
extern "C" {
#endif
struct shape {
  length width;
  length height;
};
length grow(struct shape* shape, length by);
#ifdef __cplusplus
}
#endif
