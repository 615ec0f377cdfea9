/* Function tables: wasm-rt.h's functions that generated code calls.
 *
 * Invariant S13: a table is allocated once, with room for the module's own functions and for those
 * of the host, and never moves or shrinks. Generated code may read the table's address, its size
 * and its entries at any time, also while another thread registers a callback; whatever old and new
 * values the code combines stay inside one array. For the same reason a guest cannot grow its
 * table: the room belongs to the host.
 */
#include <stdlib.h>

#include "wasm2c_rt_internal.h"

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
  /* calloc(0) may return null. */
  wasm_rt_funcref_t* data = calloc(room != 0 ? room : 1, sizeof *data);
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
  free(table->data);
  table->data = NULL;
  table->size = table->max_size = 0;
}
