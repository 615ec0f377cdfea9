/*
 * Answers to a library's calls for files in a sandbox without files, as part of its module.
 *
 * The C library implements open(), stat(), readdir() and their kin with functions that a module
 * imports from WASI. These definitions stand for those imports: the module then imports nothing
 * for files, so there is nothing outside that the library could call. What the library sees is a
 * system without folders, on which only the standard streams are open. open() fails with ENOENT
 * before it gets here; functions for descriptors fail with EBADF.
 *
 * Each definition is weak: a library with answers of its own keeps its own. Linked only where
 * something calls one. A module with `files = True` is linked without this file.
 */
#pragma clang diagnostic ignored "-Wunused-parameter"

typedef unsigned u32;
typedef unsigned long long u64;

enum { success = 0, bad_descriptor = 8, not_supported = 58, cannot_seek = 70 };
enum { last_stream = 2, character_device = 2 };

/* A function of WASI that answers a standard stream with `answer`. No other descriptor is open, so
 * a folder for the names of files is never there. */
#define ANSWER(name, answer, ...)                                                             \
  u32 __imported_wasi_snapshot_preview1_##name(u32 fd, ##__VA_ARGS__);                        \
  __attribute__((weak)) u32 __imported_wasi_snapshot_preview1_##name(u32 fd, ##__VA_ARGS__) { \
    return fd <= last_stream ? (u32)(answer) : (u32)bad_descriptor;                           \
  }

typedef struct {
  u64 device;
  u64 inode;
  u64 type; /* one byte of it, the lowest */
  u64 links;
  u64 size;
  u64 times[3];
} status;

static u32 describe(status* of_stream) {
  *of_stream = (status){.type = character_device};
  return success;
}

ANSWER(fd_advise, cannot_seek, u64 offset, u64 size, u32 advice)
ANSWER(fd_allocate, not_supported, u64 offset, u64 size)
ANSWER(fd_datasync, success)
ANSWER(fd_fdstat_set_flags, not_supported, u32 flags)
ANSWER(fd_fdstat_set_rights, not_supported, u64 rights, u64 inheriting)
ANSWER(fd_filestat_get, describe(out), status* out)
ANSWER(fd_filestat_set_size, not_supported, u64 size)
ANSWER(fd_filestat_set_times, not_supported, u64 access, u64 change, u32 flags)
ANSWER(fd_pread, cannot_seek, u32 vectors, u32 count, u64 offset, u32 out)
ANSWER(fd_pwrite, cannot_seek, u32 vectors, u32 count, u64 offset, u32 out)
ANSWER(fd_readdir, not_supported, u32 buffer, u32 size, u64 cookie, u32 out)
ANSWER(fd_renumber, not_supported, u32 to)
ANSWER(fd_sync, success)
ANSWER(fd_tell, cannot_seek, u32 out)
ANSWER(path_create_directory, bad_descriptor, u32 path, u32 size)
ANSWER(path_filestat_get, bad_descriptor, u32 flags, u32 path, u32 size, u32 out)
ANSWER(path_filestat_set_times, bad_descriptor, u32 flags, u32 path, u32 size, u64 access,
       u64 change, u32 which)
ANSWER(path_link, bad_descriptor, u32 flags, u32 path, u32 size, u32 to_fd, u32 to, u32 to_size)
ANSWER(path_open, bad_descriptor, u32 lookup, u32 path, u32 size, u32 how, u64 rights,
       u64 inheriting, u32 flags, u32 out)
ANSWER(path_readlink, bad_descriptor, u32 path, u32 size, u32 buffer, u32 room, u32 out)
ANSWER(path_remove_directory, bad_descriptor, u32 path, u32 size)
ANSWER(path_rename, bad_descriptor, u32 path, u32 size, u32 to_fd, u32 to, u32 to_size)
ANSWER(path_unlink_file, bad_descriptor, u32 path, u32 size)

/* The one function whose descriptor comes third. */
u32 __imported_wasi_snapshot_preview1_path_symlink(u32 text, u32 text_size, u32 fd, u32 path,
                                                   u32 size);
__attribute__((weak)) u32 __imported_wasi_snapshot_preview1_path_symlink(u32 text, u32 text_size,
                                                                         u32 fd, u32 path,
                                                                         u32 size) {
  return bad_descriptor;
}
