/* Linear memories: the embedder's functions, and wasm-rt.h's memory functions that generated code
 * calls. */
#include "wasm2c_rt_mem.h"

#include <errno.h>
#include <string.h>

#include "wasm2c_rt_internal.h"

wasm_rt_memory_t* w2c_env_memory(struct w2c_env* env) { return env->sandbox_memory_info; }

wasm_rt_funcref_table_t* w2c_env_0x5F_indirect_function_table(struct w2c_env* env) {
  return env->sandbox_callback_table;
}

w2c_mem_capacity get_valid_wasm2c_memory_capacity(uint64_t min_capacity, bool is_mem_32) {
  const w2c_mem_capacity none = {false, is_mem_32, 0, 0};
  const uint64_t most = RLBOX_WASM2C_MAX_PAGES * RLBOX_WASM2C_PAGE_SIZE;
  return is_mem_32 && min_capacity <= most ? rlbox_wasm2c_memory_limit(most) : none;
}

w2c_mem_capacity rlbox_wasm2c_memory_limit(uint64_t bytes) {
  w2c_mem_capacity capacity = {false, true, 0, 0};
  if (bytes > RLBOX_WASM2C_MAX_PAGES * RLBOX_WASM2C_PAGE_SIZE) {
    return capacity;
  }
  capacity.is_valid = true;
  capacity.max_pages = bytes == 0 ? RLBOX_WASM2C_MAX_PAGES
                                  : (bytes + RLBOX_WASM2C_PAGE_SIZE - 1) / RLBOX_WASM2C_PAGE_SIZE;
  capacity.max_size = capacity.max_pages * RLBOX_WASM2C_PAGE_SIZE;
  return capacity;
}

/* Reserves, commits and names a memory for `record`, which may be null. False, with errno set and
 * nothing left behind, if that is impossible. */
static bool make_memory(wasm_rt_memory_t* memory, uint64_t initial, uint64_t maximum,
                        const char* name, struct rlbox_wasm2c_record* record) {
  memset(memory, 0, sizeof *memory);
  if (initial > maximum || maximum > RLBOX_WASM2C_MAX_PAGES) {
    errno = EINVAL;
    return false;
  }
  struct rlbox_wasm2c_reservation* reservation = rlbox_wasm2c_reserve(record);
  if (reservation == NULL) {
    return false;
  }
  rlbox_wasm2c_name_mapping(reservation, name);
  if (!rlbox_wasm2c_commit(reservation, initial * RLBOX_WASM2C_PAGE_SIZE)) {
    int error = errno;
    rlbox_wasm2c_release(reservation);
    errno = error;
    return false;
  }
  memory->data = reservation->base;
  memory->data_end = reservation->base + RLBOX_WASM2C_RESERVATION;
  memory->page_size = (uint32_t)RLBOX_WASM2C_PAGE_SIZE;
  memory->pages = initial;
  memory->max_pages = maximum;
  memory->size = reservation->size;
  memory->is64 = false;
  return true;
}

wasm_rt_memory_t create_wasm2c_memory(uint32_t initial_pages,
                                      const w2c_mem_capacity* custom_capacity, const char* name) {
  wasm_rt_memory_t memory;
  memset(&memory, 0, sizeof memory);
  uint64_t maximum = RLBOX_WASM2C_MAX_PAGES;
  if (custom_capacity != NULL) {
    if (!custom_capacity->is_valid || !custom_capacity->is_mem_32) {
      return memory;
    }
    maximum = custom_capacity->max_pages;
  }
  if (!make_memory(&memory, initial_pages, maximum, name != NULL ? name : "rlbox_wasm2c",
                   rlbox_wasm2c_running())) {
    memset(&memory, 0, sizeof memory);
  }
  return memory;
}

void destroy_wasm2c_memory(wasm_rt_memory_t* memory) {
  if (memory->data != NULL) {
    struct rlbox_wasm2c_reservation* reservation = rlbox_wasm2c_find_reservation(memory->data);
    if (reservation != NULL && reservation->base == memory->data) {
      rlbox_wasm2c_release(reservation);
    }
    memset(memory, 0, sizeof *memory);
  }
}

/* Declared by generated code and by wabt's runtime, not by wasm-rt.h. */
bool wasm_rt_memory_is_default32(const wasm_rt_memory_t* memory);

