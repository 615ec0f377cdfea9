/* WASI: descriptors, arguments, environment, clocks, random bytes, exit. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include "wasm2c_rt_minwasi.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include "wasm2c_rt_internal.h"
#include "wasm2c_rt_wasi.h"

bool minwasi_init(void) { return true; }

bool minwasi_init_instance(wasi_context* wasi) {
  wasi->clock_data = NULL;
  return true;
}

void minwasi_cleanup_instance(wasi_context* wasi) {
  if (wasi->files != NULL) {
    wasi->files->functions->release(wasi->files);
    wasi->files = NULL;
  }
}

/* ---- descriptors
 * ---------------------------------------------------------------------------------------- */

/* The policy in force for a descriptor: never MINWASI_FD_DEFAULT. */
static minwasi_fd_mode mode_of(const wasi_context* wasi, uint32_t fd) {
  if (fd > 2) {
    return MINWASI_FD_DENY;
  }
  minwasi_fd_mode mode = wasi->fd[fd].mode;
  if (mode == MINWASI_FD_DEFAULT) {
    return fd == 0 ? MINWASI_FD_DENY : MINWASI_FD_ALLOW;
  }
  return mode;
}

/* The functions for files, if `fd` is theirs; else null. */
static const struct minwasi_file_functions* files_of(const wasi_context* wasi, uint32_t fd) {
  const struct minwasi_files* files = wasi->files;
  return files != NULL && (fd > 2 || files->replaces[fd]) ? files->functions : NULL;
}

typedef struct {
  const wasi_context* wasi;
  uint32_t fd;
  minwasi_fd_mode mode;
} descriptor;

/* Counts what the guest writes; false, with a report the first time, if the limit is passed. */
static bool count_output(wasi_context* wasi, size_t size) {
  const uint64_t limit = wasi->output_limit;
  if (limit == 0 || (wasi->written <= limit && size <= limit - wasi->written)) {
    wasi->written += size;
    return true;
  }
  if (wasi->written <= limit) {
    const struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
    char line[RLBOX_WASM2C_MESSAGE_SIZE];
    struct rlbox_wasm2c_text text = {line, sizeof line, 0};
    rlbox_wasm2c_append(&text, "sandbox ");
    rlbox_wasm2c_append(&text, record == NULL         ? "(unknown)"
                               : record->name != NULL ? record->name
                                                      : record->module);
    rlbox_wasm2c_append(&text, ": output limit of ");
    rlbox_wasm2c_append_number(&text, limit, 10);
    rlbox_wasm2c_append(&text, " bytes reached, the library's writes fail from now on");
    rlbox_wasm2c_print(line);
  }
  wasi->written = UINT64_MAX;
  return false;
}

/* While a function of the application runs, the library's try blocks are not there: an exception of
 * the application, which C code does not see, may leave their frames. `guest` may be null. */
static struct rlbox_wasm2c_try* leave_try_blocks(struct rlbox_wasm2c_record* guest) {
  if (guest == NULL) {
    return NULL;
  }
  struct rlbox_wasm2c_try* entered = guest->innermost;
  rlbox_wasm2c_leave_try_blocks(guest);
  return entered;
}

static void enter_try_blocks(struct rlbox_wasm2c_record* guest, struct rlbox_wasm2c_try* blocks) {
  if (guest != NULL) {
    guest->innermost = blocks;
  }
}

/* Writes everything, or returns an errno. Host code: see rlbox_wasm2c_enter_host. */
static uint32_t write_bytes(const descriptor* to, const uint8_t* data, size_t size) {
  const struct minwasi_fd_policy* policy = &to->wasi->fd[to->fd];
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  uint32_t error = WASI_BADF;
  if (to->mode == MINWASI_FD_ALLOW) {
    /* The host's own stream keeps the order with what the application prints. */
    error = fwrite(data, 1, size, to->fd == 1 ? stdout : stderr) == size ? WASI_SUCCESS : WASI_IO;
    rlbox_wasm2c_note_output(to->fd, data[size - 1]);
  } else if (policy->write != NULL) {
    struct rlbox_wasm2c_try* entered = leave_try_blocks(guest);
    error = policy->write(policy->context, to->fd, data, size);
    enter_try_blocks(guest, entered);
  }
  rlbox_wasm2c_return_to(guest);
  return error;
}

/* Reads at most `size` bytes and returns how many. Host code, too. */
static size_t read_bytes(const descriptor* from, uint8_t* data, size_t size) {
  const struct minwasi_fd_policy* policy = &from->wasi->fd[from->fd];
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  size_t count = 0;
  if (from->mode == MINWASI_FD_ALLOW) {
    count = fread(data, 1, size, stdin);
  } else {
    struct rlbox_wasm2c_try* entered = leave_try_blocks(guest);
    count = policy->read(policy->context, from->fd, data, size);
    enter_try_blocks(guest, entered);
  }
  rlbox_wasm2c_return_to(guest);
  return count < size ? count : size;
}

