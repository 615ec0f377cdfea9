/* Files, by the functions of WASI themselves and with any arguments. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/hostile/hostile.h"

typedef uint32_t u32;
typedef uint64_t u64;

#define IMPORT(name) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern u32 i_##name
IMPORT(fd_advise)(u32, u64, u64, u32);
IMPORT(fd_allocate)(u32, u64, u64);
IMPORT(fd_close)(u32);
IMPORT(fd_fdstat_get)(u32, u32);
IMPORT(fd_fdstat_set_flags)(u32, u32);
IMPORT(fd_fdstat_set_rights)(u32, u64, u64);
IMPORT(fd_filestat_get)(u32, u32);
IMPORT(fd_filestat_set_size)(u32, u64);
IMPORT(fd_filestat_set_times)(u32, u64, u64, u32);
IMPORT(fd_pread)(u32, u32, u32, u64, u32);
IMPORT(fd_prestat_get)(u32, u32);
IMPORT(fd_prestat_dir_name)(u32, u32, u32);
IMPORT(fd_pwrite)(u32, u32, u32, u64, u32);
IMPORT(fd_read)(u32, u32, u32, u32);
IMPORT(fd_readdir)(u32, u32, u32, u64, u32);
IMPORT(fd_renumber)(u32, u32);
IMPORT(fd_seek)(u32, u64, u32, u32);
IMPORT(fd_sync)(u32);
IMPORT(fd_tell)(u32, u32);
IMPORT(fd_write)(u32, u32, u32, u32);
IMPORT(path_create_directory)(u32, u32, u32);
IMPORT(path_filestat_get)(u32, u32, u32, u32, u32);
IMPORT(path_filestat_set_times)(u32, u32, u32, u32, u64, u64, u32);
IMPORT(path_link)(u32, u32, u32, u32, u32, u32, u32);
IMPORT(path_open)(u32, u32, u32, u32, u32, u64, u64, u32, u32);
IMPORT(path_readlink)(u32, u32, u32, u32, u32, u32);
IMPORT(path_remove_directory)(u32, u32, u32);
IMPORT(path_rename)(u32, u32, u32, u32, u32, u32);
IMPORT(path_symlink)(u32, u32, u32, u32, u32);
IMPORT(path_unlink_file)(u32, u32, u32);

u32 wasi_file(u32 function, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f, u32 g, u64 x, u64 y) {
  switch (function) {
    case ADVISE:
      return i_fd_advise(a, x, y, b);
    case ALLOCATE:
      return i_fd_allocate(a, x, y);
    case CLOSE:
      return i_fd_close(a);
    case FDSTAT:
      return i_fd_fdstat_get(a, b);
    case SET_FLAGS:
      return i_fd_fdstat_set_flags(a, b);
    case SET_RIGHTS:
      return i_fd_fdstat_set_rights(a, x, y);
    case STAT:
      return i_fd_filestat_get(a, b);
    case SET_SIZE:
      return i_fd_filestat_set_size(a, x);
    case SET_TIMES:
      return i_fd_filestat_set_times(a, x, y, b);
    case PREAD:
      return i_fd_pread(a, b, c, x, d);
    case PRESTAT:
      return i_fd_prestat_get(a, b);
    case PRESTAT_NAME:
      return i_fd_prestat_dir_name(a, b, c);
    case PWRITE:
      return i_fd_pwrite(a, b, c, x, d);
    case READ:
      return i_fd_read(a, b, c, d);
    case READDIR:
      return i_fd_readdir(a, b, c, x, d);
    case RENUMBER:
      return i_fd_renumber(a, b);
    case SEEK:
      return i_fd_seek(a, x, b, c);
    case SYNC:
      return i_fd_sync(a);
    case TELL:
      return i_fd_tell(a, b);
    case WRITE:
      return i_fd_write(a, b, c, d);
    case MAKE_FOLDER:
      return i_path_create_directory(a, b, c);
    case STAT_PATH:
      return i_path_filestat_get(a, 1, b, c, d);
    case SET_TIMES_PATH:
      return i_path_filestat_set_times(a, 1, b, c, x, y, d);
    case LINK:
      return i_path_link(a, 1, b, c, d, e, f);
    case OPEN:
      return i_path_open(a, 1, b, c, d, x, y, e, f);
    case READLINK:
      return i_path_readlink(a, b, c, d, e, f);
    case REMOVE_FOLDER:
      return i_path_remove_directory(a, b, c);
    case RENAME:
      return i_path_rename(a, b, c, d, e, f);
    case SYMLINK:
      return i_path_symlink(a, b, c, d, e);
    case UNLINK:
      return i_path_unlink_file(a, b, c);
    default:
      return g;
  }
}

static u32 at(const void* pointer) { return (u32)(uintptr_t)pointer; }

u32 open_at(u32 fd, const char* path, u32 oflags, u64 rights) {
  u32 opened = 0;
  const u32 error =
      i_path_open(fd, 1, at(path), (u32)strlen(path), oflags, rights, UINT64_MAX, 0, at(&opened));
  return error == 0 ? opened : UINT32_MAX - error;
}

u32 open_forever(const char* path, u32 oflags, u32 times) {
  u32 opened = 0;
  for (u32 i = 0; i < times; i++) {
    opened += open_at(3, path, oflags, 2) < 1000;
  }
  return opened;
}

static volatile u32 one = 1; /* no compiler makes a loop of what follows */

