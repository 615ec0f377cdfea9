// S19: files in memory, with paths, descriptors, offsets and counts of the library's choice.
#include "tests/hostile/box.hpp"

#if defined(__linux__)
#include <malloc.h>
#endif

using namespace hostile;

namespace {

constexpr std::uint32_t last = 0xFFFFFFFFU;
constexpr std::uint64_t far = ~std::uint64_t{0};
constexpr std::uint32_t result = 1024;  // addresses that its stack does not come to
constexpr std::uint32_t vectors = 2048;
constexpr std::uint32_t bytes = 4096;
constexpr std::uint64_t to_read = 2;
constexpr std::uint64_t to_write = 0x42;

constexpr std::uint32_t badf = 8;
constexpr std::uint32_t inval = 28;
constexpr std::uint32_t mfile = 33;
constexpr std::uint32_t nametoolong = 37;
constexpr std::uint32_t noent = 44;
constexpr std::uint32_t nosys = 52;
constexpr std::uint32_t nospc = 51;
constexpr std::uint32_t notsup = 58;
constexpr std::uint32_t perm = 63;
constexpr std::uint32_t rofs = 69;

/// A sandbox with a file that can be read, and some space.
box_type& box_with_files(kit& k) {
  k.options.files.add("/base/file", "a file of the application's");
  k.options.files.add("/base/deep/file", "deep");
  k.options.files.allow_scratch("/tmp", 100000, 100);
  return box_of(k);
}

std::uint32_t call(box_type& box, std::uint32_t function, std::uint32_t a, std::uint32_t b = 0,
                   std::uint32_t c = 0, std::uint32_t d = 0, std::uint32_t e = 0,
                   std::uint32_t f = 0, std::uint64_t x = 0, std::uint64_t y = 0) {
  return box.invoke_sandbox_function(wasi_file, function, a, b, c, d, e, f, 0U, x, y)
      .copy_and_verify(as_it_is);
}

/// Puts a text into the library's memory.
t<char*> text(box_type& box, const std::string& value) {
  const auto size = static_cast<std::uint32_t>(value.size() + 1);
  auto copy = box.malloc_in_sandbox<char>(size);
  rlbox::memcpy(box, copy, value.c_str(), size);
  return copy;
}

std::uint32_t address(const t<char*>& pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer.UNSAFE_unverified()) &
                                    last);
}

std::uint32_t open(box_type& box, const char* path, std::uint32_t oflags = 0,
                   std::uint64_t rights = to_read, std::uint32_t fd = 3) {
  return box
      .invoke_sandbox_function(open_at, fd, sandbox_const_cast<const char*>(text(box, path)),
                               oflags, rights)
      .copy_and_verify(as_it_is);
}

/// The error of such a call.
std::uint32_t error_of(std::uint32_t opened) { return last - opened; }

/// One vector at `vectors`.
void vector_of(box_type& box, std::uint32_t where, std::uint32_t size) {
  box.invoke_sandbox_function(store32, vectors, where);
  box.invoke_sandbox_function(store32, vectors + 4, size);
}

std::uint32_t loaded(box_type& box, std::uint32_t where) {
  return static_cast<std::uint32_t>(
      box.invoke_sandbox_function(load64, where).copy_and_verify(as_it_is) & last);
}

/// Bytes that this process has from malloc; 0 where nobody counts them, as with sanitizers.
std::size_t allocated() {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  return mallinfo2().uordblks;
#else
  return 0;
#endif
}

}  // namespace

BEHAVIOUR("H-FIL-01", "looks for files of the host on every way out", harmless()) {
  auto& box = box_with_files(k);
  for (const char* path :
       {"etc/passwd", "../etc/passwd", "base/../../etc/passwd", "base/file/../../etc/passwd",
        "proc/self/mem", "./././../..//../proc/self/environ", "dev/null", "base/deep/../../../root",
        "tmp/../../tmp/../home", "\\..\\etc", "base/deep/..%2f..", "C:/", "..file"}) {
    REQUIRE(open(box, path) > last - 100);
  }
  REQUIRE(error_of(open(box, "/etc/passwd")) == perm);
  REQUIRE(error_of(open(box, "/base/file")) == perm);
  REQUIRE(open(box, "../../../base/../base/deep/../file") < 256);
}