bool wasm_rt_memory_is_default32(const wasm_rt_memory_t* memory) {
  return memory->page_size == RLBOX_WASM2C_PAGE_SIZE && !memory->is64;
}

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t initial_pages, uint64_t max_pages,
                             bool is64, uint32_t page_size) {
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  memset(memory, 0, sizeof *memory);
  if (is64 || page_size != RLBOX_WASM2C_PAGE_SIZE) {
    rlbox_wasm2c_raise(
        RLBOX_WASM2C_TRAP_NO_MEMORY,
        "64-bit memories and custom page sizes are not supported; build the library for wasm32");
  }
  if (record != NULL && record->max_pages != 0 && record->max_pages < max_pages) {
    max_pages = record->max_pages;
  }
  if (initial_pages > max_pages) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_NO_MEMORY,
                       "the module's initial memory is larger than the maximum that was asked for");
  }
  const char* name = record == NULL ? NULL : record->name != NULL ? record->name : record->module;
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  const bool made =
      make_memory(memory, initial_pages, max_pages, name != NULL ? name : "rlbox_wasm2c", record);
  rlbox_wasm2c_return_to(guest);
  if (!made) {
    rlbox_wasm2c_raise(
        RLBOX_WASM2C_TRAP_NO_MEMORY,
        "the system refused 8 GiB of address space (look at ulimit -v and vm.max_map_count)");
  }
}

/* "the limit is N bytes" and the like. */
static void append_limit(struct rlbox_wasm2c_text* text, const wasm_rt_memory_t* memory) {
  rlbox_wasm2c_append_number(text, memory->max_pages * RLBOX_WASM2C_PAGE_SIZE, 10);
  rlbox_wasm2c_append(text, " bytes");
}

/* Notes that a request was refused because of the limit. */
static void count_refusal(struct rlbox_wasm2c_record* record, const wasm_rt_memory_t* memory) {
  record->memory_limit_hits++;
  if (record->report_memory_limit && !record->trap_on_memory_limit &&
      record->memory_limit_hits == 1) {
    char line[RLBOX_WASM2C_MESSAGE_SIZE];
    struct rlbox_wasm2c_text text = {line, sizeof line, 0};
    rlbox_wasm2c_append(&text, "sandbox ");
    rlbox_wasm2c_append(&text, record->name != NULL ? record->name : record->module);
    rlbox_wasm2c_append(&text, ": memory limit of ");
    append_limit(&text, memory);
    rlbox_wasm2c_append(&text, " reached, the library's request for more was refused");
    rlbox_wasm2c_print(line);
  }
}

/* Traps if a refused request is to be a trap. */
static void trap_on_refusal(const struct rlbox_wasm2c_record* record,
                            const wasm_rt_memory_t* memory) {
  if (record->trap_on_memory_limit) {
    char detail[RLBOX_WASM2C_MESSAGE_SIZE];
    struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
    rlbox_wasm2c_append(&text, "the limit is ");
    append_limit(&text, memory);
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_MEMORY_LIMIT, detail);
  }
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint64_t delta) {
  const uint64_t old_pages = memory->pages;
  if (delta == 0) {
    return old_pages;
  }
  /* The memory's size and the pages that are accessible change together: nothing may come between.
   */
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_enter_host();
  struct rlbox_wasm2c_reservation* reservation = rlbox_wasm2c_find_reservation(memory->data);
  struct rlbox_wasm2c_record* record = reservation != NULL ? reservation->record : NULL;
  const bool refused = delta > memory->max_pages - old_pages;
  bool grown = false;
  if (refused) {
    if (record != NULL) {
      count_refusal(record, memory);
    }
  } else {
    const uint64_t new_size = (old_pages + delta) * RLBOX_WASM2C_PAGE_SIZE;
    grown = reservation != NULL && rlbox_wasm2c_commit(reservation, new_size);
    if (grown) {
      memory->pages = old_pages + delta;
      memory->size = new_size;
    }
  }
  rlbox_wasm2c_return_to(guest);
  if (refused && record != NULL) {
    trap_on_refusal(record, memory);
  }
  return grown ? old_pages : UINT64_MAX;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory) { destroy_wasm2c_memory(memory); }
