#ifndef CHECKSUM_H_
#define CHECKSUM_H_

#ifdef __cplusplus
extern "C" {
#endif

// The sum of a string's bytes and of a value that differs between systems.
unsigned checksum(const char* text);

#ifdef __cplusplus
}
#endif

#endif  // CHECKSUM_H_
