/*
 * The standard streams of a guest, as the embedder sets them. Needs nothing of wasm2c, so that a
 * program for the noop backend compiles with it.
 */
#ifndef RLBOX_INTERNAL_WASM2C_STREAMS_H
#define RLBOX_INTERNAL_WASM2C_STREAMS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What happens when the guest uses a descriptor. */
typedef enum minwasi_fd_mode {
  MINWASI_FD_DEFAULT = 0, /**< stdin: deny; stdout and stderr: allow */
  MINWASI_FD_ALLOW,       /**< the host's stream of the same number */
  MINWASI_FD_DENY,        /**< as if the descriptor were closed: errno 8 (badf) */
  MINWASI_FD_REDIRECT     /**< the functions below */
} minwasi_fd_mode;

/** The policy for one descriptor. Zero-initialised is the default. */
struct minwasi_fd_policy {
  /** What happens. */
  minwasi_fd_mode mode;
  /**
   * Redirected output. `data` is `size` untrusted bytes in the sandbox's memory, valid during the
   * call. Returns a WASI errno, 0 for success.
   */
  uint32_t (*write)(void* context, uint32_t fd, const void* data, size_t size);
  /** Redirected input: fills at most `capacity` bytes and returns how many; 0 is the end of the
   * input. */
  size_t (*read)(void* context, uint32_t fd, void* data, size_t capacity);
  /** Given to `write` and `read`. */
  void* context;
};

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_INTERNAL_WASM2C_STREAMS_H */
