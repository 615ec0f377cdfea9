#include "tests/files/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* Numbers of errors differ between systems. */
static const char* error_name(void) {
  switch (errno) {
#define NAME(name) \
  case name:       \
    return #name
    NAME(EACCES);
    NAME(EBADF);
    NAME(EEXIST);
    NAME(EFBIG);
    NAME(EINVAL);
    NAME(EISDIR);
    NAME(EMFILE);
    NAME(ENAMETOOLONG);
    NAME(ENOENT);
    NAME(ENOSPC);
    NAME(ENOSYS);
    NAME(ENOTDIR);
    NAME(ENOTEMPTY);
    NAME(EROFS);
#undef NAME
  }
  return "another error";
}

static void say(const char* what, long result) {
  if (result < 0) {
    printf("%s: %s\n", what, error_name());
  } else {
    printf("%s: %ld\n", what, result);
  }
}

/* The path of something in a folder; the last few stay valid. */
static const char* in(const char* base, const char* name) {
  static char paths[8][512];
  static int next;
  char* path = paths[next = (next + 1) % 8];
  snprintf(path, sizeof paths[0], "%s/%s", base, name);
  return path;
}

void use_stdio(const char* base) {
  FILE* file = fopen(in(base, "dict/en.aff"), "r");
  if (file == NULL) {
    printf("fopen: %s\n", error_name());
    return;
  }
  char line[64];
  while (fgets(line, sizeof line, file) != NULL) {
    printf("line: %s", line);
  }
  printf("end: %d, error: %d\n", feof(file) != 0, ferror(file) != 0);
  say("size", fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1);
  say("back", fseek(file, -4, SEEK_CUR));
  printf("character: %c\n", fgetc(file));
  printf("pushed back: %c\n", ungetc('#', file));
  printf("read: %zu\n", fread(line, 1, sizeof line, file));
  printf("first: %c\n", line[0]);
  say("behind the end", fseek(file, 1000, SEEK_SET));
  printf("read there: %zu\n", fread(line, 1, sizeof line, file));
  say("before the beginning", fseek(file, -1, SEEK_SET));
  rewind(file);
  printf("again: %s", fgets(line, sizeof line, file));
  errno = 0;
  printf("written: %d\n", fputs("no", file) >= 0 && fflush(file) == 0);
  fclose(file);
  file = fopen(in(base, "empty"), "rb");
  printf("empty: %d\n", file == NULL ? -1 : fgetc(file));
  fclose(file);
}

static void show(const char* name, const struct stat* info) {
  printf("%s: %s, %ld bytes\n", name,
         S_ISDIR(info->st_mode)   ? "folder"
         : S_ISREG(info->st_mode) ? "file"
                                  : "something else",
         S_ISDIR(info->st_mode) ? 0L : (long)info->st_size);
}

void use_posix(const char* base) {
  const char* path = in(base, "dict/en.dic");
  int file = open(path, O_RDONLY);
  say("open", file < 0 ? -1 : 0);
  char bytes[16] = {0};
  char more[16] = {0};
  say("read", read(file, bytes, 5));
  say("pread", pread(file, more, 3, 2));
  printf("%s %s\n", bytes, more);
  say("place", lseek(file, 0, SEEK_CUR));
  struct iovec parts[] = {{bytes, 2}, {more, 0}, {more, 3}};
  say("readv", readv(file, parts, 3));
  printf("%s %s\n", bytes, more);
  say("read nothing", read(file, bytes, 0));
  say("far", lseek(file, 1L << 30, SEEK_SET));
  say("read there", read(file, bytes, 5));
  say("end", lseek(file, -3, SEEK_END));
  say("read at most", read(file, bytes, sizeof bytes));
  say("wrong", lseek(file, -1, SEEK_SET));
  say("write", write(file, bytes, 1));
  printf("mode: %d\n", (fcntl(file, F_GETFL) & O_ACCMODE) == O_RDONLY);
  printf("terminal: %d\n", isatty(file));
  struct stat info;
  say("fstat", fstat(file, &info));
  show("en.dic", &info);
  say("stat", stat(in(base, "dict"), &info));
  show("dict", &info);
  say("close", close(file));
  say("close again", close(file));
  say("read after close", read(file, bytes, 1));
  say("access", access(path, R_OK));
  say("access to nothing", access(in(base, "nothing"), F_OK));
  say("read a folder", read(open(in(base, "dict"), O_RDONLY), bytes, 1));
  say("open a folder to write", open(in(base, "dict"), O_WRONLY));
  int folder = open(in(base, "dict"), O_RDONLY | O_DIRECTORY);
  int inside = openat(folder, "../deep/er/leaf", O_RDONLY);
  say("openat", read(inside, bytes, sizeof bytes));
  say("fstatat", fstatat(folder, "..", &info, 0));
  show("..", &info);
  close(inside);
  close(folder);
}

