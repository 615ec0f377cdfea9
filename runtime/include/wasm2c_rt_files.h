/*
 * Files in memory for a sandbox.
 *
 * The library sees exactly the files that the embedder adds, the folders that their paths imply,
 * and, if the embedder allows that, files that the library writes into one folder. All of these are
 * bytes in this process: the host's file system is not asked. Everything is freed with the sandbox.
 */
#ifndef RLBOX_WASM2C_RT_FILES_H
#define RLBOX_WASM2C_RT_FILES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct minwasi_files;

/** Makes the files of one sandbox, for `files` of its w2c_wasi__snapshot__preview1, which then owns
 * them. Null if there is no memory. */
struct minwasi_files* rlbox_wasm2c_make_files(void);

/** Frees files that no context owns. Null is nothing. */
void rlbox_wasm2c_free_files(struct minwasi_files* files);

/**
 * Adds a file that the library can read.
 *
 * @param path where: names of at most 255 bytes, each behind one slash, together at most 4096.
 * @param path_length in bytes.
 * @param bytes the content; not copied, and not changed. It lives as long as the files.
 * @param size in bytes.
 * @return null, or what is wrong: the end of a sentence that begins with the path.
 */
const char* rlbox_wasm2c_add_file(struct minwasi_files* files, const char* path, size_t path_length,
                                  const void* bytes, size_t size);

/**
 * Lets the library make, change and remove files and folders in the folder `path`, "/" for all.
 * Files that the embedder has added stay as they are. To be called once.
 *
 * @param path as above.
 * @param path_length in bytes.
 * @param max_bytes what the library's files may hold together.
 * @param max_entries how many files and folders there may be.
 * @return as above.
 */
const char* rlbox_wasm2c_add_scratch(struct minwasi_files* files, const char* path,
                                     size_t path_length, uint64_t max_bytes, uint32_t max_entries);

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_WASM2C_RT_FILES_H */
