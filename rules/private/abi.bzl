"""The names between a sandbox's module and the runtime, for the rules. tools/wasm/abi.py has them for the tools."""

# Functions of the library that the runtime calls: every module exports them.
REQUIRED_EXPORTS = ["free", "malloc"]

# What the runtime uses where it is there: the linker exports each if the library has it.
OPTIONAL_EXPORTS = ["__stack_pointer"]

# What a module with exceptions is linked with for the runtime: runtime/guest/exceptions.
EXCEPTION_EXPORTS = ["__rlbox_uncaught"]

# What the linker always has.
LINKER_EXPORTS = ["__wasm_call_dtors"]

# WASI functions that the runtime implements without giving the library anything of the host: standard output,
# clocks, random numbers, arguments and environment (empty unless the application sets them).
DEFAULT_ALLOWED_IMPORTS = [
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "proc_exit",
    "random_get",
    "sched_yield",
]

# Functions for files. The runtime implements them for the files in memory that the application gives the library; a target
# asks for all of them with files = True.
FILE_IMPORTS = [
    "fd_advise",
    "fd_allocate",
    "fd_datasync",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_pwrite",
    "fd_readdir",
    "fd_renumber",
    "fd_sync",
    "fd_tell",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
]

# The functions of WASI preview 1 that a target has to ask for.
OTHER_WASI = FILE_IMPORTS + [
    "poll_oneoff",
    "proc_raise",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
]

def allowed_imports(attr):
    """Says which functions of WASI a module may import.

    Args:
        attr: a rule's `ctx.attr` with `allowed_imports` and `files`, and perhaps `export_all`.

    Returns:
        list of string.
    """
    more = FILE_IMPORTS if attr.files else []
    if getattr(attr, "export_all", False):
        # All of libc is exported, and calls what there is. The runtime refuses these calls, as with allowed_imports.
        more = OTHER_WASI
    return DEFAULT_ALLOWED_IMPORTS + more + [name for name in attr.allowed_imports if name not in more]
