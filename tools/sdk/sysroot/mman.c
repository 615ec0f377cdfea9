/* <sys/mman.h> for memory of the program's own: anonymous mappings are blocks of the allocator, on
 * pages.
 *
 * wasi-libc's emulation reads files with pread, so that every library with a mapping in it would
 * need the file functions of WASI, and its mappings do not begin on pages. A mapping of a file
 * fails with ENODEV, as for a file system that has none. */
#define _GNU_SOURCE
#define _WASI_EMULATED_MMAN
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 65536 };

struct mapping {
  struct mapping* next;
  unsigned char* start;
  size_t bytes;
};

static struct mapping* mappings;

static size_t whole_pages(size_t bytes) { return (bytes + PAGE - 1) & ~(size_t)(PAGE - 1); }

void* mmap(void* where, size_t bytes, int protection, int flags, int file, off_t offset) {
  (void)where;
  (void)file;
  int kind = flags & MAP_TYPE;
  if (bytes == 0 || (kind != MAP_PRIVATE && kind != MAP_SHARED) ||
      (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0 || offset % PAGE != 0) {
    errno = EINVAL;
    return MAP_FAILED;
  }
  if ((flags & MAP_ANONYMOUS) == 0) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  if ((protection & PROT_EXEC) != 0) {
    errno = ENOTSUP; /* code is not in a module's memory */
    return MAP_FAILED;
  }
  if (bytes > PTRDIFF_MAX - PAGE) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  struct mapping* mapping = malloc(sizeof *mapping);
  unsigned char* start = mapping == NULL ? NULL : aligned_alloc(PAGE, whole_pages(bytes));
  if (start == NULL) {
    free(mapping);
    errno = ENOMEM;
    return MAP_FAILED;
  }
  memset(start, 0, whole_pages(bytes));
  *mapping = (struct mapping){.next = mappings, .start = start, .bytes = whole_pages(bytes)};
  mappings = mapping;
  return start;
}

/* A mapping is given back as a whole. */
int munmap(void* start, size_t bytes) {
  for (struct mapping** place = &mappings; *place != NULL; place = &(*place)->next) {
    struct mapping* mapping = *place;
    if (mapping->start == start && mapping->bytes == whole_pages(bytes)) {
      *place = mapping->next;
      free(mapping->start);
      free(mapping);
      return 0;
    }
  }
  errno = EINVAL;
  return -1;
}

/* All memory of a module can be read and written, and nothing else is promised. */
int mprotect(void* start, size_t bytes, int protection) {
  (void)bytes;
  if ((uintptr_t)start % PAGE != 0) {
    errno = EINVAL;
    return -1;
  }
  if ((protection & (PROT_READ | PROT_WRITE)) != (PROT_READ | PROT_WRITE)) {
    errno = ENOTSUP;
    return -1;
  }
  return 0;
}

int madvise(void* start, size_t bytes, int advice) {
  (void)start;
  (void)bytes;
  (void)advice;
  return 0;
}

int posix_madvise(void* start, size_t bytes, int advice) { return madvise(start, bytes, advice); }

/* There is no swap space. */
int mlock(const void* start, size_t bytes) {
  (void)start;
  (void)bytes;
  return 0;
}

int munlock(const void* start, size_t bytes) { return mlock(start, bytes); }

int msync(void* start, size_t bytes, int flags) {
  (void)flags;
  return mlock(start, bytes);
}