BEHAVIOUR("H-FIL-02", "opens files a million times", harmless()) {
  auto& box = box_with_files(k);
  const auto path = text(box, "base/file");
  REQUIRE(
      box.invoke_sandbox_function(open_forever, sandbox_const_cast<const char*>(path), 0U, 1000000U)
          .copy_and_verify(as_it_is) == 252);
  REQUIRE(error_of(open(box, "base/file")) == mfile);
  REQUIRE(error_of(open(box, "tmp/new", 1, to_write)) == mfile);
  REQUIRE(call(box, CLOSE, 200) == 0);
  REQUIRE(open(box, "base/file") == 200);
}

BEHAVIOUR("H-FIL-03", "names that are too long, empty, or have zeroes", harmless()) {
  auto& box = box_with_files(k);
  REQUIRE(error_of(open(box, ("tmp/" + std::string(256, 'x')).c_str(), 1, to_write)) ==
          nametoolong);
  std::string path;
  while (path.size() < 5000) {
    path += "./";
  }
  REQUIRE(error_of(open(box, path.c_str())) == nametoolong);
  const std::uint32_t at = address(text(box, "tmp/aXb"));
  box.invoke_sandbox_function(store8, at + 5, 0U);
  for (const std::uint32_t function : {MAKE_FOLDER, STAT_PATH, UNLINK, REMOVE_FOLDER, READLINK}) {
    REQUIRE(call(box, function, 3, at, 7, result, 0, result) == inval);
    REQUIRE(call(box, function, 3, at, 0, result, 0, result) == noent);
    REQUIRE(call(box, function, 3, 0, 60000, result, 0, result) == nametoolong);
  }
}

BEHAVIOUR("H-FIL-04", "a path that ends behind its memory", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  call(box, OPEN, 3, end_of(box) - 4, 8, 0, 0, result, to_read, far);
}

BEHAVIOUR("H-FIL-05", "a path of 4 GiB", traps(out_of_bounds)) {
  call(box_with_files(k), STAT_PATH, 3, 1, last, result);
}

BEHAVIOUR("H-FIL-06", "a description behind its end", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  const std::uint32_t path = address(text(box, "base/file"));
  call(box, STAT_PATH, 3, path, 9, end_of(box) - 63);
}

BEHAVIOUR("H-FIL-07", "the second path of a rename behind its end", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  const std::uint32_t path = address(text(box, "base/file"));
  call(box, RENAME, 3, path, 9, 3, end_of(box), 1);
}

BEHAVIOUR("H-FIL-08", "vectors whose number overflows", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  call(box, READ, open(box, "base/file"), vectors, 0x20000001U, result);
}

BEHAVIOUR("H-FIL-09", "reads to behind its end", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  const std::uint32_t fd = open(box, "base/file");
  vector_of(box, end_of(box) - 4, 8);
  call(box, READ, fd, vectors, 1, result);
}

BEHAVIOUR("H-FIL-10", "writes from a buffer whose end overflows", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  const std::uint32_t fd = open(box, "tmp/new", 1, to_write);
  vector_of(box, last - 4, last);
  call(box, WRITE, fd, vectors, 1, result);
}

BEHAVIOUR("H-FIL-11", "reads over the vectors that it reads by", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  const std::uint32_t fd = open(box, "base/file");
  // The first fills the second, whose address and size are then text.
  vector_of(box, vectors + 8, 8);
  box.invoke_sandbox_function(store32, vectors + 8, bytes);
  box.invoke_sandbox_function(store32, vectors + 12, 4U);
  call(box, READ, fd, vectors, 2, result);
}