static int compare(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

static void list(const char* base, const char* name) {
  DIR* folder = opendir(in(base, name));
  if (folder == NULL) {
    printf("opendir %s: %s\n", name, error_name());
    return;
  }
  for (int round = 0; round < 2; round++) {
    char* names[64];
    size_t count = 0;
    for (struct dirent* entry; count < 64 && (entry = readdir(folder)) != NULL;) {
      names[count] = malloc(strlen(entry->d_name) + 3);
      sprintf(names[count++], "%s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
    }
    qsort(names, count, sizeof names[0], compare);
    printf("%s:", name);
    for (size_t i = 0; i < count; i++) {
      printf(" %s", names[i]);
      free(names[i]);
    }
    printf("\n");
    rewinddir(folder);
  }
  readdir(folder);
  long second = telldir(folder);
  char expected[256];
  struct dirent* entry = readdir(folder);
  snprintf(expected, sizeof expected, "%s", entry == NULL ? "" : entry->d_name);
  while (readdir(folder) != NULL) {
  }
  seekdir(folder, second);
  entry = readdir(folder);
  printf("the same: %d\n", strcmp(expected, entry == NULL ? "" : entry->d_name) == 0);
  closedir(folder);
}

void use_folders(const char* base) {
  list(base, ".");
  list(base, "dict");
  list(base, "dict/../deep//er/");
  list(base, "many");
  list(base, "empty");
  list(base, "nothing");
}

void use_wrong_paths(const char* base) {
  static const char* const names[] = {"nothing",
                                      "nothing/",
                                      "nothing/more",
                                      "empty/",
                                      "empty/more",
                                      "empty/..",
                                      "empty/.",
                                      "dict/nothing/..",
                                      "dict/../dict/./en.aff",
                                      "dict//en.aff",
                                      "dict/en.aff/",
                                      "dict/",
                                      "dict/.",
                                      "DICT/en.aff",
                                      "dict/en.aff ",
                                      "../../../../../../../../../../../../etc/no-such-file",
                                      "/.//./empty"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    int file = open(in(base, names[i]), O_RDONLY);
    printf("open ");
    say(names[i], file < 0 ? -1 : 0);
    struct stat info;
    printf("stat ");
    say(names[i], stat(in(base, names[i]), &info));
    if (file >= 0) {
      close(file);
    }
  }
  char name[5000];
  memset(name, 'n', sizeof name);
  name[300] = '\0';
  say("long name", open(in(base, name), O_RDONLY));
  for (size_t i = 0; i + 1 < sizeof name; i += 2) {
    memcpy(name + i, "./", 2);
  }
  name[sizeof name - 1] = '\0';
  say("long path", open(name, O_RDONLY));
  say("folder", open(in(base, "empty"), O_RDONLY | O_DIRECTORY));
  char link[8];
  say("readlink", readlink(in(base, "empty"), link, sizeof link));
}

void use_scratch(const char* folder) {
  FILE* file = fopen(in(folder, "notes"), "w+");
  if (file == NULL) {
    printf("fopen to write: %s\n", error_name());
    return;
  }
  fprintf(file, "%d lines\n", 3);
  fputs("more\n", file);
  say("flush", fflush(file));
  say("place", ftell(file));
  rewind(file);
  char line[64];
  printf("%s", fgets(line, sizeof line, file));
  say("far", fseek(file, 20, SEEK_SET));
  fputs("behind", file);
  fflush(file);
  say("truncate", ftruncate(fileno(file), 12));
  say("close", fclose(file));
  file = fopen(in(folder, "notes"), "a+");
  if (file == NULL) {
    return;
  }
  fputs("appended\n", file);
  say("place", ftell(file));
  rewind(file);
  while (fgets(line, sizeof line, file) != NULL) {
    printf("line: %s", line);
  }
  fclose(file);
  say("exclusive", open(in(folder, "notes"), O_RDWR | O_CREAT | O_EXCL, 0666));
  say("mkdir", mkdir(in(folder, "inner"), 0777));
  say("mkdir again", mkdir(in(folder, "inner"), 0777));
  say("mkdir below nothing", mkdir(in(folder, "no/such"), 0777));
  say("rename", rename(in(folder, "notes"), in(folder, "inner/moved")));
  say("rename nothing", rename(in(folder, "notes"), in(folder, "inner/more")));
  say("rename into itself", rename(in(folder, "inner"), in(folder, "inner/self")));
  mkdir(in(folder, "other"), 0777);
  say("rename a file to a folder", rename(in(folder, "inner/moved"), in(folder, "other")));
  say("rename a folder to a file", rename(in(folder, "other"), in(folder, "inner/moved")));
  say("rename a folder to a full one", rename(in(folder, "other"), in(folder, "inner")));
  say("rename a folder", rename(in(folder, "other"), in(folder, "third")));
  say("rename a full folder", rename(in(folder, "inner"), in(folder, "third")));
  say("rename to what is there", rename(in(folder, "third"), in(folder, "inner")));
  say("rmdir", rmdir(in(folder, "inner")));
  say("unlink a folder", unlink(in(folder, "inner")) == 0 ? 1 : 0);
  list(folder, "inner");
  int first = open(in(folder, "inner/moved"), O_RDWR);
  say("unlink", unlink(in(folder, "inner/moved")));
  say("unlink again", unlink(in(folder, "inner/moved")));
  say("still there", read(first, line, 3));
  say("pwrite", pwrite(first, "xyz", 3, 1));
  say("pread", pread(first, line, 5, 0));
  printf("%.5s\n", line);
  close(first);
  for (int i = 0; i < 20; i++) {
    char name[32];
    snprintf(name, sizeof name, "inner/f%d", i);
    file = fopen(in(folder, name), "w");
    if (file != NULL) {
      fputs("x", file);
      fclose(file);
    }
  }
  /* Removes while listing, as rm -r does. */
  DIR* listed = opendir(in(folder, "inner"));
  if (listed == NULL) {
    printf("opendir: %s\n", error_name());
    return;
  }
  int removed = 0;
  for (struct dirent* entry; (entry = readdir(listed)) != NULL;) {
    if (entry->d_name[0] != '.') {
      char name[300];
      snprintf(name, sizeof name, "inner/%s", entry->d_name);
      removed += remove(in(folder, name)) == 0;
    }
  }
  closedir(listed);
  printf("removed: %d\n", removed);
  say("remove the folder", remove(in(folder, "inner")));
  list(folder, ".");
}

void use_read_only(const char* base) {
  const char* path = in(base, "dict/en.aff");
  say("open to write", open(path, O_WRONLY));
  say("open to read and write", open(path, O_RDWR));
  say("open to truncate", open(path, O_WRONLY | O_TRUNC));
  say("create", open(in(base, "new"), O_WRONLY | O_CREAT, 0666));
  say("fopen", fopen(path, "a") == NULL ? -1 : 0);
  say("mkdir", mkdir(in(base, "folder"), 0777));
  say("unlink", unlink(path));
  say("rmdir", rmdir(in(base, "deep/er")));
  say("rename", rename(path, in(base, "new")));
  say("exclusive", open(path, O_RDWR | O_CREAT | O_EXCL, 0666));
  struct stat info;
  say("still", stat(path, &info) == 0 ? (long)info.st_size : -1);
}