uint32_t WASI(fd_write)(wasi_context* wasi, uint32_t fd, uint32_t iov, uint32_t count,
                        uint32_t out) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_write(wasi, fd, iov, count, out);
  }
  const descriptor to = {wasi, fd, mode_of(wasi, fd)};
  if (fd == 0 || to.mode == MINWASI_FD_DENY) {
    return WASI_BADF;
  }
  const uint8_t* vectors = guest_bytes(wasi, iov, UINT64_C(8) * count);
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t size = load32(vectors + 8 * (size_t)i + 4);
    if (size > UINT32_MAX - total) {
      return WASI_INVAL;
    }
    const uint8_t* data = guest_bytes(wasi, load32(vectors + 8 * (size_t)i), size);
    uint32_t error = WASI_SUCCESS;
    if (size != 0) {
      error = count_output(wasi, size) ? write_bytes(&to, data, size) : WASI_IO;
    }
    if (error != WASI_SUCCESS) {
      store32(wasi, out, total);
      return error;
    }
    total += size;
  }
  store32(wasi, out, total);
  return WASI_SUCCESS;
}

uint32_t WASI(fd_read)(wasi_context* wasi, uint32_t fd, uint32_t iov, uint32_t count,
                       uint32_t out) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_read(wasi, fd, iov, count, out);
  }
  const descriptor from = {wasi, fd, mode_of(wasi, fd)};
  if (fd != 0 || from.mode == MINWASI_FD_DENY ||
      (from.mode == MINWASI_FD_REDIRECT && wasi->fd[0].read == NULL)) {
    return WASI_BADF;
  }
  const uint8_t* vectors = guest_bytes(wasi, iov, UINT64_C(8) * count);
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t size = load32(vectors + 8 * (size_t)i + 4);
    if (size > UINT32_MAX - total) {
      return WASI_INVAL;
    }
    uint8_t* data = guest_bytes(wasi, load32(vectors + 8 * (size_t)i), size);
    uint32_t got = (uint32_t)read_bytes(&from, data, size);
    total += got;
    if (got < size) {
      break;
    }
  }
  store32(wasi, out, total);
  return WASI_SUCCESS;
}

uint32_t WASI(fd_fdstat_get)(wasi_context* wasi, uint32_t fd, uint32_t out) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_fdstat_get(wasi, fd, out);
  }
  if (mode_of(wasi, fd) == MINWASI_FD_DENY) {
    return WASI_BADF;
  }
  /* A character device without the rights to seek and tell: the guest's libc then buffers by line.
   */
  const uint8_t character_device = 2;
  const uint64_t right_to_read = UINT64_C(1) << 1;
  const uint64_t right_to_write = UINT64_C(1) << 6;
  uint8_t* record = guest_bytes(wasi, out, 24);
  memset(record, 0, 24);
  record[0] = character_device;
  uint64_t rights = fd == 0 ? right_to_read : right_to_write;
  memcpy(record + 8, &rights, sizeof rights);
  return WASI_SUCCESS;
}

uint32_t WASI(fd_prestat_get)(wasi_context* wasi, uint32_t fd, uint32_t out) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_prestat_get(wasi, fd, out);
  }
  return fd <= 2 ? WASI_PERM
                 : WASI_BADF; /* badf ends the search for directories that were opened beforehand */
}

uint32_t WASI(fd_close)(wasi_context* wasi, uint32_t fd) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_close(wasi, fd);
  }
  return fd <= 2 ? WASI_SUCCESS : WASI_BADF;
}

uint32_t WASI(fd_seek)(wasi_context* wasi, uint32_t fd, uint64_t offset, uint32_t whence,
                       uint32_t out) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_seek(wasi, fd, offset, whence, out);
  }
  return mode_of(wasi, fd) == MINWASI_FD_DENY ? WASI_BADF : WASI_SPIPE;
}

uint32_t WASI(fd_tell)(wasi_context* wasi, uint32_t fd, uint32_t out) {
  const struct minwasi_file_functions* files = files_of(wasi, fd);
  if (files != NULL) {
    return files->fd_tell(wasi, fd, out);
  }
  return mode_of(wasi, fd) == MINWASI_FD_DENY ? WASI_BADF : WASI_SPIPE;
}

/* ---- arguments and environment
 * ---------------------------------------------------------------------------- */

