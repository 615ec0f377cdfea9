/* Function tables: wasm-rt.h's functions that generated code calls.
 *
 * Invariant S13: a table is allocated once, with room for the module's own functions and for those
 * of the host, and never moves or shrinks. Generated code may read the table's address, its size
 * and its entries at any time, also while another thread registers a callback; whatever old and new
 * values the code combines stay inside one array. For the same reason a guest cannot grow its
 * table: the room belongs to the host.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "wasm2c_rt_internal.h"

/*
 * The tables of libraries without function pointers of their own are empty until a callback is
 * registered. Such tables lie side by side in address space whose pages the system provides when
 * they are written to first, so that a sandbox without callbacks has no memory for a table. The
 * tables have the size of the default `max_callbacks`.
 */
#define SHELF_TABLES 16384u /* more than 47 bits of address space have sandboxes; 34 MB */
#define SHELF_ENTRIES 65u   /* index 0, which is the null pointer of C, and 64 callbacks */
#define SHELF_TABLE (SHELF_ENTRIES * sizeof(wasm_rt_funcref_t))
#define SHELF_BYTES (SHELF_TABLES * SHELF_TABLE)
#define SHELF_STEP ((size_t)0x40000) /* bytes made accessible at a time; whole system pages */

static pthread_once_t shelf_once = PTHREAD_ONCE_INIT;
static uintptr_t shelf; /* 0: there is none. Atomic; constant after shelf_once */

/* Guarded by `lock`. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t accessible; /* bytes of the shelf */
static uint16_t places;   /* that have been used so far */
static uint16_t unused;   /* last place that was given back, counted from 1; 0: none */
static uint16_t following[SHELF_TABLES]; /* the one that was given back before it */

/* A process that forks while another thread holds the lock has a child that can use it. */
static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }

static void make_shelf(void) {
  void* const space = mmap(NULL, SHELF_BYTES + SHELF_STEP, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space != MAP_FAILED) {
#if defined(MADV_NOHUGEPAGE)
    /* One table is not to have 2 MiB of memory. An old system without such pages refuses. */
    madvise(space, SHELF_BYTES + SHELF_STEP, MADV_NOHUGEPAGE);
#endif
    pthread_atfork(before_fork, after_fork, after_fork);
    __atomic_store_n(&shelf, (uintptr_t)space, __ATOMIC_RELEASE);
  }
}

/* Makes the first `bytes` bytes accessible; called with `lock` held. */
static bool open_shelf(size_t bytes) {
  if (bytes > accessible) {
    if (mprotect((void*)(shelf + accessible), SHELF_STEP, PROT_READ | PROT_WRITE) != 0) {
      return false;
    }
    accessible += SHELF_STEP;
  }
  return true;
}

/* A table of SHELF_ENTRIES empty entries, or null if there is no room. */
static wasm_rt_funcref_t* take_from_shelf(void) {
  pthread_once(&shelf_once, make_shelf);
  if (shelf == 0) {
    return NULL;
  }
  pthread_mutex_lock(&lock);
  uint16_t place = unused;
  if (place != 0) {
    unused = following[place - 1];
  } else if (places < SHELF_TABLES && open_shelf((size_t)(places + 1u) * SHELF_TABLE)) {
    place = ++places;
  }
  pthread_mutex_unlock(&lock);
  return place != 0 ? (wasm_rt_funcref_t*)(shelf + (place - 1u) * SHELF_TABLE) : NULL;
}

/* Gives a table back and empties it. False if it is not from the shelf. */
static bool put_on_shelf(wasm_rt_funcref_t* data) {
  static const wasm_rt_funcref_t empty[SHELF_ENTRIES];
  const uintptr_t start = __atomic_load_n(&shelf, __ATOMIC_ACQUIRE);
  const uintptr_t offset = (uintptr_t)data - start;
  if (start == 0 || offset >= SHELF_BYTES) {
    return false;
  }
  if (memcmp(data, empty, sizeof empty) != 0) { /* pages that nobody wrote to stay so */
    memset(data, 0, sizeof empty);
  }
  const uint16_t place = (uint16_t)(offset / SHELF_TABLE + 1);
  pthread_mutex_lock(&lock);
  following[place - 1] = unused;
  unused = place;
  pthread_mutex_unlock(&lock);
  return true;
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t* table, uint32_t elements,
                                    uint32_t max_elements) {
  const struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  uint64_t room = elements;
  table->data = NULL;
  table->size = 0;
  table->max_size = max_elements;
  if (record != NULL) {
    if (elements > record->max_table) {
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_NO_MEMORY,
                         "the module's function table is larger than max_table allows");
    }
    room += record->spare_entries;
    room = room < max_elements || max_elements < elements ? room : max_elements;
  }
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  wasm_rt_funcref_t* data =
      record != NULL && elements <= 1 && room <= SHELF_ENTRIES ? take_from_shelf() : NULL;
  if (data == NULL) {
    /* calloc(0) may return null. */
    data = calloc(room != 0 ? room : 1, sizeof *data);
  }
  rlbox_wasm2c_return_to(guest);
  if (data == NULL) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_NO_MEMORY, "the function table cannot be allocated");
  }
  table->data = data;
  table->size = elements;
  table->max_size = (uint32_t)room;
}

uint32_t wasm_rt_grow_funcref_table(wasm_rt_funcref_table_t* table, uint32_t delta,
                                    wasm_rt_funcref_t init) {
  (void)init;
  return delta == 0 ? table->size : UINT32_MAX;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t* table) {
  if (!put_on_shelf(table->data)) {
    free(table->data);
  }
  table->data = NULL;
  table->size = table->max_size = 0;
}
