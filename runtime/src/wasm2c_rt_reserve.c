/* Address space for linear memories: finding it, registering it, giving it back. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "wasm2c_rt_internal.h"

#if defined(__linux__) && !defined(MAP_FIXED_NOREPLACE)
#define MAP_FIXED_NOREPLACE 0x100000
#endif

struct rlbox_wasm2c_reservation* rlbox_wasm2c_slots[RLBOX_WASM2C_SLOTS];

#define SLOT_BYTES (UINT64_C(1) << RLBOX_WASM2C_ALIGNMENT_SHIFT)
#define SLOTS_PER_RESERVATION ((unsigned)(RLBOX_WASM2C_RESERVATION >> RLBOX_WASM2C_ALIGNMENT_SHIFT))
#define FREED_KEPT 64u

/*
 * Making and removing mappings, and faulting pages in, costs several times what everything else
 * about a sandbox costs. So a few small reservations are kept when they are given back:
 * inaccessible, so that a stale pointer faults, and with the pages that were used zeroed instead of
 * returned.
 */
#define POOL_KEPT 16u
#define POOL_LARGEST_SIZE UINT64_C(0x400000) /* bytes a memory may have had */
#define POOL_PAGES_ZEROED 64u      /* pages; a memory that used more gives them all back */
#define POOL_LIVES 64u             /* memories after which the pages in use are looked up again */
#define SYSTEM_PAGE ((size_t)4096) /* a unit for mincore; larger system pages are not pooled */

/* Guarded by `lock`: the search position, recently freed places, and unused records. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned cursor;            /* slot where the next search starts, going down; 0: not set */
static unsigned ceiling;           /* highest slot a reservation was seen to start at */
static unsigned freed[FREED_KEPT]; /* slots that were given back, most recent last */
static unsigned freed_count;
static struct rlbox_wasm2c_reservation* unused_records;
static struct rlbox_wasm2c_reservation*
    pool; /* mapped, not live, `size` bytes zeroed and inaccessible */
static unsigned pool_count;

/* A process that forks while another thread holds the lock has a child that can use it. */
static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }
static void prepare_for_forks(void) { pthread_atfork(before_fork, after_fork, after_fork); }

/* Maps a reservation at the start of `slot` if that address space is free. */
static uint8_t* map_at_slot(unsigned slot) {
  void* wanted = (void*)((uintptr_t)slot << RLBOX_WASM2C_ALIGNMENT_SHIFT);
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#if defined(MAP_FIXED_NOREPLACE)
  flags |= MAP_FIXED_NOREPLACE;
#endif
  void* got = mmap(wanted, RLBOX_WASM2C_RESERVATION, PROT_NONE, flags, -1, 0);
  if (got == MAP_FAILED) {
    return NULL;
  }
  if (got != wanted) { /* an old kernel or another system took the address as a hint only */
    munmap(got, RLBOX_WASM2C_RESERVATION);
    errno = EEXIST;
    return NULL;
  }
  return got;
}

static bool slot_is_ours(unsigned slot) {
  return __atomic_load_n(&rlbox_wasm2c_slots[slot], __ATOMIC_RELAXED) != NULL;
}

/* Lets the system choose a place, so that the search starts where address space layout
 * randomisation puts it. */
static bool set_cursor(void) {
  uint64_t bytes = RLBOX_WASM2C_RESERVATION + SLOT_BYTES;
  void* any = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (any == MAP_FAILED) {
    return false;
  }
  munmap(any, bytes);
  uint64_t slot = ((uintptr_t)any + SLOT_BYTES - 1) >> RLBOX_WASM2C_ALIGNMENT_SHIFT;
  if (slot + SLOTS_PER_RESERVATION >= RLBOX_WASM2C_SLOTS) {
    slot = RLBOX_WASM2C_SLOTS - SLOTS_PER_RESERVATION - 1;
  }
  cursor = ceiling = (unsigned)slot;
  return true;
}

/* True for an error that trying another address cannot cure. */
static bool is_final(int error) { return error == ENOMEM || error == EAGAIN; }

