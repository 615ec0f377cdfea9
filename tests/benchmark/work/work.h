#pragma once
#ifdef __cplusplus
extern "C" {
#endif

/// Does a library's typical work `rounds` times, on input that it makes itself, and returns a
/// checksum of the results. Everything happens in one call, so that the library's own code is what
/// is measured.
unsigned work(unsigned rounds);

#ifdef __cplusplus
}
#endif