BEHAVIOUR("H-FIL-12", "offsets at and behind every end", harmless()) {
  auto& box = box_with_files(k);
  const std::uint32_t fd = open(box, "base/file");
  const std::uint32_t mine = open(box, "tmp/new", 1, to_write);
  vector_of(box, bytes, 16);
  for (const std::uint64_t offset :
       {std::uint64_t{27}, std::uint64_t{28}, std::uint64_t{1} << 32, std::uint64_t{1} << 62,
        far >> 1, (far >> 1) + 1, far - 15, far - 16, far}) {
    REQUIRE(call(box, PREAD, fd, vectors, 1, result, 0, 0, offset) == 0);
    REQUIRE(loaded(box, result) == 0);
    if (offset > 100000) {
      REQUIRE(call(box, PWRITE, mine, vectors, 1, result, 0, 0, offset) != 0);
      REQUIRE(call(box, SET_SIZE, mine, 0, 0, 0, 0, 0, offset) == nospc);
      REQUIRE(call(box, ALLOCATE, mine, 0, 0, 0, 0, 0, offset, offset) != 0);
      REQUIRE(call(box, ALLOCATE, mine, 0, 0, 0, 0, 0, 1, offset) != 0);
    }
    for (std::uint32_t whence = 0; whence < 5; ++whence) {
      const std::uint32_t error = call(box, SEEK, fd, whence, result, 0, 0, 0, offset);
      REQUIRE(error == 0 || error == inval);
      REQUIRE(call(box, READ, fd, vectors, 1, result) == 0);
      REQUIRE(call(box, SEEK, mine, whence, result, 0, 0, 0, offset) == error);
      REQUIRE(call(box, WRITE, mine, vectors, 1, result) == 0 || offset > 100000);
      call(box, SEEK, fd, 0, result);
      call(box, SEEK, mine, 0, result);
    }
  }
}

BEHAVIOUR("H-FIL-13", "descriptors that are closed, moved, standard or nobody's", harmless()) {
  auto& box = box_with_files(k);
  const std::uint32_t fd = open(box, "base/file");
  vector_of(box, bytes, 16);
  REQUIRE(call(box, RENUMBER, fd, 20) == 0);
  REQUIRE(call(box, READ, fd, vectors, 1, result) == badf);
  REQUIRE(call(box, READ, 20, vectors, 1, result) == 0);
  REQUIRE(call(box, RENUMBER, 20, 20) == 0);
  REQUIRE(call(box, RENUMBER, 20, 256) == badf);
  REQUIRE(call(box, RENUMBER, 20, last) == badf);
  REQUIRE(call(box, RENUMBER, 1, 20) == badf);
  REQUIRE(call(box, CLOSE, 20) == 0);
  REQUIRE(call(box, CLOSE, 20) == badf);
  for (const std::uint32_t number : {20U, 255U, 256U, 0x7FFFFFFFU, last}) {
    for (std::uint32_t function = 0; function < FILE_FUNCTIONS; ++function) {
      if (function != SYMLINK && function != LINK && function != OPEN) {
        REQUIRE(call(box, function, number, vectors, 1, result, vectors, result) == badf);
      }
    }
  }
}

BEHAVIOUR("H-FIL-14", "makes its standard output a file, and looks for the application's",
          harmless()) {
  static std::size_t printed = 0;
  k.options.standard_output =
      rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t size) {
        printed += size;
        return true;
      });
  auto& box = box_with_files(k);
  vector_of(box, bytes, 16);
  REQUIRE(call(box, RENUMBER, open(box, "tmp/out", 1, to_write), 1) == 0);
  REQUIRE(call(box, WRITE, 1, vectors, 1, result) == 0);
  REQUIRE(printed == 0);
  REQUIRE(call(box, RENUMBER, open(box, "base/file"), 1) == 0);
  REQUIRE(call(box, WRITE, 1, vectors, 1, result) == badf);
  REQUIRE(call(box, CLOSE, 1) == 0);
  REQUIRE(call(box, WRITE, 1, vectors, 1, result) == 0);
  REQUIRE(printed == 16);
}

BEHAVIOUR("H-FIL-15", "closes the root, and goes on", harmless()) {
  auto& box = box_with_files(k);
  const std::uint32_t folder = open(box, "base/deep", 2);
  REQUIRE(call(box, CLOSE, 3) == 0);
  REQUIRE(error_of(open(box, "base/file")) == badf);
  REQUIRE(call(box, PRESTAT, 3, result) == badf);
  REQUIRE(open(box, "../../base/file", 0, to_read, folder) == 3);
  REQUIRE(call(box, PRESTAT, 3, result) == badf);
}

BEHAVIOUR("H-FIL-16", "lists folders into small buffers, with cookies of its own", harmless()) {
  auto& box = box_with_files(k);
  const std::uint32_t folder = open(box, "base", 2);
  box.invoke_sandbox_function(memory_fill, bytes, 0xA7U, 512U);
  for (std::uint32_t size = 0; size < 200; ++size) {
    for (const std::uint64_t cookie :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{4},
          std::uint64_t{5}, std::uint64_t{1} << 32, far - 1, far}) {
      REQUIRE(call(box, READDIR, folder, bytes, size, result, 0, 0, cookie) == 0);
      REQUIRE(loaded(box, result) <= size);
    }
    REQUIRE(box.invoke_sandbox_function(load8, bytes + size).copy_and_verify(as_it_is) == 0xA7);
  }
}

