/*
 * The WASI functions a sandbox gets: no files of the host, no network, no way to end the process.
 *
 * Standard output and standard error go to the host's streams, standard input is closed, and each
 * of the three can be allowed, denied or handed to a function of the embedder. Clocks and random
 * bytes come from the system. Functions for files know those in memory that the embedder gives
 * (wasm2c_rt_files.h), or fail; every other function fails with WASI's errno 52 (nosys). exit() in
 * the guest is a trap.
 */
#ifndef RLBOX_WASM2C_RT_MINWASI_H
#define RLBOX_WASM2C_RT_MINWASI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlbox_internal/wasm2c/settings.h"
#include "rlbox_internal/wasm2c/streams.h"
#include "wasm-rt.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Files in memory: wasm2c_rt_files.h. */
struct minwasi_files;

/** The import module `wasi_snapshot_preview1`. Zero-initialised: no arguments, no environment,
 * default policy. */
struct w2c_wasi__snapshot__preview1 {
  /** The guest's memory. */
  wasm_rt_memory_t* instance_memory;
  /** Number of arguments of the program. */
  uint32_t main_argc;
  /** The arguments, main_argv[0] being the program's name. */
  const char** main_argv;
  /** Number of environment entries. */
  uint32_t env_count;
  /** The entries, of the form NAME=value. */
  const char** env;
  /** Unused; present for source compatibility. */
  void* clock_data;
  /** Policies of the descriptors 0, 1 and 2. */
  struct minwasi_fd_policy fd[3];
  /** Most bytes that the guest may write; 0: no limit. */
  uint64_t output_limit;
  /** Bytes that the guest has written. */
  uint64_t written;
  /** The guest's files; null: none, so that every function for files fails. */
  struct minwasi_files* files;
};

/** Prepares the WASI functions; once per process, any number of calls. */
bool minwasi_init(void);

/** Prepares a context whose settings may have been filled in already. */
bool minwasi_init_instance(struct w2c_wasi__snapshot__preview1* wasi);

/** Releases what minwasi_init_instance took, and the files. */
void minwasi_cleanup_instance(struct w2c_wasi__snapshot__preview1* wasi);

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_WASM2C_RT_MINWASI_H */
