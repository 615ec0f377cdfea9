/*
 * Linear memories of wasm2c sandboxes.
 *
 * Every memory, imported or exported, lives in a reservation of 8 GiB of address space whose start
 * is a multiple of 4 GiB. The generated code can address at most 8 GiB from the start (a 32-bit
 * index plus a 32-bit offset), and everything behind the memory's current size is inaccessible, so
 * an access that leaves the memory faults and reaches nothing else. The alignment makes a
 * pointer conversion one mask, and a reservation can be found from any address inside it with one
 * table look-up.
 *
 * wasm-rt.h's wasm_rt_allocate_memory, wasm_rt_grow_memory and wasm_rt_free_memory are implemented
 * here too: do not link wabt's wasm-rt-mem-impl.c and wasm-rt-impl.c.
 */
#ifndef RLBOX_WASM2C_RT_MEM_H
#define RLBOX_WASM2C_RT_MEM_H

#if defined(_WIN32)
#error \
    "the wasm2c backend does not support Windows yet; use the noop backend (--@rules_rlbox//rules/settings:backend=noop)"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlbox_internal/wasm2c/settings.h"
#include "wasm-rt.h"

#if UINTPTR_MAX <= 0xffffffffu
#error "the wasm2c backend needs a 64-bit host: a sandbox reserves 8 GiB of address space"
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the wasm2c backend needs a little-endian host"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a wasm page. */
#define RLBOX_WASM2C_PAGE_SIZE UINT64_C(65536)
/** Address space reserved for each memory. */
#define RLBOX_WASM2C_RESERVATION UINT64_C(0x200000000)
/** log2 of the alignment of a memory's start. */
#define RLBOX_WASM2C_ALIGNMENT_SHIFT 32
/** Number of 4 GiB slots the table of reservations covers: 48 bits of address space. */
#define RLBOX_WASM2C_SLOTS 0x10000u
/** Most pages a 32-bit memory can have. */
#define RLBOX_WASM2C_MAX_PAGES UINT64_C(65536)

struct rlbox_wasm2c_record;

/** The import module `env`: what a module that imports its memory and its table is instantiated
 * with. */
struct w2c_env {
  /** The imported memory. */
  wasm_rt_memory_t* sandbox_memory_info;
  /** The imported function table. */
  wasm_rt_funcref_table_t* sandbox_callback_table;
};

/** The import `env.memory`, called by generated code. */
wasm_rt_memory_t* w2c_env_memory(struct w2c_env* env);

/** The import `env.__indirect_function_table`, called by generated code. */
wasm_rt_funcref_table_t* w2c_env_0x5F_indirect_function_table(struct w2c_env* env);

/** The largest size a sandbox's memory may grow to. */
typedef struct w2c_mem_capacity {
  /** False if the request cannot be met. A capacity with false is refused wherever it is used. */
  bool is_valid;
  /** True for a memory with 32-bit addresses, the only kind supported. */
  bool is_mem_32;
  /** The maximum in pages of 64 KiB. */
  uint64_t max_pages;
  /** The maximum in bytes. */
  uint64_t max_size;
} w2c_mem_capacity;

/**
 * The capacity for a memory that can grow to `min_capacity` bytes at least, as in upstream RLBox: 4
 * GiB for each request up to 4 GiB. Invalid for a 64-bit memory and for more than 4 GiB.
 * rlbox_wasm2c_memory_limit sets a limit.
 */
w2c_mem_capacity get_valid_wasm2c_memory_capacity(uint64_t min_capacity, bool is_mem_32);

/**
 * The capacity for a memory that can grow to `bytes` bytes at most, rounded up to whole pages. 0
 * asks for the default, 4 GiB. Invalid for more than 4 GiB.
 */
w2c_mem_capacity rlbox_wasm2c_memory_limit(uint64_t bytes);

/**
 * Creates a memory of `initial_pages` zeroed pages that can grow to the capacity (null: 4 GiB).
 * `name` (may be null) appears in /proc/self/maps and in reports. On failure `data` of the result
 * is null.
 */
wasm_rt_memory_t create_wasm2c_memory(uint32_t initial_pages,
                                      const w2c_mem_capacity* custom_capacity, const char* name);

/** Releases a memory and its reservation, and sets `data` to null. Does nothing if `data` is null.
 */
void destroy_wasm2c_memory(wasm_rt_memory_t* memory);

/** A piece of address space that holds one memory. Records are reused, never freed. */
struct rlbox_wasm2c_reservation {
  /** Start of the memory: guest address 0. */
  uint8_t* base;
  /** Bytes that are accessible now. */
  uint64_t size;
  /** The sandbox, or null for a memory that was made outside one. */
  struct rlbox_wasm2c_record* record;
  /** Next in a list of records that are not live. */
  struct rlbox_wasm2c_reservation* next;
  /** How often the host has followed a wild pointer to a place behind `size`. Such a place may be
   * accessible afterwards. */
  unsigned patches;
  /** Stands for the name of the mapping; 0: it has none. Internal. */
  uint64_t name;
  /** What rlbox_wasm2c_release knows about the pages that earlier memories here used. Internal. */
  struct {
    uint64_t size;      /**< size of the memory that `used` describes; 0: none */
    uint64_t separated; /**< bytes at the start that the kernel keeps apart from the guard area */
    uint64_t* used;     /**< one bit for each page of 4 KiB; null before the first release */
    unsigned lives;     /**< memories since `used` was found out */
    unsigned count;     /**< bits that are set in `used` */
  } pages;
};

/** The live reservations by address / 4 GiB; both halves of a reservation point to it. Internal. */
extern struct rlbox_wasm2c_reservation* rlbox_wasm2c_slots[RLBOX_WASM2C_SLOTS];

/** The live reservation that `address` lies in, guard area included, or null. Safe in signal
 * handlers. */
static inline struct rlbox_wasm2c_reservation* rlbox_wasm2c_find_reservation(const void* address) {
  uintptr_t slot = (uintptr_t)address >> RLBOX_WASM2C_ALIGNMENT_SHIFT;
  if (slot >= RLBOX_WASM2C_SLOTS) {
    return NULL;
  }
  return __atomic_load_n(&rlbox_wasm2c_slots[slot], __ATOMIC_ACQUIRE);
}

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_WASM2C_RT_MEM_H */
