/* What the C sources of the WASI functions share; not installed. */
#ifndef RLBOX_WASM2C_RT_WASI_H
#define RLBOX_WASM2C_RT_WASI_H

#include <string.h>

#include "wasm2c_rt_imports.h"
#include "wasm2c_rt_minwasi.h"

#include "wasm2c_rt_internal.h"
#include "wasm2c_rt_wasi_errors.h"

typedef struct w2c_wasi__snapshot__preview1 wasi_context;

/* The symbol wasm2c gives to an import from wasi_snapshot_preview1. */
#define WASI(name) w2c_wasi__snapshot__preview1_##name

/* The host address of `length` guest bytes; a trap if they are not all in the guest's memory. */
static inline uint8_t* guest_bytes(const wasi_context* wasi, uint32_t address, uint64_t length) {
  const wasm_rt_memory_t* memory = wasi->instance_memory;
  if (memory == NULL || length > memory->size || address > memory->size - length) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS, "address given to a WASI function");
  }
  return memory->data + address;
}

static inline uint32_t load32(const uint8_t* from) {
  uint32_t value;
  memcpy(&value, from, sizeof value);
  return value;
}

static inline void store32(const wasi_context* wasi, uint32_t address, uint32_t value) {
  memcpy(guest_bytes(wasi, address, sizeof value), &value, sizeof value);
}

static inline void store64(const wasi_context* wasi, uint32_t address, uint64_t value) {
  memcpy(guest_bytes(wasi, address, sizeof value), &value, sizeof value);
}

/* The functions of WASI for a sandbox that has files. The functions with WASI's names find them
 * through the context, so that a program whose sandboxes have no files does not link them. */
struct minwasi_file_functions {
  void (*release)(struct minwasi_files*);
  uint32_t (*fd_advise)(wasi_context*, uint32_t, uint64_t, uint64_t, uint32_t);
  uint32_t (*fd_allocate)(wasi_context*, uint32_t, uint64_t, uint64_t);
  uint32_t (*fd_close)(wasi_context*, uint32_t);
  uint32_t (*fd_datasync)(wasi_context*, uint32_t);
  uint32_t (*fd_fdstat_get)(wasi_context*, uint32_t, uint32_t);
  uint32_t (*fd_fdstat_set_flags)(wasi_context*, uint32_t, uint32_t);
  uint32_t (*fd_fdstat_set_rights)(wasi_context*, uint32_t, uint64_t, uint64_t);
  uint32_t (*fd_filestat_get)(wasi_context*, uint32_t, uint32_t);
  uint32_t (*fd_filestat_set_size)(wasi_context*, uint32_t, uint64_t);
  uint32_t (*fd_filestat_set_times)(wasi_context*, uint32_t, uint64_t, uint64_t, uint32_t);
  uint32_t (*fd_pread)(wasi_context*, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
  uint32_t (*fd_prestat_dir_name)(wasi_context*, uint32_t, uint32_t, uint32_t);
  uint32_t (*fd_prestat_get)(wasi_context*, uint32_t, uint32_t);
  uint32_t (*fd_pwrite)(wasi_context*, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
  uint32_t (*fd_read)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t);
  uint32_t (*fd_readdir)(wasi_context*, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
  uint32_t (*fd_renumber)(wasi_context*, uint32_t, uint32_t);
  uint32_t (*fd_seek)(wasi_context*, uint32_t, uint64_t, uint32_t, uint32_t);
  uint32_t (*fd_sync)(wasi_context*, uint32_t);
  uint32_t (*fd_tell)(wasi_context*, uint32_t, uint32_t);
  uint32_t (*fd_write)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t);
  uint32_t (*path_create_directory)(wasi_context*, uint32_t, uint32_t, uint32_t);
  uint32_t (*path_filestat_get)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
  uint32_t (*path_filestat_set_times)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t,
                                      uint64_t, uint64_t, uint32_t);
  uint32_t (*path_link)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
                        uint32_t);
  uint32_t (*path_open)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t,
                        uint64_t, uint32_t, uint32_t);
  uint32_t (*path_readlink)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
                            uint32_t);
  uint32_t (*path_remove_directory)(wasi_context*, uint32_t, uint32_t, uint32_t);
  uint32_t (*path_rename)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t,
                          uint32_t);
  uint32_t (*path_symlink)(wasi_context*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
  uint32_t (*path_unlink_file)(wasi_context*, uint32_t, uint32_t, uint32_t);
};

/* The part of a sandbox's files that the functions with WASI's names know. */
struct minwasi_files {
  const struct minwasi_file_functions* functions;
  /* Which of the descriptors 0, 1 and 2 the guest has made stand for a file. */
  bool replaces[3];
};

#endif /* RLBOX_WASM2C_RT_WASI_H */
