#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

/// The number of lines in a file; -1 if it cannot be opened.
int lines_of(const char* path);
/// The number of lines in a text, through the same streams.
int lines_in(const char* text);
/// Writes the extension of a path, without asking the system. Returns its length.
size_t extension_of(const char* path, char* out, size_t room);
/// 1 if the file exists, 0 if not or if nobody can say.
int exists(const char* path);

#ifdef __cplusplus
}
#endif
