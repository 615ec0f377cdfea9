// Settings

// expect: RLBOX_USE_CUSTOM_SHARED_LOCK needs RLBOX_SHARED_LOCK(name),
// expect: RLBOX_ACQUIRE_SHARED_GUARD(name, lock) and RLBOX_ACQUIRE_UNIQUE_GUARD(name, lock).
#ifdef MISUSE_incomplete_lock
#define RLBOX_USE_CUSTOM_SHARED_LOCK
#define RLBOX_SHARED_LOCK(name) embedder_lock name
#else
#define RLBOX_USE_CUSTOM_SHARED_LOCK
#define RLBOX_SHARED_LOCK(name) embedder_lock name
#define RLBOX_ACQUIRE_SHARED_GUARD(name, lock) embedder_guard name(lock)
#define RLBOX_ACQUIRE_UNIQUE_GUARD(name, lock) embedder_guard name(lock)
#endif
#include "rlbox_helpers.hpp"
