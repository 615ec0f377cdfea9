/* WASI functions that a sandbox does not get: files, directories, sockets, signals. Each fails with
 * errno nosys. */
#include "wasm2c_rt_wasi.h"

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif

typedef uint32_t u32;
typedef uint64_t u64;

/* Generated code links these by name only, so the parameter lists have to be WASI's. */
#define DENIED(name, ...) \
  u32 WASI(name)(wasi_context * wasi, __VA_ARGS__) { return WASI_NOSYS; }

DENIED(fd_advise, u32 a, u64 b, u64 c, u32 d)
DENIED(fd_allocate, u32 a, u64 b, u64 c)
DENIED(fd_datasync, u32 a)
DENIED(fd_fdstat_set_flags, u32 a, u32 b)
DENIED(fd_fdstat_set_rights, u32 a, u64 b, u64 c)
DENIED(fd_filestat_get, u32 a, u32 b)
DENIED(fd_filestat_set_size, u32 a, u64 b)
DENIED(fd_filestat_set_times, u32 a, u64 b, u64 c, u32 d)
DENIED(fd_pread, u32 a, u32 b, u32 c, u64 d, u32 e)
DENIED(fd_prestat_dir_name, u32 a, u32 b, u32 c)
DENIED(fd_pwrite, u32 a, u32 b, u32 c, u64 d, u32 e)
DENIED(fd_readdir, u32 a, u32 b, u32 c, u64 d, u32 e)
DENIED(fd_renumber, u32 a, u32 b)
DENIED(fd_sync, u32 a)
DENIED(path_create_directory, u32 a, u32 b, u32 c)
DENIED(path_filestat_get, u32 a, u32 b, u32 c, u32 d, u32 e)
DENIED(path_filestat_set_times, u32 a, u32 b, u32 c, u32 d, u64 e, u64 f, u32 g)
DENIED(path_link, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f, u32 g)
DENIED(path_open, u32 a, u32 b, u32 c, u32 d, u32 e, u64 f, u64 g, u32 h, u32 i)
DENIED(path_readlink, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
DENIED(path_remove_directory, u32 a, u32 b, u32 c)
DENIED(path_rename, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
DENIED(path_symlink, u32 a, u32 b, u32 c, u32 d, u32 e)
DENIED(path_unlink_file, u32 a, u32 b, u32 c)
DENIED(poll_oneoff, u32 a, u32 b, u32 c, u32 d)
DENIED(proc_raise, u32 a)
DENIED(sock_accept, u32 a, u32 b, u32 c)
DENIED(sock_recv, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
DENIED(sock_send, u32 a, u32 b, u32 c, u32 d, u32 e)
DENIED(sock_shutdown, u32 a, u32 b)