BEHAVIOUR("H-FIL-17", "lists a folder into a buffer behind its end", traps(out_of_bounds)) {
  auto& box = box_with_files(k);
  call(box, READDIR, 3, end_of(box) - 4, 100, result);
}

BEHAVIOUR("H-FIL-18", "writes more than it may, in many files and in one", harmless()) {
  auto& box = box_with_files(k);
  const auto folder = text(box, "tmp");
  const auto made = [&](std::uint32_t size) {
    return box
        .invoke_sandbox_function(make_forever, sandbox_const_cast<const char*>(folder), 10000U,
                                 size)
        .copy_and_verify(as_it_is);
  };
  REQUIRE(made(50000) == 2);
  REQUIRE(made(0) == 100);
  REQUIRE(error_of(open(box, "tmp/one more", 1, to_write)) == nospc);
}

BEHAVIOUR("H-FIL-19", "makes folders in each other without end", harmless()) {
  auto& box = box_with_files(k);
  const auto folder = text(box, "tmp");
  REQUIRE(
      box.invoke_sandbox_function(dig_forever, sandbox_const_cast<const char*>(folder), 1000000U)
          .copy_and_verify(as_it_is) == 100);
}

BEHAVIOUR("H-FIL-20", "fills the space with files that it has removed", harmless()) {
  auto& box = box_with_files(k);
  vector_of(box, 0, 60000);
  const std::uint32_t first = open(box, "tmp/a", 1, to_write);
  REQUIRE(call(box, WRITE, first, vectors, 1, result) == 0);
  REQUIRE(call(box, UNLINK, 3, address(text(box, "tmp/a")), 5) == 0);
  const std::uint32_t second = open(box, "tmp/a", 1, to_write);
  REQUIRE(call(box, WRITE, second, vectors, 1, result) == nospc);
  REQUIRE(call(box, CLOSE, first) == 0);
  REQUIRE(call(box, WRITE, second, vectors, 1, result) == 0);
}

BEHAVIOUR("H-FIL-21", "uses a folder that it has removed, and its parent", harmless()) {
  auto& box = box_with_files(k);
  REQUIRE(call(box, MAKE_FOLDER, 3, address(text(box, "tmp/a")), 5) == 0);
  REQUIRE(call(box, MAKE_FOLDER, 3, address(text(box, "tmp/a/b")), 7) == 0);
  const std::uint32_t outer = open(box, "tmp/a", 2);
  const std::uint32_t inner = open(box, "tmp/a/b", 2);
  REQUIRE(call(box, REMOVE_FOLDER, 3, address(text(box, "tmp/a/b")), 7) == 0);
  REQUIRE(call(box, REMOVE_FOLDER, 3, address(text(box, "tmp/a")), 5) == 0);
  REQUIRE(call(box, CLOSE, outer) == 0);
  for (const char* path : {"..", "../..", "x", "../x", "."}) {
    const std::uint32_t error = error_of(open(box, path, 1, to_write, inner));
    REQUIRE(error < 100 && error != 0);
  }
  REQUIRE(call(box, READDIR, inner, bytes, 100, result) == 0);
  REQUIRE(call(box, MAKE_FOLDER, inner, address(text(box, "c")), 1) == noent);
  REQUIRE(call(box, RENAME, 3, address(text(box, "base/file")), 9, inner, address(text(box, "c")),
               1) != 0);
}

