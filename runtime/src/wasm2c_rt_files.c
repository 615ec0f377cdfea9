/* WASI's functions for files of a sandbox that has files in memory (wasm2c_rt_files.h).
 *
 * Invariant S19: nothing of the host's file system is reached. These functions know the tree of
 * wasm2c_rt_tree.c, and call no function of libc that takes a path or a descriptor.
 *
 * Each function asks for the guest's bytes first, which can trap, and works on the tree as host
 * code afterwards, which no trap interrupts (rlbox_wasm2c_enter_host). What the guest gives is read
 * once: paths are copied, vectors are loaded one by one. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include "wasm2c_rt_files.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include "wasm2c_rt_tree.h"
#include "wasm2c_rt_wasi.h"

typedef uint32_t u32;
typedef uint64_t u64;
typedef struct rlbox_wasm2c_node node_t;
typedef struct rlbox_wasm2c_place place_t;

enum {
  MOST_OPEN = 256, /* descriptors, 0 to 3 among them */
  ROOT = 3,        /* the descriptor of "/", open from the beginning */
  STAT_BYTES = 64,
  ENTRY_BYTES = 24,
  FOLDER = 3, /* filetype */
  REGULAR = 4
};

/* oflags, fdflags, fstflags, rights */
enum { O_CREATE = 1, O_FOLDER = 2, O_EXCLUSIVE = 4, O_TRUNCATE = 8 };
enum { FD_APPEND = 1, FD_FLAGS = 31 };
enum { SET_ACCESS = 1, ACCESS_NOW = 2, SET_CHANGE = 4, CHANGE_NOW = 8 };
enum { RIGHT_READ = 1 << 1, RIGHT_WRITE = 1 << 6, ALL_RIGHTS = (1 << 30) - 1 };

/* What a descriptor of the guest stands for; `node` is null if it is closed. */
typedef struct {
  node_t* node;
  u64 offset;
  u64 rights;
  u64 inheriting;
  u32 flags;
  bool is_root; /* opened beforehand */
} descriptor;

typedef struct {
  struct minwasi_files known; /* first, so that one pointer is both */
  struct rlbox_wasm2c_tree tree;
  descriptor open[MOST_OPEN];
  char paths[2][RLBOX_WASM2C_MOST_PATH];
} files_t;

static files_t* files_of(const wasi_context* wasi) { return (files_t*)(void*)wasi->files; }

/* The descriptor that is open under a number, or null. */
static descriptor* find(files_t* files, u32 fd) {
  return fd < MOST_OPEN && files->open[fd].node != NULL ? &files->open[fd] : NULL;
}

/* The error for a number that is no open file: a standard stream lacks the function. */
static u32 not_open(u32 fd) { return fd <= 2 ? WASI_NOSYS : WASI_BADF; }

static void close_descriptor(files_t* files, u32 fd) {
  descriptor* closed = &files->open[fd];
  node_t* node = closed->node;
  *closed = (descriptor){.node = NULL};
  if (fd <= 2) {
    files->known.replaces[fd] = false;
  }
  rlbox_wasm2c_unuse(&files->tree, node);
}

/* ---- reading and writing
 * ---------------------------------------------------------------------------------------- */

static size_t read_at(const node_t* file, u64 offset, uint8_t* data, size_t size) {
  if (offset >= file->size) {
    return 0;
  }
  const size_t left = file->size - (size_t)offset;
  const size_t count = size < left ? size : left;
  memmove(data, file->bytes + offset, count);
  return count;
}

