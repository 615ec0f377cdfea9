/* WASI functions for files, which a sandbox has if the embedder gives it some, and for sockets and
 * signals, which no sandbox has. Without, each fails with errno nosys. */
#include "wasm2c_rt_wasi.h"

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif

typedef uint32_t u32;
typedef uint64_t u64;

/* Generated code links these by name only, so the parameter lists have to be WASI's. */
#define DENIED(name, ...) \
  u32 WASI(name)(wasi_context * wasi, __VA_ARGS__) { return WASI_NOSYS; }
#define UNPACKED(...) __VA_ARGS__
#define FILES(name, arguments, ...)                                                      \
  u32 WASI(name)(wasi_context * wasi, __VA_ARGS__) {                                     \
    return wasi->files == NULL ? (u32)WASI_NOSYS                                         \
                               : wasi->files->functions->name(wasi, UNPACKED arguments); \
  }

FILES(fd_advise, (a, b, c, d), u32 a, u64 b, u64 c, u32 d)
FILES(fd_allocate, (a, b, c), u32 a, u64 b, u64 c)
FILES(fd_datasync, (a), u32 a)
FILES(fd_fdstat_set_flags, (a, b), u32 a, u32 b)
FILES(fd_fdstat_set_rights, (a, b, c), u32 a, u64 b, u64 c)
FILES(fd_filestat_get, (a, b), u32 a, u32 b)
FILES(fd_filestat_set_size, (a, b), u32 a, u64 b)
FILES(fd_filestat_set_times, (a, b, c, d), u32 a, u64 b, u64 c, u32 d)
FILES(fd_pread, (a, b, c, d, e), u32 a, u32 b, u32 c, u64 d, u32 e)
FILES(fd_prestat_dir_name, (a, b, c), u32 a, u32 b, u32 c)
FILES(fd_pwrite, (a, b, c, d, e), u32 a, u32 b, u32 c, u64 d, u32 e)
FILES(fd_readdir, (a, b, c, d, e), u32 a, u32 b, u32 c, u64 d, u32 e)
FILES(fd_renumber, (a, b), u32 a, u32 b)
FILES(fd_sync, (a), u32 a)
FILES(path_create_directory, (a, b, c), u32 a, u32 b, u32 c)
FILES(path_filestat_get, (a, b, c, d, e), u32 a, u32 b, u32 c, u32 d, u32 e)
FILES(path_filestat_set_times, (a, b, c, d, e, f, g), u32 a, u32 b, u32 c, u32 d, u64 e, u64 f,
      u32 g)
FILES(path_link, (a, b, c, d, e, f, g), u32 a, u32 b, u32 c, u32 d, u32 e, u32 f, u32 g)
FILES(path_open, (a, b, c, d, e, f, g, h, i), u32 a, u32 b, u32 c, u32 d, u32 e, u64 f, u64 g,
      u32 h, u32 i)
FILES(path_readlink, (a, b, c, d, e, f), u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
FILES(path_remove_directory, (a, b, c), u32 a, u32 b, u32 c)
FILES(path_rename, (a, b, c, d, e, f), u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
FILES(path_symlink, (a, b, c, d, e), u32 a, u32 b, u32 c, u32 d, u32 e)
FILES(path_unlink_file, (a, b, c), u32 a, u32 b, u32 c)
DENIED(poll_oneoff, u32 a, u32 b, u32 c, u32 d)
DENIED(proc_raise, u32 a)
DENIED(sock_accept, u32 a, u32 b, u32 c)
DENIED(sock_recv, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
DENIED(sock_send, u32 a, u32 b, u32 c, u32 d, u32 e)
DENIED(sock_shutdown, u32 a, u32 b)
