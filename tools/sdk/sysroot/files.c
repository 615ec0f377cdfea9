/* Functions for files that wasi-libc declares and lacks. Each fails as on a system whose kernel
 * lacks it, so that callers, libc++'s std::filesystem among them, go the other way that they have.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/sendfile.h>
#include <unistd.h>

static int none(void) {
  errno = ENOSYS;
  return -1;
}

ssize_t copy_file_range(int from, off_t* from_offset, int to, off_t* to_offset, size_t bytes,
                        unsigned flags) {
  (void)from;
  (void)from_offset;
  (void)to;
  (void)to_offset;
  (void)bytes;
  (void)flags;
  return none();
}

ssize_t sendfile(int to, int from, off_t* offset, size_t bytes) {
  (void)to;
  (void)from;
  (void)offset;
  (void)bytes;
  return none();
}