/* One vector; `*done` is how much of it. `place` is the descriptor's offset, or one of the call. */
static u32 transfer(files_t* files, const descriptor* at, u64* place, uint8_t* data, u32 size,
                    bool is_write, u32* done) {
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  u32 error = WASI_SUCCESS;
  if (is_write) {
    if (place == &at->offset && (at->flags & FD_APPEND) != 0) {
      *place = at->node->size;
    }
    error = rlbox_wasm2c_store(&files->tree, at->node, *place, data, size);
    *done = error == WASI_SUCCESS ? size : 0;
  } else {
    *done = (u32)read_at(at->node, *place, data, size);
  }
  *place += *done; /* no overflow: what has been read or stored lies below the file's size */
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 transfer_all(wasi_context* wasi, u32 fd, u32 iov, u32 count, const u64* offset,
                        bool is_write, u32 out) {
  files_t* files = files_of(wasi);
  descriptor* at = find(files, fd);
  if (at == NULL) {
    return not_open(fd);
  }
  if ((at->rights & (u64)(is_write ? RIGHT_WRITE : RIGHT_READ)) == 0) {
    return at->node->is_folder ? WASI_ISDIR : WASI_BADF;
  }
  if (at->node->is_folder) {
    return WASI_ISDIR;
  }
  u64 fixed = offset == NULL ? 0 : *offset;
  u64* place = offset == NULL ? &at->offset : &fixed;
  const uint8_t* vectors = guest_bytes(wasi, iov, UINT64_C(8) * count);
  uint8_t* result = guest_bytes(wasi, out, sizeof(u32));
  u32 total = 0;
  u32 error = WASI_SUCCESS;
  for (u32 i = 0; i < count; i++) {
    const u32 address = load32(vectors + 8 * (size_t)i);
    const u32 size = load32(vectors + 8 * (size_t)i + 4);
    if (size > UINT32_MAX - total) {
      error = WASI_INVAL;
      break;
    }
    uint8_t* data = guest_bytes(wasi, address, size);
    if (size == 0) {
      continue;
    }
    u32 done = 0;
    error = transfer(files, at, place, data, size, is_write, &done);
    total += done;
    if (done < size) {
      break;
    }
  }
  memcpy(result, &total, sizeof total);
  return total != 0 ? WASI_SUCCESS : error;
}

static u32 fd_read(wasi_context* wasi, u32 fd, u32 iov, u32 count, u32 out) {
  return transfer_all(wasi, fd, iov, count, NULL, false, out);
}

static u32 fd_write(wasi_context* wasi, u32 fd, u32 iov, u32 count, u32 out) {
  return transfer_all(wasi, fd, iov, count, NULL, true, out);
}

static u32 fd_pread(wasi_context* wasi, u32 fd, u32 iov, u32 count, u64 offset, u32 out) {
  return transfer_all(wasi, fd, iov, count, &offset, false, out);
}

static u32 fd_pwrite(wasi_context* wasi, u32 fd, u32 iov, u32 count, u64 offset, u32 out) {
  return transfer_all(wasi, fd, iov, count, &offset, true, out);
}

/* ---- descriptors
 * ---------------------------------------------------------------------------------------- */

static u32 fd_close(wasi_context* wasi, u32 fd) {
  files_t* files = files_of(wasi);
  if (find(files, fd) == NULL) {
    return WASI_BADF;
  }
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  close_descriptor(files, fd);
  rlbox_wasm2c_return_to(guest);
  return WASI_SUCCESS;
}

static u32 fd_renumber(wasi_context* wasi, u32 from, u32 to) {
  files_t* files = files_of(wasi);
  if (find(files, from) == NULL || to >= MOST_OPEN) {
    return WASI_BADF;
  }
  if (from == to) {
    return WASI_SUCCESS;
  }
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  if (files->open[to].node != NULL) {
    close_descriptor(files, to);
  }
  files->open[to] = files->open[from];
  files->open[from] = (descriptor){.node = NULL};
  if (from <= 2) {
    files->known.replaces[from] = false;
  }
  if (to <= 2) {
    files->known.replaces[to] = true;
  }
  rlbox_wasm2c_return_to(guest);
  return WASI_SUCCESS;
}

static u32 fd_seek(wasi_context* wasi, u32 fd, u64 offset, u32 whence, u32 out) {
  descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return WASI_BADF;
  }
  const u64 starts[] = {0, at->offset, at->node->size};
  if (whence >= sizeof starts / sizeof starts[0]) {
    return WASI_INVAL;
  }
  /* `offset` is signed; offsets of descriptors are below 2^63. */
  const u64 place = starts[whence] + offset;
  if (place > INT64_MAX) {
    return WASI_INVAL;
  }
  store64(wasi, out, place);
  at->offset = place;
  return WASI_SUCCESS;
}

