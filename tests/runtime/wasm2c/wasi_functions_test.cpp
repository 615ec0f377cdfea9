// Each WASI function, called as generated code calls it: results, errors, and addresses outside of
// the memory.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "rlbox_wasm2c_options.hpp"
#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/trap_of.hpp"
#include "wasm2c_rt_mem.h"
#include "wasm2c_rt_minwasi.h"

using u32 = std::uint32_t;
using u64 = std::uint64_t;
using wasi = w2c_wasi__snapshot__preview1;

#define WASI(name) w2c_wasi__snapshot__preview1_##name
#define DECLARE(name, ...) u32 WASI(name)(wasi*, __VA_ARGS__);

// Functions that a sandbox does not get, with their parameters.
#define DENIED(f)                                                                                  \
  f(fd_advise, u32, u64, u64, u32) f(fd_allocate, u32, u64, u64) f(fd_datasync, u32)               \
      f(fd_fdstat_set_flags, u32, u32) f(fd_fdstat_set_rights, u32, u64, u64)                      \
          f(fd_filestat_get, u32, u32) f(fd_filestat_set_size, u32, u64) f(                        \
              fd_filestat_set_times, u32, u64, u64, u32) f(fd_pread, u32, u32, u32, u64, u32)      \
              f(fd_prestat_dir_name, u32, u32, u32) f(fd_pwrite, u32, u32, u32, u64, u32) f(       \
                  fd_readdir, u32, u32, u32, u64, u32) f(fd_renumber, u32, u32) f(fd_sync, u32)    \
                  f(path_create_directory, u32, u32, u32) f(path_filestat_get, u32, u32, u32, u32, \
                                                            u32) f(path_filestat_set_times, u32,   \
                                                                   u32, u32, u32, u64, u64, u32)   \
                      f(path_link, u32, u32, u32, u32, u32, u32, u32)                              \
                          f(path_open, u32, u32, u32, u32, u32, u64, u64, u32, u32)                \
                              f(path_readlink, u32, u32, u32, u32, u32, u32)                       \
                                  f(path_remove_directory, u32, u32, u32) f(path_rename, u32, u32, \
                                                                            u32, u32, u32, u32)    \
                                      f(path_symlink, u32, u32, u32, u32, u32)                     \
                                          f(path_unlink_file, u32, u32, u32)                       \
                                              f(poll_oneoff, u32, u32, u32, u32)                   \
                                                  f(proc_raise, u32) f(sock_accept, u32, u32, u32) \
                                                      f(sock_recv, u32, u32, u32, u32, u32, u32)   \
                                                          f(sock_send, u32, u32, u32, u32, u32)    \
                                                              f(sock_shutdown, u32, u32)

extern "C" {
DECLARE(args_get, u32, u32)
DECLARE(args_sizes_get, u32, u32)
DECLARE(clock_res_get, u32, u32)
DECLARE(clock_time_get, u32, u64, u32)
DECLARE(environ_get, u32, u32)
DECLARE(environ_sizes_get, u32, u32)
DECLARE(fd_close, u32)
DECLARE(fd_fdstat_get, u32, u32)
DECLARE(fd_prestat_get, u32, u32)
DECLARE(fd_read, u32, u32, u32, u32)
DECLARE(fd_seek, u32, u64, u32, u32)
DECLARE(fd_tell, u32, u32)
DECLARE(fd_write, u32, u32, u32, u32)
DECLARE(random_get, u32, u32)
DENIED(DECLARE)
u32 WASI(sched_yield)(wasi*);
void WASI(proc_exit)(wasi*, u32);
}

namespace {

constexpr u32 success = 0;
constexpr u32 badf = 8;
constexpr u32 inval = 28;
constexpr u32 io = 29;
constexpr u32 nosys = 52;
constexpr u32 perm = 63;
constexpr u32 spipe = 70;
constexpr u32 pages = 2;
constexpr u32 size = pages * 65536;

/// A memory and what a library would see of the system.
struct guest {
  wasm_rt_memory_t memory = create_wasm2c_memory(pages, nullptr, "wasi functions");
  wasi context{};