/* Finds and maps a place; called with `lock` held. */
static uint8_t* map_anywhere(void) {
  while (freed_count > 0) {
    uint8_t* base = map_at_slot(freed[--freed_count]);
    if (base != NULL) {
      return base;
    }
  }
  if (cursor == 0 && !set_cursor()) {
    return NULL;
  }
  /* Down from the cursor, then once around from the top of the address space (47 bits on common
   * hosts). */
  const unsigned start = cursor;
  bool wrapped = false;
  unsigned top = ceiling | 0x7fffu;
  for (unsigned slot = start;;) {
    if (!slot_is_ours(slot) && !slot_is_ours(slot + 1)) {
      uint8_t* base = map_at_slot(slot);
      if (base != NULL) {
        cursor = slot > SLOTS_PER_RESERVATION ? slot - SLOTS_PER_RESERVATION : 1;
        return base;
      }
      if (is_final(errno)) {
        return NULL;
      }
    }
    if (slot > 1) {
      --slot;
    } else if (!wrapped) {
      wrapped = true;
      slot = top - SLOTS_PER_RESERVATION + 1;
    } else {
      break;
    }
    if (wrapped && slot <= start) {
      break;
    }
  }
  errno = ENOMEM;
  return NULL;
}

/* Enters a reservation into the table, or takes it out; called with `lock` held. */
static void set_slots(const struct rlbox_wasm2c_reservation* reservation,
                      struct rlbox_wasm2c_reservation* value) {
  uintptr_t slot = (uintptr_t)reservation->base >> RLBOX_WASM2C_ALIGNMENT_SHIFT;
  for (unsigned i = 0; i < SLOTS_PER_RESERVATION; i++) {
    __atomic_store_n(&rlbox_wasm2c_slots[slot + i], value, __ATOMIC_RELEASE);
  }
}

/* Unmaps a reservation that is not live; called with `lock` held. */
static void unmap(struct rlbox_wasm2c_reservation* reservation) {
  unsigned slot = (unsigned)((uintptr_t)reservation->base >> RLBOX_WASM2C_ALIGNMENT_SHIFT);
  munmap(reservation->base, RLBOX_WASM2C_RESERVATION);
  if (freed_count < FREED_KEPT) {
    freed[freed_count++] = slot;
  } else if (slot > cursor) {
    cursor = slot;
  }
  free(reservation->pages.used);
  memset(reservation, 0, sizeof *reservation);
  reservation->next = unused_records;
  unused_records = reservation;
}

/* Maps a fresh reservation, or null with errno; called with `lock` held. */
static struct rlbox_wasm2c_reservation* make_reservation(void) {
  struct rlbox_wasm2c_reservation* reservation = unused_records;
  if (reservation != NULL) {
    unused_records = reservation->next;
  } else {
    reservation = calloc(1, sizeof *reservation);
    if (reservation == NULL) {
      return NULL;
    }
  }
  reservation->next = NULL;
  reservation->base = map_anywhere();
  if (reservation->base == NULL) {
    reservation->next = unused_records;
    unused_records = reservation;
    return NULL;
  }
  return reservation;
}

struct rlbox_wasm2c_reservation* rlbox_wasm2c_reserve(struct rlbox_wasm2c_record* record) {
  static pthread_once_t forks = PTHREAD_ONCE_INIT;
  pthread_once(&forks, prepare_for_forks);
  pthread_mutex_lock(&lock);
  struct rlbox_wasm2c_reservation* reservation = pool;
  if (reservation != NULL) {
    pool = reservation->next;
    __atomic_store_n(&pool_count, pool_count - 1, __ATOMIC_RELAXED);
  } else {
    reservation = make_reservation();
    if (reservation == NULL) {
      int error = errno;
      pthread_mutex_unlock(&lock);
      errno = error;
      return NULL;
    }
  }
  reservation->size = 0;
  reservation->record = record;
  reservation->next = NULL;
  set_slots(reservation, reservation);
  pthread_mutex_unlock(&lock);
  return reservation;
}