static u32 fd_tell(wasi_context* wasi, u32 fd, u32 out) {
  const descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return WASI_BADF;
  }
  store64(wasi, out, at->offset);
  return WASI_SUCCESS;
}

static u32 fd_fdstat_get(wasi_context* wasi, u32 fd, u32 out) {
  const descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return WASI_BADF;
  }
  uint8_t* record = guest_bytes(wasi, out, 24);
  memset(record, 0, 24);
  record[0] = at->node->is_folder ? FOLDER : REGULAR;
  record[2] = (uint8_t)at->flags;
  memcpy(record + 8, &at->rights, sizeof at->rights);
  memcpy(record + 16, &at->inheriting, sizeof at->inheriting);
  return WASI_SUCCESS;
}

static u32 fd_fdstat_set_flags(wasi_context* wasi, u32 fd, u32 flags) {
  descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return not_open(fd);
  }
  if ((flags & ~(u32)FD_FLAGS) != 0) {
    return WASI_INVAL;
  }
  at->flags = flags;
  return WASI_SUCCESS;
}

static u32 fd_fdstat_set_rights(wasi_context* wasi, u32 fd, u64 base, u64 inheriting) {
  descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return not_open(fd);
  }
  if ((base & ~at->rights) != 0 || (inheriting & ~at->inheriting) != 0) {
    return WASI_NOTCAPABLE;
  }
  at->rights = base;
  at->inheriting = inheriting;
  return WASI_SUCCESS;
}

static u32 fd_prestat_get(wasi_context* wasi, u32 fd, u32 out) {
  const descriptor* at = find(files_of(wasi), fd);
  if (at == NULL || !at->is_root) {
    return WASI_BADF;
  }
  const u32 record[2] = {0, 1}; /* a folder, whose name has one byte */
  memcpy(guest_bytes(wasi, out, sizeof record), record, sizeof record);
  return WASI_SUCCESS;
}

static u32 fd_prestat_dir_name(wasi_context* wasi, u32 fd, u32 name, u32 size) {
  const descriptor* at = find(files_of(wasi), fd);
  if (at == NULL || !at->is_root) {
    return WASI_BADF;
  }
  if (size < 1) {
    return WASI_NAMETOOLONG;
  }
  *guest_bytes(wasi, name, 1) = '/';
  return WASI_SUCCESS;
}

static u32 fd_advise(wasi_context* wasi, u32 fd, u64 offset, u64 size, u32 advice) {
  (void)offset;
  (void)size;
  (void)advice;
  return find(files_of(wasi), fd) == NULL ? not_open(fd) : WASI_SUCCESS;
}

static u32 fd_sync(wasi_context* wasi, u32 fd) {
  return find(files_of(wasi), fd) == NULL ? not_open(fd) : WASI_SUCCESS;
}

