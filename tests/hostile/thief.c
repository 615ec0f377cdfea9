#include "tests/hostile/thief.h"

#define STEAL(function, import)                                                              \
  __asm__(".globl " #function                                                                \
          "\n"                                                                               \
          ".functype from_" #import                                                          \
          " () -> (i64,i64,i64,i64,i64,i64,i64,i64)\n"                                       \
          ".import_module from_" #import                                                     \
          ", wasi_snapshot_preview1\n"                                                       \
          ".import_name from_" #import ", " #import                                          \
          "\n"                                                                               \
          ".section .text." #function                                                        \
          ",\"\",@\n"                                                                        \
          ".type " #function ",@function\n" #function                                        \
          ":\n"                                                                              \
          ".functype " #function                                                             \
          " (i32) -> ()\n"                                                                   \
          ".local i64,i64,i64,i64,i64,i64,i64,i64\n"                                         \
          "call from_" #import                                                               \
          "\n"                                                                               \
          "local.set 8\nlocal.set 7\nlocal.set 6\nlocal.set 5\n"                             \
          "local.set 4\nlocal.set 3\nlocal.set 2\nlocal.set 1\n"                             \
          "local.get 0\nlocal.get 1\ni64.store 0\nlocal.get 0\nlocal.get 2\ni64.store 8\n"   \
          "local.get 0\nlocal.get 3\ni64.store 16\nlocal.get 0\nlocal.get 4\ni64.store 24\n" \
          "local.get 0\nlocal.get 5\ni64.store 32\nlocal.get 0\nlocal.get 6\ni64.store 40\n" \
          "local.get 0\nlocal.get 7\ni64.store 48\nlocal.get 0\nlocal.get 8\ni64.store 56\n" \
          "end_function\n")

STEAL(steal_by_yield, sched_yield);
STEAL(steal_by_args_sizes, args_sizes_get);
