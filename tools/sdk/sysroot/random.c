/* getrandom, which wasi-libc lacks: its <sys/random.h> declares it once the layout has put the
 * declaration back. */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

enum { NONBLOCK = 1, RANDOM = 2, INSECURE = 4, PIECE = 256 /* getentropy takes no more at once */ };

ssize_t getrandom(void* buffer, size_t bytes, unsigned flags) {
  if ((flags & ~(unsigned)(NONBLOCK | RANDOM | INSECURE)) != 0) {
    errno = EINVAL;
    return -1;
  }
  if (bytes > 0x7fffffff) {
    bytes = 0x7fffffff;
  }
  for (size_t done = 0; done < bytes;) {
    size_t piece = bytes - done < PIECE ? bytes - done : PIECE;
    if (getentropy((unsigned char*)buffer + done, piece) != 0) {
      return -1;
    }
    done += piece;
  }
  return (ssize_t)bytes;
}