  guest() { context.instance_memory = &memory; }
  ~guest() { destroy_wasm2c_memory(&memory); }
  guest(const guest&) = delete;
  guest& operator=(const guest&) = delete;

  void store(u32 address, u32 value) { std::memcpy(memory.data + address, &value, sizeof value); }
  u32 load(u32 address) const {
    u32 value;
    std::memcpy(&value, memory.data + address, sizeof value);
    return value;
  }
  u64 load64(u32 address) const { return load(address) | u64{load(address + 4)} << 32; }
};

#define CHECK_OUT_OF_BOUNDS(...) \
  CHECK(trap_of([&] { __VA_ARGS__; }) == RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS)

template <typename... A>
u32 call_with_zeros(u32 (*function)(wasi*, A...), wasi* context) {
  return function(context, A{}...);
}

}  // namespace

TEST_CASE("S4: functions that a sandbox does not get fail with nosys") {
  guest g;
#define CHECK_DENIED(name, ...) CHECK(call_with_zeros(&WASI(name), &g.context) == nosys);
  DENIED(CHECK_DENIED)
}

TEST_CASE("descriptors: errors") {
  guest g;
  for (const u32 fd : {3U, 100U, 0xffffffffU}) {
    CHECK(WASI(fd_write)(&g.context, fd, 0, 0, 0) == badf);
    CHECK(WASI(fd_read)(&g.context, fd, 0, 0, 0) == badf);
    CHECK(WASI(fd_close)(&g.context, fd) == badf);
    CHECK(WASI(fd_seek)(&g.context, fd, 0, 0, 0) == badf);
    CHECK(WASI(fd_tell)(&g.context, fd, 0) == badf);
    CHECK(WASI(fd_fdstat_get)(&g.context, fd, 0) == badf);
    CHECK(WASI(fd_prestat_get)(&g.context, fd, 0) == badf);
  }
  for (const u32 fd : {0U, 1U, 2U}) {
    CHECK(WASI(fd_close)(&g.context, fd) == success);
    CHECK(WASI(fd_prestat_get)(&g.context, fd, 0) == perm);
    CHECK(WASI(fd_seek)(&g.context, fd, 0, 0, 0) == (fd == 0 ? badf : spipe));
    CHECK(WASI(fd_tell)(&g.context, fd, 0) == (fd == 0 ? badf : spipe));
  }
  CHECK(WASI(fd_write)(&g.context, 0, 0, 0, 0) == badf);
  CHECK(WASI(fd_read)(&g.context, 1, 0, 0, 0) == badf);
}

TEST_CASE("D1: open descriptors are character devices that can only be written, or read") {
  guest g;
  g.context.fd[0].mode = MINWASI_FD_ALLOW;
  for (const u32 fd : {0U, 1U, 2U}) {
    CHECK(WASI(fd_fdstat_get)(&g.context, fd, 64) == success);
    CHECK((g.load(64) & 0xff) == 2);
    CHECK((g.load(64) >> 16) == 0);
    CHECK(g.load64(72) == (fd == 0 ? 1U << 1 : 1U << 6));
    CHECK(g.load64(80) == 0);
  }
  CHECK_OUT_OF_BOUNDS(WASI(fd_fdstat_get)(&g.context, 1, size - 23));
}

namespace {

/// Points a stream to a function that appends to a string, or fails.
void redirect_to(wasi& context, u32 fd, std::string* to) {
  context.fd[fd].mode = MINWASI_FD_REDIRECT;
  context.fd[fd].context = to;
  context.fd[fd].write = [](void* text, u32, const void* data, std::size_t bytes) -> u32 {
    if (text == nullptr) {
      return io;
    }
    static_cast<std::string*>(text)->append(static_cast<const char*>(data), bytes);
    return success;
  };
}

}  // namespace

