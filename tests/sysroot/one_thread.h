// What a library does with the standard library's threads, files and POSIX, in functions that print
// what they find.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

void use_mutexes(void);
void use_conditions(void);
void use_once(void);
void use_shared_mutex(void);
void use_thread_local(void);
void use_dynamic_cast(void);
void use_memory(void);

/// Starts a thread: `how` is 0 for pthread_create, 1 for std::thread. Returns 1 if that failed for
/// want of resources.
int start_thread(int how);
/// Waits for what never comes: 0 a condition, 1 a barrier.
void wait_for_ever(int what);

#ifdef __cplusplus
}
#endif
