"""WASI preview 1: its functions and their types, the one place that has them.

wasm2c links imports by name only, so a module that gives one another type would call the host's function with other
registers than it reads. rules/private/abi.bzl has the same names, runtime/src the same types;
tests/tools/wasm/wasi_functions_test.py compares them.
"""

from __future__ import annotations

from wasm.model import FuncType

# A letter for each parameter: 4 = i32, 8 = i64. The result is an i32, the error number; proc_exit has none.
_PARAMETERS = {
    "args_get": "44",
    "args_sizes_get": "44",
    "clock_res_get": "44",
    "clock_time_get": "484",
    "environ_get": "44",
    "environ_sizes_get": "44",
    "fd_advise": "4884",
    "fd_allocate": "488",
    "fd_close": "4",
    "fd_datasync": "4",
    "fd_fdstat_get": "44",
    "fd_fdstat_set_flags": "44",
    "fd_fdstat_set_rights": "488",
    "fd_filestat_get": "44",
    "fd_filestat_set_size": "48",
    "fd_filestat_set_times": "4884",
    "fd_pread": "44484",
    "fd_prestat_dir_name": "444",
    "fd_prestat_get": "44",
    "fd_pwrite": "44484",
    "fd_read": "4444",
    "fd_readdir": "44484",
    "fd_renumber": "44",
    "fd_seek": "4844",
    "fd_sync": "4",
    "fd_tell": "44",
    "fd_write": "4444",
    "path_create_directory": "444",
    "path_filestat_get": "44444",
    "path_filestat_set_times": "4444884",
    "path_link": "4444444",
    "path_open": "444448844",
    "path_readlink": "444444",
    "path_remove_directory": "444",
    "path_rename": "444444",
    "path_symlink": "44444",
    "path_unlink_file": "444",
    "poll_oneoff": "4444",
    "proc_exit": "4",
    "proc_raise": "4",
    "random_get": "44",
    "sched_yield": "",
    "sock_accept": "444",
    "sock_recv": "444444",
    "sock_send": "44444",
    "sock_shutdown": "44",
}

SIGNATURES = {
    name: FuncType(
        tuple("i64" if letter == "8" else "i32" for letter in parameters),
        () if name == "proc_exit" else ("i32",),
    )
    for name, parameters in _PARAMETERS.items()
}

# Those for files and descriptors. A library with files = True may import all of them.
FILE_FUNCTIONS = frozenset(name for name in SIGNATURES if name.startswith(("fd_", "path_")))
