/*
 * A stand-in for a file of the RLBox project's wasm2c plugin: the functions that the tests' modules
 * import. As there, fd_fdstat_get and everything else that is not about output fails.
 */
#include "wasm2c_rt_minwasi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WASI(name) w2c_wasi__snapshot__preview1_##name
typedef struct w2c_wasi__snapshot__preview1 wasi_context;

enum { SUCCESS = 0, BADF = 8, NOSYS = 53 };

bool minwasi_init(void) { return true; }

bool minwasi_init_instance(wasi_context* wasi) {
  wasi->clock_data = NULL;
  return true;
}

void minwasi_cleanup_instance(wasi_context* wasi) { wasi->instance_memory = NULL; }

static uint8_t* guest(wasi_context* wasi, uint32_t address, uint64_t size) {
  if (address + size > wasi->instance_memory->size) wasm_rt_trap(WASM_RT_TRAP_OOB);
  return wasi->instance_memory->data + address;
}

uint32_t WASI(fd_write)(wasi_context* wasi, uint32_t fd, uint32_t iov, uint32_t count,
                        uint32_t out) {
  if (fd != 1 && fd != 2) return BADF;
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t piece[2];
    memcpy(piece, guest(wasi, iov + 8 * i, 8), 8);
    total +=
        (uint32_t)fwrite(guest(wasi, piece[0], piece[1]), 1, piece[1], fd == 1 ? stdout : stderr);
  }
  memcpy(guest(wasi, out, 4), &total, 4);
  return SUCCESS;
}

void WASI(proc_exit)(wasi_context* wasi, uint32_t code) {
  (void)wasi;
  exit((int)code);
}

#define FAILS(name, ...)                                  \
  uint32_t WASI(name)(wasi_context * wasi, __VA_ARGS__);  \
  uint32_t WASI(name)(wasi_context * wasi, __VA_ARGS__) { \
    (void)wasi;                                           \
    return NOSYS;                                         \
  }

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif
FAILS(fd_close, uint32_t a)
FAILS(fd_fdstat_get, uint32_t a, uint32_t b)
FAILS(fd_seek, uint32_t a, uint64_t b, uint32_t c, uint32_t d)
