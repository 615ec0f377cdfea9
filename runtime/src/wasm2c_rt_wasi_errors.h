/* The error numbers of WASI that the runtime gives; not installed. */
#ifndef RLBOX_WASM2C_RT_WASI_ERRORS_H
#define RLBOX_WASM2C_RT_WASI_ERRORS_H

/* As in the table of snapshot preview 1. */
enum {
  WASI_SUCCESS = 0,
  WASI_BADF = 8,
  WASI_BUSY = 10,
  WASI_EXIST = 20,
  WASI_FBIG = 22,
  WASI_INVAL = 28,
  WASI_IO = 29,
  WASI_ISDIR = 31,
  WASI_MFILE = 33,
  WASI_NAMETOOLONG = 37,
  WASI_NOENT = 44,
  WASI_NOSPC = 51,
  WASI_NOSYS = 52,
  WASI_NOTDIR = 54,
  WASI_NOTEMPTY = 55,
  WASI_NOTSUP = 58,
  WASI_PERM = 63,
  WASI_ROFS = 69,
  WASI_SPIPE = 70,
  WASI_NOTCAPABLE = 76
};

#endif /* RLBOX_WASM2C_RT_WASI_ERRORS_H */