TEST_CASE("fd_write: all pieces, their total, and nothing from outside") {
  guest g;
  std::string out;
  redirect_to(g.context, 1, &out);
  std::memcpy(g.memory.data + 100, "hello world", 11);
  for (u32 i = 0; i < 2; ++i) {  // "hello", "world"
    g.store(8 * i, 100 + 6 * i);
    g.store(8 * i + 4, 5);
  }
  CHECK(WASI(fd_write)(&g.context, 1, 0, 2, 64) == success);
  CHECK(out == "helloworld");
  CHECK(g.load(64) == 10);

  CHECK_OUT_OF_BOUNDS(WASI(fd_write)(&g.context, 1, size - 8, 2, 64));
  CHECK_OUT_OF_BOUNDS(WASI(fd_write)(&g.context, 1, 0, 0xffffffff, 64));
  CHECK_OUT_OF_BOUNDS(WASI(fd_write)(&g.context, 1, 0, 2, size - 3));
  g.store(0, size - 4);
  CHECK_OUT_OF_BOUNDS(WASI(fd_write)(&g.context, 1, 0, 1, 64));
  g.store(0, 0xffffffff);
  CHECK_OUT_OF_BOUNDS(WASI(fd_write)(&g.context, 1, 0, 1, 64));
  // More bytes than their number can say: refused before the second piece is looked at.
  out.clear();
  g.store(0, 100);
  g.store(4, 5);
  g.store(8, 0);
  g.store(12, 0xfffffffe);
  CHECK(WASI(fd_write)(&g.context, 1, 0, 2, 64) == inval);

  redirect_to(g.context, 2, nullptr);
  CHECK(WASI(fd_write)(&g.context, 2, 0, 1, 64) == io);
  CHECK(g.load(64) == 0);
}

TEST_CASE("fd_read: stops at the first short piece, and believes no count") {
  guest g;
  std::string input = "abcdefg";
  g.context.fd[0].mode = MINWASI_FD_REDIRECT;
  g.context.fd[0].context = &input;
  g.context.fd[0].read = [](void* text, u32, void* data, std::size_t capacity) {
    auto& from = *static_cast<std::string*>(text);
    const std::size_t count = from.size() < capacity ? from.size() : capacity;
    std::memcpy(data, from.data(), count);
    from.erase(0, count);
    return count;
  };
  for (u32 i = 0; i < 3; ++i) {
    g.store(8 * i, 200 + 10 * i);
    g.store(8 * i + 4, 5);
  }
  CHECK(WASI(fd_read)(&g.context, 0, 0, 3, 64) == success);
  CHECK(g.load(64) == 7);
  CHECK(std::memcmp(g.memory.data + 200, "abcde", 5) == 0);
  CHECK(std::memcmp(g.memory.data + 210, "fg\0", 3) == 0);
  g.context.fd[0].read = [](void*, u32, void*, std::size_t capacity) { return capacity + 1000; };
  CHECK(WASI(fd_read)(&g.context, 0, 0, 1, 64) == success);
  CHECK(g.load(64) == 5);
  g.store(0, size - 4);
  CHECK_OUT_OF_BOUNDS(WASI(fd_read)(&g.context, 0, 0, 1, 64));
  g.context.fd[0].read = nullptr;
  CHECK(WASI(fd_read)(&g.context, 0, 0, 1, 64) == badf);
}