BEHAVIOUR("H-FIL-22", "changes the application's files in every way", harmless()) {
  static const std::string content = "content";
  k.options.files.add_view("/tmp/given", content.data(), content.size());
  k.options.files.add("/tmp/folder/given", "x");
  auto& box = box_with_files(k);
  const std::uint32_t path = address(text(box, "tmp/given"));
  const std::uint32_t folder = address(text(box, "tmp/folder"));
  const std::uint32_t mine = address(text(box, "tmp/mine"));
  REQUIRE(open(box, "tmp/mine", 1, to_write) < 256);
  for (const std::uint32_t oflags : {0U, 1U, 8U, 9U}) {
    REQUIRE(error_of(open(box, "tmp/given", oflags, to_write)) == rofs);
    REQUIRE(error_of(open(box, "tmp/given", oflags | 8U, far)) == rofs);
  }
  REQUIRE(error_of(open(box, "tmp/given", 8, to_read)) == rofs);
  const std::uint32_t fd = open(box, "tmp/given");
  vector_of(box, bytes, 4);
  REQUIRE(call(box, WRITE, fd, vectors, 1, result) == badf);
  REQUIRE(call(box, PWRITE, fd, vectors, 1, result) == badf);
  REQUIRE(call(box, SET_SIZE, fd) == inval);
  REQUIRE(call(box, ALLOCATE, fd, 0, 0, 0, 0, 0, 0, 100) == inval);
  REQUIRE(call(box, SET_RIGHTS, fd, 0, 0, 0, 0, 0, far, far) != 0);
  REQUIRE(call(box, SET_TIMES, fd, 5) == rofs);
  REQUIRE(call(box, UNLINK, 3, path, 9) == rofs);
  REQUIRE(call(box, REMOVE_FOLDER, 3, folder, 10) == rofs);
  REQUIRE(call(box, RENAME, 3, path, 9, 3, mine, 8) == rofs);
  REQUIRE(call(box, RENAME, 3, mine, 8, 3, path, 9) == rofs);
  REQUIRE(call(box, RENAME, 3, mine, 8, 3, address(text(box, "tmp/folder/x")), 12) == rofs);
  REQUIRE(call(box, LINK, 3, path, 9, 3, mine, 8) == notsup);
  REQUIRE(call(box, SYMLINK, path, 9, 3, mine, 8) == notsup);
  REQUIRE(content == "content");
}

BEHAVIOUR("H-FIL-23", "calls all functions for files by chance", harmless()) {
  k.options.standard_output = rlbox_wasm2c_stream::deny();
  auto& box = box_with_files(k);
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    box.invoke_sandbox_function(file_storm, seed, 5000U, 0U);
  }
}

BEHAVIOUR("H-FIL-24", "calls all functions for files with numbers by chance", harmless()) {
  k.options.standard_output = rlbox_wasm2c_stream::deny();
  k.options.traps = rlbox_wasm2c_trap_policy::survive;
  k.options.files.add("/base/file", "a file of the application's");
  k.options.files.allow_scratch("/tmp", 100000, 100);
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    box_type box;
    box.create_sandbox(k.options);
#if defined(RLBOX_USE_EXCEPTIONS)
    try {
      box.invoke_sandbox_function(file_storm, seed, 300U, 1U);
    } catch (const rlbox_wasm2c_trap_error&) {
      REQUIRE(box.get_sandbox_impl()->has_trapped());
    }
#else
    box.invoke_sandbox_function(file_storm, seed, 300U, 1U);
#endif
    box.destroy_sandbox();
  }
}

BEHAVIOUR("H-FIL-25", "has functions for files and no files", harmless()) {
  auto& box = box_of(k);
  for (std::uint32_t fd = 3; fd < 6; ++fd) {
    for (std::uint32_t function = 0; function < FILE_FUNCTIONS; ++function) {
      const std::uint32_t error = call(box, function, fd, vectors, 1, result, vectors, result);
      REQUIRE(error == nosys || error == badf);
    }
  }
}

BEHAVIOUR("H-FIL-26", "stops in the middle of files, and is destroyed",
          {"trap: out-of-bounds", "trap: out-of-bounds"}) {
  auto& box = box_with_files(k);
  const std::uint32_t fd = open(box, "tmp/a", 1, to_write);
  vector_of(box, bytes, 5000);
  box.invoke_sandbox_function(store32, vectors + 8, last);
  box.invoke_sandbox_function(store32, vectors + 12, 100U);
  call(box, UNLINK, 3, address(text(box, "tmp/a")), 5);
  call(box, WRITE, fd, vectors, 2, result);
}

BEHAVIOUR("H-FIL-27", "asks for a file with its stack full", traps(stack_exhausted)) {
  auto& box = box_with_files(k);
  box.invoke_sandbox_function(open_deep, 100000000U);
}

BEHAVIOUR("H-FIL-28", "moves its files through all its folders", harmless()) {
  k.options.files.allow_scratch("/tmp", 1000, 1000);
  auto& box = box_of(k);
  const std::size_t before = allocated();
  REQUIRE(box.invoke_sandbox_function(carry_around, 500U, 500U).copy_and_verify(as_it_is) == 0);
  REQUIRE(allocated() - before < 1000000);
}