bool rlbox_wasm2c_commit(struct rlbox_wasm2c_reservation* reservation, uint64_t size) {
  if (size > reservation->size) {
#if defined(__linux__)
    if (reservation->pages.separated != 0 && size > reservation->pages.separated) {
      /* As the pages below, so that the kernel joins them. */
      madvise(reservation->base + reservation->pages.separated, size - reservation->pages.separated,
              MADV_DODUMP);
      reservation->pages.separated = 0;
    }
#endif
    if (mprotect(reservation->base + reservation->size, size - reservation->size,
                 PROT_READ | PROT_WRITE) != 0) {
      return false;
    }
    reservation->size = size;
  }
  return true;
}

/* A library can make the host follow as many wild pointers as it likes, and each page with rights
 * of its own takes two of the process's mappings. So the first fault makes all of the guard area
 * readable, which is one mapping and no memory; a fault there is then a write, and after PATCHES of
 * them the whole guard area can be written. The library itself does not run any more by then. */
#define PATCHES 64u

bool rlbox_wasm2c_patch(struct rlbox_wasm2c_reservation* reservation, uintptr_t address) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const unsigned number = reservation->patches++;
  uint8_t* const from = reservation->base + reservation->size;
  const size_t all = RLBOX_WASM2C_RESERVATION - reservation->size;
  if (number == 0) {
    return mprotect(from, all, PROT_READ) == 0;
  }
  if (number < PATCHES) {
    return mprotect((void*)(address / page * page), page, PROT_READ | PROT_WRITE) == 0;
  }
  return number == PATCHES && mprotect(from, all, PROT_READ | PROT_WRITE) == 0;
}

#if defined(__linux__)
/* True if the system's pages are as large as this file assumes. */
static bool page_size_fits(void) {
  static atomic_uint known; /* 0: not known, 1: yes, 2: no */
  unsigned fits = atomic_load_explicit(&known, memory_order_relaxed);
  if (fits == 0) {
    fits = sysconf(_SC_PAGESIZE) == (long)SYSTEM_PAGE ? 1 : 2;
    atomic_store_explicit(&known, fits, memory_order_relaxed);
  }
  return fits == 1;
}

/* The first page from `page` on that is in use, or that is not; `pages` if there is none. */
static size_t next_page(const uint64_t* used, size_t page, size_t pages, bool is_used) {
  while (page < pages) {
    const uint64_t word = (is_used ? used[page / 64] : ~used[page / 64]) >> (page % 64);
    if (word != 0) {
      page += (size_t)__builtin_ctzll(word);
      break;
    }
    page += 64 - page % 64;
  }
  return page < pages ? page : pages;
}

/* Notes which pages of a memory are in use. A guess for the memories that follow here: nothing but
 * speed depends on it. */
static bool find_used_pages(struct rlbox_wasm2c_reservation* reservation) {
  unsigned char resident[POOL_LARGEST_SIZE / SYSTEM_PAGE];
  const size_t pages = reservation->size / SYSTEM_PAGE;
  uint64_t* const used = reservation->pages.used != NULL
                             ? reservation->pages.used
                             : malloc(POOL_LARGEST_SIZE / SYSTEM_PAGE / 64 * sizeof *used);
  reservation->pages.used = used;
  if (used == NULL || mincore(reservation->base, reservation->size, resident) != 0) {
    return false;
  }
  memset(used, 0, (pages + 63) / 64 * sizeof *used);
  reservation->pages.count = 0;
  for (size_t i = 0; i < pages; i++) {
    used[i / 64] |= (uint64_t)(resident[i] & 1u) << (i % 64);
    reservation->pages.count += resident[i] & 1u;
  }
  reservation->pages.size = reservation->size;
  reservation->pages.lives = 0;
  return true;
}

/* Fills the pages in use with zeros, unless that takes longer than giving them back. */
static void zero_used_pages(const struct rlbox_wasm2c_reservation* reservation) {
  const size_t pages = reservation->size / SYSTEM_PAGE;
  const uint64_t* const used = reservation->pages.used;
  for (size_t i = 0; i < pages && reservation->pages.count <= POOL_PAGES_ZEROED;) {
    const size_t from = next_page(used, i, pages, true);
    i = next_page(used, from, pages, false);
    memset(reservation->base + from * SYSTEM_PAGE, 0, (i - from) * SYSTEM_PAGE);
  }
}

