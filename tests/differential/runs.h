#ifndef TESTS_DIFFERENTIAL_RUNS_H_
#define TESTS_DIFFERENTIAL_RUNS_H_

#ifdef __cplusplus
extern "C" {
#endif

// Calls `report` for each run of equal bytes in the text, which ends with a zero byte.
typedef void (*run_callback)(int byte, int length);
void find_runs(const char* text, run_callback report);

// The size of long, which is another one in a sandbox.
int size_of_long(void);

// A read far outside of the library's memory.
int read_far_away(void);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_DIFFERENTIAL_RUNS_H_