__attribute__((noinline)) u32 open_deep(u32 depth) {
  static u32 opened;
  i_path_open(3, 1, at("base/file"), 9, 0, 2, 2, 0, at(&opened));
  i_fd_close(opened);
  return depth == 0 ? 1 : (open_deep(depth - one) ^ depth) * 3 + one;
}

u32 make_forever(const char* folder, u32 times, u32 bytes) {
  u32 made = 0;
  for (u32 i = 0; i < times; i++) {
    char path[64];
    snprintf(path, sizeof path, "%s/%u", folder, i);
    const u32 fd = open_at(3, path, 1, 0x42);
    if (fd > 1000) {
      continue;
    }
    const u32 vector[2] = {0, bytes}; /* the beginning of its memory */
    u32 written = 0;
    made += i_fd_write(fd, at(vector), 1, at(&written)) == 0 && written == bytes;
    i_fd_close(fd);
  }
  return made;
}

u32 dig_forever(const char* folder, u32 times) {
  u32 fd = open_at(3, folder, 2, 2);
  u32 made = 0;
  while (made < times && fd < 1000 && i_path_create_directory(fd, at("deeper"), 6) == 0) {
    const u32 inner = open_at(fd, "deeper", 2, 2);
    i_fd_close(fd);
    fd = inner;
    made++;
  }
  return made;
}

u32 carry_around(u32 folders, u32 files) {
  char from[64];
  char to[64];
  u32 failed = 0;
  for (u32 i = 0; i < folders; i++) {
    const int length = snprintf(to, sizeof to, "tmp/%u", i);
    failed += i_path_create_directory(3, at(to), (u32)length) != 0;
  }
  for (u32 i = 0; i < folders; i++) {
    for (u32 k = 0; k < files; k++) {
      const int length = snprintf(to, sizeof to, "tmp/%u/%u", i, k);
      if (i == 0) {
        failed += i_fd_close(open_at(3, to, 1, 0x42)) != 0;
      } else {
        const int before = snprintf(from, sizeof from, "tmp/%u/%u", i - 1, k);
        failed += i_path_rename(3, at(from), (u32)before, 3, at(to), (u32)length) != 0;
      }
    }
  }
  return failed;
}

static u32 state;

/* A number below `limit`. */
static u32 any(u32 limit) {
  state = state * 1664525 + 1013904223;
  return (state >> 8) % limit;
}