/* Gives an open file another size; or, if it is only to grow, at least that size. */
static u32 resize(wasi_context* wasi, u32 fd, u64 size, bool only_grow) {
  files_t* files = files_of(wasi);
  const descriptor* at = find(files, fd);
  if (at == NULL) {
    return not_open(fd);
  }
  if (at->node->is_folder || (at->rights & RIGHT_WRITE) == 0) {
    return WASI_INVAL;
  }
  if (only_grow && size <= at->node->size) {
    return WASI_SUCCESS;
  }
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  const u32 error = rlbox_wasm2c_resize(&files->tree, at->node, size);
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 fd_allocate(wasi_context* wasi, u32 fd, u64 offset, u64 size) {
  return offset > UINT64_MAX - size ? WASI_FBIG : resize(wasi, fd, offset + size, true);
}

static u32 fd_filestat_set_size(wasi_context* wasi, u32 fd, u64 size) {
  return resize(wasi, fd, size, false);
}

/* ---- what a file is
 * ---------------------------------------------------------------------------------------- */

static void describe(const node_t* node, uint8_t* record) {
  const u64 device = 1;
  const u64 links = 1;
  const u64 size = node->size;
  memset(record, 0, STAT_BYTES);
  memcpy(record, &device, 8);
  memcpy(record + 8, &node->number, 8);
  record[16] = node->is_folder ? FOLDER : REGULAR;
  memcpy(record + 24, &links, 8);
  memcpy(record + 32, &size, 8);
  memcpy(record + 40, &node->times[0], 8);
  memcpy(record + 48, &node->times[1], 8);
  memcpy(record + 56, &node->times[1], 8);
}

static u32 fd_filestat_get(wasi_context* wasi, u32 fd, u32 out) {
  const descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return not_open(fd);
  }
  describe(at->node, guest_bytes(wasi, out, STAT_BYTES));
  return WASI_SUCCESS;
}

static u32 set_times(node_t* node, u64 access, u64 change, u32 flags) {
  if ((flags & ~(u32)15) != 0 || (flags & 3) == 3 || (flags & 12) == 12) {
    return WASI_INVAL;
  }
  if (node->is_fixed) {
    return WASI_ROFS;
  }
  struct timespec time = {0, 0};
  if ((flags & (ACCESS_NOW | CHANGE_NOW)) != 0) {
    clock_gettime(CLOCK_REALTIME, &time); /* as clock_time_get, which takes no lock */
  }
  const u64 now = (u64)time.tv_sec * UINT64_C(1000000000) + (u64)time.tv_nsec;
  if ((flags & (SET_ACCESS | ACCESS_NOW)) != 0) {
    node->times[0] = (flags & ACCESS_NOW) != 0 ? now : access;
  }
  if ((flags & (SET_CHANGE | CHANGE_NOW)) != 0) {
    node->times[1] = (flags & CHANGE_NOW) != 0 ? now : change;
  }
  return WASI_SUCCESS;
}

static u32 fd_filestat_set_times(wasi_context* wasi, u32 fd, u64 access, u64 change, u32 flags) {
  const descriptor* at = find(files_of(wasi), fd);
  return at == NULL ? not_open(fd) : set_times(at->node, access, change, flags);
}

/* ---- folders
 * ---------------------------------------------------------------------------------------- */

/* A buffer of the guest's that is filled from the front, as far as there is room. */
typedef struct {
  uint8_t* bytes;
  u32 size;
  u32 used;
} output;

static void append(output* to, const void* data, size_t size) {
  const size_t left = to->size - to->used;
  const size_t count = size < left ? size : left;
  memcpy(to->bytes + to->used, data, count);
  to->used += (u32)count;
}

/* One entry; `next` is the cookie of the one after it. */
static void append_entry(output* to, u64 next, const node_t* node, const char* name,
                         size_t length) {
  uint8_t entry[ENTRY_BYTES] = {0};
  const u32 name_length = (u32)length;
  memcpy(entry, &next, 8);
  memcpy(entry + 8, &node->number, 8);
  memcpy(entry + 16, &name_length, 4);
  entry[20] = node->is_folder ? FOLDER : REGULAR;
  append(to, entry, sizeof entry);
  append(to, name, length);
}

/* Cookie 0 is ".", 1 is "..", and a greater one is the number of a node, or lies below it: the root
 * has number 1, so a child has 2 or more. */
static void list(const node_t* folder, u64 cookie, output* to) {
  if (cookie == 0) {
    append_entry(to, 1, folder, ".", 1);
  }
  if (cookie <= 1 && to->used < to->size) {
    append_entry(to, 2, folder->parent == NULL ? folder : folder->parent, "..", 2);
  }
  u64 number = cookie < 2 ? 2 : cookie;
  while (to->used < to->size) {
    const node_t* child = rlbox_wasm2c_child_from(folder, number);
    if (child == NULL) {
      return;
    }
    number = child->number + 1;
    append_entry(to, number, child, child->name, child->name_length);
  }
}