/* Gives all other pages back, which makes them zero, too. */
static bool give_back_pages(const struct rlbox_wasm2c_reservation* reservation) {
  if (reservation->pages.count > POOL_PAGES_ZEROED) {
    return madvise(reservation->base, reservation->size, MADV_DONTNEED) == 0;
  }
  const size_t pages = reservation->size / SYSTEM_PAGE;
  const uint64_t* const used = reservation->pages.used;
  bool given = true;
  for (size_t i = 0; i < pages && given;) {
    const size_t from = next_page(used, i, pages, false);
    i = next_page(used, from, pages, true);
    given = i == from || madvise(reservation->base + from * SYSTEM_PAGE, (i - from) * SYSTEM_PAGE,
                                 MADV_DONTNEED) == 0;
  }
  return given;
}
#endif

/* Zeroes what was used of a memory and makes it inaccessible. False if it is not worth keeping. */
static bool clean(struct rlbox_wasm2c_reservation* reservation) {
#if defined(__linux__)
  if (!page_size_fits() || reservation->size > POOL_LARGEST_SIZE) {
    return false;
  }
  if (reservation->size == 0) {
    return true;
  }
  if ((reservation->pages.size != reservation->size || reservation->pages.lives >= POOL_LIVES) &&
      !find_used_pages(reservation)) {
    return false;
  }
  reservation->pages.lives++;
  zero_used_pages(reservation);
  if (reservation->pages.separated != reservation->size) {
    /* A mark that the guard area has and the memory has not: otherwise the kernel would join them
     * now and take them apart again for the next memory, which takes longer than all the rest. */
    const uint64_t end = reservation->size;
    reservation->pages.separated =
        madvise(reservation->base + end, RLBOX_WASM2C_RESERVATION - end, MADV_DONTDUMP) == 0 ? end
                                                                                             : 0;
  }
  /* In this order: no stale pointer of another thread writes to a page that was given back. */
  return mprotect(reservation->base, reservation->size, PROT_NONE) == 0 &&
         give_back_pages(reservation);
#else
  (void)reservation;
  return false;
#endif
}

void rlbox_wasm2c_release(struct rlbox_wasm2c_reservation* reservation) {
  /* One with pages behind the memory's end is not worth cleaning. */
  bool keep = __atomic_load_n(&pool_count, __ATOMIC_RELAXED) < POOL_KEPT &&
              reservation->patches == 0 && clean(reservation);
  pthread_mutex_lock(&lock);
  set_slots(reservation, NULL);
  if (keep && pool_count < POOL_KEPT) {
    reservation->size = 0;
    reservation->record = NULL;
    reservation->next = pool;
    pool = reservation;
    __atomic_store_n(&pool_count, pool_count + 1, __ATOMIC_RELAXED);
  } else {
    unmap(reservation);
  }
  pthread_mutex_unlock(&lock);
}

#if defined(__linux__) && defined(PR_SET_VMA)
/* A number that stands for a name; another name hardly ever has the same. FNV-1a. */
static uint64_t number_of(const char* name) {
  uint64_t number = UINT64_C(0xcbf29ce484222325);
  for (; *name != '\0'; name++) {
    number = (number ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
  }
  return number;
}
#endif

void rlbox_wasm2c_name_mapping(struct rlbox_wasm2c_reservation* reservation, const char* name) {
#if defined(__linux__) && defined(PR_SET_VMA)
  static atomic_bool unsupported;
  if (name == NULL || atomic_load_explicit(&unsupported, memory_order_relaxed)) {
    return;
  }
  const uint64_t number = number_of(name);
  if (number == reservation->name) {
    return;
  }
  reservation->name = number;
  /* Cut to what the kernel takes. It refuses some characters; a refused name is replaced by a
   * general one. */
  char text[64] = "";
  strncpy(text, name, sizeof text - 1);
  if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, reservation->base, RLBOX_WASM2C_RESERVATION, text) !=
          0 &&
      prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, reservation->base, RLBOX_WASM2C_RESERVATION,
            "rlbox_wasm2c") != 0) {
    atomic_store_explicit(&unsupported, true, memory_order_relaxed);
  }
#else
  (void)reservation;
  (void)name;
#endif
}