TEST_CASE("arguments and environment are copied as often and as far as there is room") {
  guest g;
  const char* strings[] = {"program", "-x", ""};
  const auto check = [&](u32 (*sizes)(wasi*, u32, u32), u32 (*get)(wasi*, u32, u32)) {
    CHECK(sizes(&g.context, 0, 4) == success);
    CHECK(g.load(0) == 3);
    CHECK(g.load(4) == 12);
    CHECK(get(&g.context, 16, 100) == success);
    CHECK(g.load(16) == 100);
    CHECK(g.load(20) == 108);
    CHECK(g.load(24) == 111);
    CHECK(std::memcmp(g.memory.data + 100, "program\0-x\0", 12) == 0);
    CHECK_OUT_OF_BOUNDS(sizes(&g.context, size - 3, 4));
    CHECK_OUT_OF_BOUNDS(get(&g.context, size - 8, 100));
    CHECK_OUT_OF_BOUNDS(get(&g.context, 16, size - 11));
  };
  g.context.main_argc = g.context.env_count = 3;
  g.context.main_argv = g.context.env = strings;
  check(&WASI(args_sizes_get), &WASI(args_get));
  check(&WASI(environ_sizes_get), &WASI(environ_get));
}

TEST_CASE("C8: every clock is the system's, and other numbers are errors") {
  guest g;
  const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                              CLOCK_THREAD_CPUTIME_ID};
  for (u32 id = 0; id < 4; ++id) {
    const auto now = [&] {
      std::timespec time{};
      clock_gettime(clocks[id], &time);
      return static_cast<u64>(time.tv_sec) * 1000000000 + static_cast<u64>(time.tv_nsec);
    };
    const u64 before = now();
    CHECK(WASI(clock_time_get)(&g.context, id, 0, 8) == success);
    CHECK(before <= g.load64(8));
    CHECK(g.load64(8) <= now());
    CHECK(WASI(clock_res_get)(&g.context, id, 8) == success);
    CHECK(g.load64(8) >= 1);
    CHECK(g.load64(8) < 1000000000);
    CHECK_OUT_OF_BOUNDS(WASI(clock_time_get)(&g.context, id, 0, size - 7));
    CHECK_OUT_OF_BOUNDS(WASI(clock_res_get)(&g.context, id, 0xfffffffc));
  }
  CHECK(WASI(clock_time_get)(&g.context, 4, 0, 8) == inval);
  CHECK(WASI(clock_res_get)(&g.context, 0xffffffff, 8) == inval);
}

TEST_CASE("random bytes fill what was asked for, in pieces of any size") {
  guest g;
  CHECK(WASI(random_get)(&g.context, 1000, 0) == success);
  CHECK(WASI(random_get)(&g.context, 1000, 1001) == success);
  int zeros = 0;
  for (u32 i = 1000; i < 2001; ++i) {
    zeros += g.memory.data[i] == 0 ? 1 : 0;
  }
  CHECK(zeros < 40);
  CHECK(g.memory.data[2001] == 0);
  CHECK(g.memory.data[999] == 0);
  CHECK_OUT_OF_BOUNDS(WASI(random_get)(&g.context, size - 10, 11));
}

TEST_CASE("S4: exit is a trap, yielding succeeds") {
  guest g;
  CHECK(trap_of([&] { WASI(proc_exit)(&g.context, 0); }) == RLBOX_WASM2C_TRAP_GUEST_EXIT);
  CHECK(WASI(sched_yield)(&g.context) == success);
}

HARNESS_MAIN()

TEST_CASE("the functions of a stream: any callable, copies of their own, and empty ones") {
  using sink = rlbox::rlbox_wasm2c_stream::sink;
  sink twice = [count = 0](const char*, std::size_t) mutable { return ++count < 3; };
  sink copy = twice;
  CHECK(twice("", 0) && twice("", 0) && !twice("", 0));
  CHECK(copy("", 0));
  copy = twice;
  CHECK(!copy("", 0));
  const sink moved = std::move(twice);
  CHECK(moved && !moved("", 0));
  copy = sink();
  CHECK(!copy);
  using plain = bool(const char*, std::size_t);
  CHECK(!sink(std::function<plain>()));
  CHECK(!sink(static_cast<plain*>(nullptr)));
  CHECK(
      sink(std::function<plain>([](const char*, std::size_t size) { return size == 1; }))("a", 1));
}
