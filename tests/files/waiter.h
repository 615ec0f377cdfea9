#pragma once
#ifdef __cplusplus
extern "C" {
#endif

/// What sleep, usleep, nanosleep, poll and select find out, on standard output.
void wait_in_all_ways(void);
/// The status of a standard stream, on standard output.
void describe_streams(void);
/// Counts a second's sleeps: none of them may take the application's thread.
int sleep_often(int times);

#ifdef __cplusplus
}
#endif
