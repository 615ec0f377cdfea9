/* What the C sources of the WASI functions share; not installed. */
#ifndef RLBOX_WASM2C_RT_WASI_H
#define RLBOX_WASM2C_RT_WASI_H

#include "wasm2c_rt_imports.h"
#include "wasm2c_rt_minwasi.h"

typedef struct w2c_wasi__snapshot__preview1 wasi_context;

/* The symbol wasm2c gives to an import from wasi_snapshot_preview1. */
#define WASI(name) w2c_wasi__snapshot__preview1_##name

/* WASI's error numbers, as in the table of snapshot preview 1. */
enum {
  WASI_SUCCESS = 0,
  WASI_BADF = 8,
  WASI_INVAL = 28,
  WASI_IO = 29,
  WASI_NOSYS = 52,
  WASI_PERM = 63,
  WASI_SPIPE = 70
};

#endif /* RLBOX_WASM2C_RT_WASI_H */