/* Stores how many strings there are and how many bytes they take. */
static uint32_t string_sizes(const wasi_context* wasi, uint32_t count, const char** strings,
                             uint32_t out_count, uint32_t out_bytes) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < count; i++) {
    bytes += strlen(strings[i]) + 1;
  }
  if (bytes > UINT32_MAX) {
    return WASI_INVAL;
  }
  store32(wasi, out_count, count);
  store32(wasi, out_bytes, (uint32_t)bytes);
  return WASI_SUCCESS;
}

/* Stores the strings one after the other, and a pointer to each. */
static uint32_t copy_strings(const wasi_context* wasi, uint32_t count, const char** strings,
                             uint32_t pointers, uint32_t buffer) {
  uint8_t* pointer = guest_bytes(wasi, pointers, UINT64_C(4) * count);
  uint64_t at = buffer;
  for (uint32_t i = 0; i < count; i++, pointer += 4) {
    size_t bytes = strlen(strings[i]) + 1;
    if (at > UINT32_MAX) {
      return WASI_INVAL;
    }
    uint32_t address = (uint32_t)at;
    memcpy(guest_bytes(wasi, address, bytes), strings[i], bytes);
    memcpy(pointer, &address, sizeof address);
    at += bytes;
  }
  return WASI_SUCCESS;
}

uint32_t WASI(args_sizes_get)(wasi_context* wasi, uint32_t out_count, uint32_t out_bytes) {
  return string_sizes(wasi, wasi->main_argc, wasi->main_argv, out_count, out_bytes);
}

uint32_t WASI(args_get)(wasi_context* wasi, uint32_t pointers, uint32_t buffer) {
  return copy_strings(wasi, wasi->main_argc, wasi->main_argv, pointers, buffer);
}

uint32_t WASI(environ_sizes_get)(wasi_context* wasi, uint32_t out_count, uint32_t out_bytes) {
  return string_sizes(wasi, wasi->env_count, wasi->env, out_count, out_bytes);
}

uint32_t WASI(environ_get)(wasi_context* wasi, uint32_t pointers, uint32_t buffer) {
  return copy_strings(wasi, wasi->env_count, wasi->env, pointers, buffer);
}

/* ---- clocks, random bytes, scheduling, exit
 * ---------------------------------------------------------------- */

/* The system's clock for a WASI clock id; false if there is none. */
static bool find_clock(uint32_t id, clockid_t* clock) {
  static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                                     CLOCK_THREAD_CPUTIME_ID};
  if (id >= sizeof clocks / sizeof clocks[0]) {
    return false;
  }
  *clock = clocks[id];
  return true;
}

static uint64_t nanoseconds(const struct timespec* time) {
  return (uint64_t)time->tv_sec * UINT64_C(1000000000) + (uint64_t)time->tv_nsec;
}

uint32_t WASI(clock_time_get)(wasi_context* wasi, uint32_t id, uint64_t precision, uint32_t out) {
  (void)precision;
  clockid_t clock;
  struct timespec time;
  if (!find_clock(id, &clock) || clock_gettime(clock, &time) != 0) { /* takes no lock */
    return WASI_INVAL;
  }
  store64(wasi, out, nanoseconds(&time));
  return WASI_SUCCESS;
}

uint32_t WASI(clock_res_get)(wasi_context* wasi, uint32_t id, uint32_t out) {
  clockid_t clock;
  struct timespec time;
  if (!find_clock(id, &clock) || clock_getres(clock, &time) != 0) {
    return WASI_INVAL;
  }
  store64(wasi, out, nanoseconds(&time));
  return WASI_SUCCESS;
}

uint32_t WASI(random_get)(wasi_context* wasi, uint32_t buffer, uint32_t size) {
  uint8_t* data = guest_bytes(wasi, buffer, size);
  const size_t most = 256; /* what getentropy gives in one call */
  for (size_t done = 0; done < size;) {
    size_t step = size - done < most ? size - done : most;
    struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host(); /* some C libraries lock */
    const bool filled = getentropy(data + done, step) == 0;
    rlbox_wasm2c_return_to(guest);
    if (!filled) {
      return WASI_IO;
    }
    done += step;
  }
  return WASI_SUCCESS;
}

uint32_t WASI(sched_yield)(wasi_context* wasi) {
  (void)wasi;
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  sched_yield();
  rlbox_wasm2c_return_to(guest);
  return WASI_SUCCESS;
}

void WASI(proc_exit)(wasi_context* wasi, uint32_t code) {
  (void)wasi;
  char detail[32];
  struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
  rlbox_wasm2c_append(&text, "exit code ");
  rlbox_wasm2c_append_number(&text, code, 10);
  rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_GUEST_EXIT, detail);
}
