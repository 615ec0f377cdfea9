/*
 * What a module may import, with the types that the runtime gives it.
 *
 * Generated code declares each import with the type that the module states, and the linker joins it
 * with the runtime's function by its name alone. This header stands in front of the generated code
 * and in front of the runtime's functions, so that the compiler compares all three: a module that
 * states another type does not compile.
 *
 * In front of generated code it also puts the runtime's exceptions, has `unreachable` say which
 * function it is in, sees what all options of the command line come to
 * (rlbox_internal/wasm2c/settings.h), and lets clang drop reads whose values nothing uses.
 */
/* No include guard: a macro of the command line could be the guard, and all of this may be
 * repeated. */
#include <stdint.h>

#include "rlbox_internal/wasm2c/settings.h"
#include "wasm-rt.h"
#include "rlbox_internal/wasm2c/exceptions.h"

#ifdef __cplusplus
extern "C" {
#endif

struct w2c_env;
struct w2c_wasi__snapshot__preview1;

/* Where the linker found a call with another type than the function has, it has made a function of
 * an `unreachable` alone, whose name says which function was meant. */
#undef wasm_rt_trap
#define wasm_rt_trap(code)                                                      \
  ((code) == WASM_RT_TRAP_UNREACHABLE ? rlbox_wasm2c_trap_unreachable(__func__) \
                                      : wasm_rt_trap(code))

/* ---- env: the memory and the table */
wasm_rt_memory_t* w2c_env_memory(struct w2c_env*);
wasm_rt_funcref_table_t* w2c_env_0x5F_indirect_function_table(struct w2c_env*);

/* ---- wasi_snapshot_preview1 */
/* clang-format off */
uint32_t w2c_wasi__snapshot__preview1_args_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_args_sizes_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_clock_res_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_clock_time_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_environ_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_environ_sizes_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_advise(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_allocate(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t, uint64_t);
uint32_t w2c_wasi__snapshot__preview1_fd_close(struct w2c_wasi__snapshot__preview1*, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_datasync(struct w2c_wasi__snapshot__preview1*, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_fdstat_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_fdstat_set_flags(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_fdstat_set_rights(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t, uint64_t);
uint32_t w2c_wasi__snapshot__preview1_fd_filestat_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_filestat_set_size(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t);
uint32_t w2c_wasi__snapshot__preview1_fd_filestat_set_times(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_pread(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_prestat_dir_name(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_prestat_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_pwrite(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_read(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_readdir(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_renumber(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_seek(struct w2c_wasi__snapshot__preview1*, uint32_t, uint64_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_sync(struct w2c_wasi__snapshot__preview1*, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_tell(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_fd_write(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_create_directory(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_filestat_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_filestat_set_times(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_link(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_open(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_readlink(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_remove_directory(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_rename(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_symlink(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_path_unlink_file(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_poll_oneoff(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_proc_raise(struct w2c_wasi__snapshot__preview1*, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_random_get(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_sched_yield(struct w2c_wasi__snapshot__preview1*);
uint32_t w2c_wasi__snapshot__preview1_sock_accept(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_sock_recv(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_sock_send(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);
uint32_t w2c_wasi__snapshot__preview1_sock_shutdown(struct w2c_wasi__snapshot__preview1*, uint32_t, uint32_t);
void w2c_wasi__snapshot__preview1_proc_exit(struct w2c_wasi__snapshot__preview1*, uint32_t);
/* clang-format on */

#ifdef __cplusplus
}
#endif

/* A read that is forced to happen is an asm statement, and clang vectorises no loop with one. A
 * read that does not happen cannot leave the memory, so nothing that isolation rests on changes:
 * the library only misses the trap of a wild read whose value it does not use. gcc compiles slower
 * code then (docs/performance.md), and keeps every read. */
#ifdef __clang__
#define RLBOX_WASM2C_DROPS_READS
#undef WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION
#define WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION 1
#endif
