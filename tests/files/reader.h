#pragma once
#ifdef __cplusplus
extern "C" {
#endif

/* What a library finds out about files, on standard output. Paths are printed without `base`, the
 * folder that everything is in. */

/// With fopen, fseek, ftell, fread, ungetc, fgets.
void use_stdio(const char* base);
/// With open, read, pread, lseek, readv, fcntl, fstat, stat, access, isatty.
void use_posix(const char* base);
/// With opendir, readdir, rewinddir, seekdir.
void use_folders(const char* base);
/// The error of each call that cannot work, on paths of all kinds.
void use_wrong_paths(const char* base);
/// With std::ifstream and std::filesystem.
void use_cxx(const char* base);
/// Writes, moves and removes files in `folder`.
void use_scratch(const char* folder);
/// Tries to change files of `base`.
void use_read_only(const char* base);

#ifdef __cplusplus
}
#endif