void file_storm(u32 seed, u32 calls, u32 wild) {
  static const char* const paths[] = {
      "tmp/a", "tmp/b", "tmp/c/d",   "tmp/c", "tmp/c/e", "tmp/c/f/g", "tmp/c/f",
      "tmp",   ".",     "..",        "a",     "c/d",     "../tmp/b",  "tmp/../tmp/a",
      "d",     "e",     "base/file", "base",  "tmp//c/", "f/g",       "tmp/c/f/h"};
  static u32 vectors[8];
  static uint8_t room[4096];
  static const u64 numbers[] = {
      0, 1, 2, 3, 100, 4095, 1 << 20, INT64_MAX, (u64)INT64_MIN, UINT64_MAX, UINT64_MAX - 3};
  state = seed;
  for (u32 i = 0; i < calls; i++) {
    u32 given[7];
    for (u32 k = 0; k < 7; k++) {
      given[k] = any(12);
    }
    const char* path = paths[any(sizeof paths / sizeof paths[0])];
    const char* other = paths[any(sizeof paths / sizeof paths[0])];
    for (u32 k = 0; k < 8; k += 2) {
      vectors[k] = at(room) + any(1000);
      vectors[k + 1] = any(3000);
    }
    u64 x = numbers[any(sizeof numbers / sizeof numbers[0])];
    u64 y = numbers[any(sizeof numbers / sizeof numbers[0])];
    const u32 function = any(FILE_FUNCTIONS);
    switch (function) { /* arguments that make sense, for the most part */
      case FDSTAT:
      case STAT:
      case TELL:
      case PRESTAT:
      case PRESTAT_NAME:
        given[1] = at(room);
        break;
      case PREAD:
      case PWRITE:
      case READ:
      case WRITE:
        if (given[0] <= 2) {
          continue;
        }
        given[1] = at(vectors);
        given[2] %= 5;
        given[3] = at(room);
        break;
      case READDIR:
        given[1] = at(room);
        given[2] = any(300);
        given[3] = at(vectors);
        x = any(3) != 0 ? any(40) : x;
        break;
      case SEEK:
        given[1] %= 4;
        given[2] = at(room);
        break;
      case STAT_PATH:
      case MAKE_FOLDER:
      case SET_TIMES_PATH:
      case REMOVE_FOLDER:
      case UNLINK:
      case READLINK:
      case OPEN:
        given[0] = any(3) != 0 ? 3 : given[0];
        given[1] = at(path);
        given[2] = (u32)strlen(path);
        if (function == STAT_PATH || function == READLINK) {
          given[3] = at(room);
        }
        given[5] = at(room);
        if (function == OPEN) {
          x = any(2) != 0 ? 0x42 : 2;
          y = UINT64_MAX;
          given[3] = any(16);
          given[4] = any(4) == 0;
        }
        break;
      case RENAME:
      case LINK:
        given[0] = any(3) != 0 ? 3 : given[0];
        given[1] = at(path);
        given[2] = (u32)strlen(path);
        given[3] = any(3) != 0 ? 3 : given[3];
        given[4] = at(other);
        given[5] = (u32)strlen(other);
        break;
      case SYMLINK:
        given[0] = at(path);
        given[1] = (u32)strlen(path);
        given[3] = at(other);
        given[4] = (u32)strlen(other);
        break;
      case RENUMBER:
        given[0] = any(20) == 0 ? 3 : given[0];
        break;
      case SET_RIGHTS:
        if (given[0] == 3) {
          continue;
        }
        break;
      case CLOSE:
        if (given[0] == 3 && any(50) != 0) {
          continue;
        }
        break;
      default:
        break;
    }
    if (wild != 0) {
      given[any(7)] = any(2) != 0 ? UINT32_MAX - any(100) : state;
    }
    wasi_file(function, given[0], given[1], given[2], given[3], given[4], given[5], given[6], x, y);
  }
}