static u32 fd_readdir(wasi_context* wasi, u32 fd, u32 buffer, u32 size, u64 cookie, u32 out) {
  const descriptor* at = find(files_of(wasi), fd);
  if (at == NULL) {
    return not_open(fd);
  }
  if (!at->node->is_folder) {
    return WASI_NOTDIR;
  }
  output to = {guest_bytes(wasi, buffer, size), size, 0};
  uint8_t* result = guest_bytes(wasi, out, sizeof(u32));
  list(at->node, cookie, &to); /* takes no lock and allocates nothing */
  memcpy(result, &to.used, sizeof to.used);
  return WASI_SUCCESS;
}

/* ---- paths
 * ---------------------------------------------------------------------------------------- */

/* A path as the guest gives it. */
typedef struct {
  const uint8_t* bytes;
  u32 length;
} guest_path;

static guest_path path_at(const wasi_context* wasi, u32 address, u32 length) {
  return (guest_path){guest_bytes(wasi, address, length), length};
}

/* Finds out where a path leads from the folder `fd`. Host code. */
static u32 resolve(files_t* files, u32 fd, const guest_path* path, char* copy, place_t* place) {
  const descriptor* at = find(files, fd);
  if (at == NULL) {
    return fd <= 2 ? WASI_NOTDIR : WASI_BADF;
  }
  if (!at->node->is_folder) {
    return WASI_NOTDIR;
  }
  if (path->length > RLBOX_WASM2C_MOST_PATH) {
    return WASI_NAMETOOLONG;
  }
  memcpy(copy, path->bytes, path->length);
  if (path->length != 0 && copy[0] == '/') {
    return WASI_PERM; /* libc has taken the slash of "/" away */
  }
  return rlbox_wasm2c_find(&files->tree, at->node, copy, path->length, place);
}

/* The same, for a path that must lead to something. */
static u32 resolve_existing(files_t* files, u32 fd, const guest_path* path, place_t* place) {
  const u32 error = resolve(files, fd, path, files->paths[0], place);
  return error == WASI_SUCCESS && place->node == NULL ? WASI_NOENT : error;
}

