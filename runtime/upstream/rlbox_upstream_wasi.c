/*
 * fd_fdstat_get for sandboxes of the RLBox project's own plugin, whose function of that name fails.
 * The guest's C library then takes standard output for a file and keeps what the library prints
 * until the sandbox is destroyed. The generated C calls this one instead.
 */
#include <stdint.h>
#include <string.h>

#include "wasm-rt.h"
#include "wasm2c_rt_minwasi.h"

uint32_t rlbox_upstream_fd_fdstat_get(struct w2c_wasi__snapshot__preview1* wasi, uint32_t fd,
                                      uint32_t out);

uint32_t rlbox_upstream_fd_fdstat_get(struct w2c_wasi__snapshot__preview1* wasi, uint32_t fd,
                                      uint32_t out) {
  const uint32_t bad_descriptor = 8;
  /* A character device without the rights to seek and tell: the guest's libc then buffers by line.
   */
  const uint8_t character_device = 2;
  const uint64_t right_to_read = UINT64_C(1) << 1;
  const uint64_t right_to_write = UINT64_C(1) << 6;
  if (fd > 2) {
    return bad_descriptor;
  }
  uint8_t record[24] = {character_device};
  wasm_rt_memory_t* memory = wasi->instance_memory;
  if (memory->size < sizeof record || out > memory->size - sizeof record) {
    wasm_rt_trap(WASM_RT_TRAP_OOB);
  }
  uint64_t rights = fd == 0 ? right_to_read : right_to_write;
  memcpy(record + 8, &rights, sizeof rights);
  memcpy(memory->data + out, record, sizeof record);
  return 0;
}
