/* A stand-in for a file of the RLBox project's wasm2c plugin: the import module
 * wasi_snapshot_preview1. */
#ifndef STAND_IN_WASM2C_RT_MINWASI_H
#define STAND_IN_WASM2C_RT_MINWASI_H

#include <stdbool.h>
#include <stdint.h>

#include "wasm-rt.h"

#ifdef __cplusplus
extern "C" {
#endif

struct w2c_wasi__snapshot__preview1 {
  wasm_rt_memory_t* instance_memory;
  uint32_t main_argc;
  const char** main_argv;
  uint32_t env_count;
  const char** env;
  void* clock_data;
};

bool minwasi_init(void);
bool minwasi_init_instance(struct w2c_wasi__snapshot__preview1* wasi);
void minwasi_cleanup_instance(struct w2c_wasi__snapshot__preview1* wasi);

#ifdef __cplusplus
}
#endif

#endif