static u32 path_filestat_get(wasi_context* wasi, u32 fd, u32 lookup, u32 path, u32 length,
                             u32 out) {
  (void)lookup;
  const guest_path given = path_at(wasi, path, length);
  uint8_t* record = guest_bytes(wasi, out, STAT_BYTES);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  place_t place;
  const u32 error = resolve_existing(files_of(wasi), fd, &given, &place);
  if (error == WASI_SUCCESS) {
    describe(place.node, record);
  }
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 path_filestat_set_times(wasi_context* wasi, u32 fd, u32 lookup, u32 path, u32 length,
                                   u64 access, u64 change, u32 flags) {
  (void)lookup;
  const guest_path given = path_at(wasi, path, length);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  place_t place;
  u32 error = resolve_existing(files_of(wasi), fd, &given, &place);
  if (error == WASI_SUCCESS) {
    error = set_times(place.node, access, change, flags);
  }
  rlbox_wasm2c_return_to(guest);
  return error;
}

/* Finds or makes what path_open is to open. Host code. */
static u32 obtain(files_t* files, place_t* place, u32 oflags, bool is_write) {
  node_t* node = place->node;
  if (node == NULL) {
    if ((oflags & O_CREATE) == 0) {
      return WASI_NOENT;
    }
    if (place->wants_folder || (oflags & O_FOLDER) != 0) {
      return WASI_ISDIR;
    }
    return rlbox_wasm2c_create(&files->tree, place, false);
  }
  if ((oflags & O_CREATE) != 0 && (oflags & O_EXCLUSIVE) != 0) {
    return WASI_EXIST;
  }
  if (node->is_folder) {
    return is_write || (oflags & (O_CREATE | O_TRUNCATE)) != 0 ? WASI_ISDIR : WASI_SUCCESS;
  }
  if ((oflags & O_FOLDER) != 0) {
    return WASI_NOTDIR;
  }
  if (is_write && node->is_fixed) {
    return WASI_ROFS;
  }
  return (oflags & O_TRUNCATE) != 0 ? rlbox_wasm2c_resize(&files->tree, node, 0) : WASI_SUCCESS;
}

/* The lowest number that stands for nothing; MOST_OPEN if there is none. */
static u32 free_number(const files_t* files) {
  u32 fd = ROOT;
  while (fd < MOST_OPEN && files->open[fd].node != NULL) {
    fd++;
  }
  return fd;
}

static u32 open_path(files_t* files, u32 folder, const guest_path* path, u32 oflags,
                     const descriptor* wanted, uint8_t* result) {
  place_t place;
  u32 error = resolve(files, folder, path, files->paths[0], &place);
  if (error != WASI_SUCCESS) {
    return error;
  }
  const u32 fd = free_number(files);
  if (fd == MOST_OPEN) {
    return WASI_MFILE;
  }
  descriptor opened = *wanted;
  opened.rights &= files->open[folder].inheriting;
  opened.inheriting &= files->open[folder].inheriting;
  error = obtain(files, &place, oflags, (opened.rights & RIGHT_WRITE) != 0);
  if (error != WASI_SUCCESS) {
    return error;
  }
  opened.node = place.node;
  opened.node->users++;
  files->open[fd] = opened;
  memcpy(result, &fd, sizeof fd);
  return WASI_SUCCESS;
}

static u32 path_open(wasi_context* wasi, u32 fd, u32 lookup, u32 path, u32 length, u32 oflags,
                     u64 rights, u64 inheriting, u32 flags, u32 out) {
  (void)lookup;
  const guest_path given = path_at(wasi, path, length);
  uint8_t* result = guest_bytes(wasi, out, sizeof(u32));
  if ((oflags & ~(u32)15) != 0 || (flags & ~(u32)FD_FLAGS) != 0) {
    return WASI_INVAL;
  }
  const descriptor wanted = {.rights = rights, .inheriting = inheriting, .flags = flags};
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  const u32 error = open_path(files_of(wasi), fd, &given, oflags, &wanted, result);
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 make_folder(files_t* files, u32 fd, const guest_path* path) {
  place_t place;
  const u32 error = resolve(files, fd, path, files->paths[0], &place);
  if (error != WASI_SUCCESS) {
    return error;
  }
  return place.node != NULL ? WASI_EXIST : rlbox_wasm2c_create(&files->tree, &place, true);
}

static u32 path_create_directory(wasi_context* wasi, u32 fd, u32 path, u32 length) {
  const guest_path given = path_at(wasi, path, length);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  const u32 error = make_folder(files_of(wasi), fd, &given);
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 take_away(files_t* files, u32 fd, const guest_path* path, bool is_folder) {
  place_t place;
  const u32 error = resolve_existing(files, fd, path, &place);
  if (error != WASI_SUCCESS) {
    return error;
  }
  if (place.node->is_folder != is_folder) {
    return is_folder ? WASI_NOTDIR : WASI_ISDIR;
  }
  if (place.folder == NULL) {
    return WASI_BUSY; /* the root, "." or ".." */
  }
  return rlbox_wasm2c_remove(&files->tree, place.node);
}

static u32 path_remove_directory(wasi_context* wasi, u32 fd, u32 path, u32 length) {
  const guest_path given = path_at(wasi, path, length);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  const u32 error = take_away(files_of(wasi), fd, &given, true);
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 path_unlink_file(wasi_context* wasi, u32 fd, u32 path, u32 length) {
  const guest_path given = path_at(wasi, path, length);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  const u32 error = take_away(files_of(wasi), fd, &given, false);
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 path_rename(wasi_context* wasi, u32 old_fd, u32 old_path, u32 old_length, u32 new_fd,
                       u32 new_path, u32 new_length) {
  files_t* files = files_of(wasi);
  const guest_path old_given = path_at(wasi, old_path, old_length);
  const guest_path new_given = path_at(wasi, new_path, new_length);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  place_t from;
  place_t to;
  u32 error = resolve_existing(files, old_fd, &old_given, &from);
  if (error == WASI_SUCCESS) {
    error = resolve(files, new_fd, &new_given, files->paths[1], &to);
  }
  if (error == WASI_SUCCESS) {
    error = rlbox_wasm2c_move(&files->tree, &from, &to);
  }
  rlbox_wasm2c_return_to(guest);
  return error;
}

static u32 path_readlink(wasi_context* wasi, u32 fd, u32 path, u32 length, u32 buffer, u32 size,
                         u32 out) {
  (void)buffer;
  (void)size;
  (void)out;
  const guest_path given = path_at(wasi, path, length);
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  place_t place;
  const u32 error = resolve_existing(files_of(wasi), fd, &given, &place);
  rlbox_wasm2c_return_to(guest);
  return error == WASI_SUCCESS ? WASI_INVAL : error; /* nothing is a link */
}

static u32 path_link(wasi_context* wasi, u32 old_fd, u32 lookup, u32 old_path, u32 old_length,
                     u32 new_fd, u32 new_path, u32 new_length) {
  (void)wasi;
  (void)old_fd;
  (void)lookup;
  (void)old_path;
  (void)old_length;
  (void)new_fd;
  (void)new_path;
  (void)new_length;
  return WASI_NOTSUP;
}

static u32 path_symlink(wasi_context* wasi, u32 old_path, u32 old_length, u32 fd, u32 new_path,
                        u32 new_length) {
  (void)wasi;
  (void)old_path;
  (void)old_length;
  (void)fd;
  (void)new_path;
  (void)new_length;
  return WASI_NOTSUP;
}

/* ---- what the embedder calls
 * ---------------------------------------------------------------------------------------- */

static void release(struct minwasi_files* known) {
  files_t* files = (files_t*)(void*)known;
  rlbox_wasm2c_free_tree(&files->tree);
  free(files);
}

static const struct minwasi_file_functions functions = {
    .release = release,
    .fd_advise = fd_advise,
    .fd_allocate = fd_allocate,
    .fd_close = fd_close,
    .fd_datasync = fd_sync,
    .fd_fdstat_get = fd_fdstat_get,
    .fd_fdstat_set_flags = fd_fdstat_set_flags,
    .fd_fdstat_set_rights = fd_fdstat_set_rights,
    .fd_filestat_get = fd_filestat_get,
    .fd_filestat_set_size = fd_filestat_set_size,
    .fd_filestat_set_times = fd_filestat_set_times,
    .fd_pread = fd_pread,
    .fd_prestat_dir_name = fd_prestat_dir_name,
    .fd_prestat_get = fd_prestat_get,
    .fd_pwrite = fd_pwrite,
    .fd_read = fd_read,
    .fd_readdir = fd_readdir,
    .fd_renumber = fd_renumber,
    .fd_seek = fd_seek,
    .fd_sync = fd_sync,
    .fd_tell = fd_tell,
    .fd_write = fd_write,
    .path_create_directory = path_create_directory,
    .path_filestat_get = path_filestat_get,
    .path_filestat_set_times = path_filestat_set_times,
    .path_link = path_link,
    .path_open = path_open,
    .path_readlink = path_readlink,
    .path_remove_directory = path_remove_directory,
    .path_rename = path_rename,
    .path_symlink = path_symlink,
    .path_unlink_file = path_unlink_file,
};

struct minwasi_files* rlbox_wasm2c_make_files(void) {
  files_t* files = calloc(1, sizeof *files);
  u64 key[2];
  if (getentropy(key, sizeof key) != 0) {
    key[0] = key[1] = (u64)(uintptr_t)files; /* an old system */
  }
  if (files == NULL || !rlbox_wasm2c_make_tree(&files->tree, key)) {
    free(files);
    return NULL;
  }
  files->known.functions = &functions;
  files->open[ROOT] = (descriptor){.node = files->tree.root,
                                   .rights = ALL_RIGHTS & ~RIGHT_WRITE,
                                   .inheriting = ALL_RIGHTS,
                                   .is_root = true};
  files->tree.root->users = 1;
  return &files->known;
}

void rlbox_wasm2c_free_files(struct minwasi_files* files) {
  if (files != NULL) {
    release(files);
  }
}

static const char no_memory[] = "there is no memory for it. To fix: add fewer files";

/* What is wrong with how a path is written; null if nothing is. */
static const char* path_problem(const char* path, size_t length) {
  if (length == 0 || path[0] != '/') {
    return "the path does not begin with a slash. To fix: write the whole path, as the library "
           "opens "
           "it";
  }
  if (length > RLBOX_WASM2C_MOST_PATH) {
    return "the path has more than 4096 bytes. To fix: shorten it";
  }
  for (size_t at = 0; at < length;) {
    const char* name = path + at + 1;
    const char* slash = memchr(name, '/', length - at - 1);
    const size_t size = slash == NULL ? length - at - 1 : (size_t)(slash - name);
    if (size == 0 || (size <= 2 && memcmp(name, "..", size) == 0)) {
      return "a name in the path is empty, \".\" or \"..\". To fix: write the path without it";
    }
    if (size > RLBOX_WASM2C_MOST_NAME || memchr(name, '\0', size) != NULL) {
      return "a name in the path has a zero byte or more than 255 bytes. To fix: choose another "
             "name";
    }
    at += 1 + size;
  }
  return NULL;
}

/* Makes the folders of `path` and finds out where it leads. Null, or what is wrong. */
static const char* make_way(files_t* files, const char* path, size_t length, place_t* place) {
  const char* problem = path_problem(path, length);
  if (problem != NULL) {
    return problem;
  }
  for (size_t end = 1; end <= length; end++) {
    if (end < length && path[end] != '/') {
      continue;
    }
    if (rlbox_wasm2c_find(&files->tree, files->tree.root, path, end, place) != WASI_SUCCESS) {
      return "a file that was added before is a folder of the path. To fix: rename one of them";
    }
    if (end < length && place->node == NULL &&
        !rlbox_wasm2c_create_fixed(&files->tree, place, true)) {
      return no_memory;
    }
  }
  return NULL;
}

const char* rlbox_wasm2c_add_file(struct minwasi_files* known, const char* path, size_t path_length,
                                  const void* bytes, size_t size) {
  files_t* files = (files_t*)(void*)known;
  place_t place;
  const char* problem = make_way(files, path, path_length, &place);
  if (problem != NULL) {
    return problem;
  }
  if (place.node != NULL) {
    return place.node->is_folder
               ? "the path is a folder of a file that was added before. To fix: rename one of them"
               : "the file was added before. To fix: add it once";
  }
  if (!rlbox_wasm2c_create_fixed(&files->tree, &place, false)) {
    return no_memory;
  }
  /* Only read: every function that writes refuses a fixed node. */
  place.node->bytes = (uint8_t*)(uintptr_t)bytes;
  place.node->size = size;
  return NULL;
}

const char* rlbox_wasm2c_add_scratch(struct minwasi_files* known, const char* path,
                                     size_t path_length, uint64_t max_bytes, uint32_t max_entries) {
  files_t* files = (files_t*)(void*)known;
  place_t place = {.node = files->tree.root};
  if (path_length != 1 || path[0] != '/') {
    const char* problem = make_way(files, path, path_length, &place);
    if (problem != NULL) {
      return problem;
    }
    if (place.node == NULL && !rlbox_wasm2c_create_fixed(&files->tree, &place, true)) {
      return no_memory;
    }
  }
  if (!place.node->is_folder) {
    return "a file has the name of the scratch folder. To fix: rename one of them";
  }
  place.node->is_writable = true;
  files->tree.max_bytes = max_bytes;
  files->tree.max_nodes = max_entries;
  return NULL;
}
