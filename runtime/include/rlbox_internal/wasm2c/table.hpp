#ifndef RLBOX_INTERNAL_WASM2C_TABLE_HPP_
#define RLBOX_INTERNAL_WASM2C_TABLE_HPP_
/// \file
/// The function table of a sandbox: guest function pointers are indices into it.

#include <sched.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "rlbox_helpers.hpp"
#include "rlbox_internal/keyed_nodes.hpp"
#include "wasm-rt.h"
#include "rlbox_internal/wasm2c/trap.h"

namespace rlbox::detail::wasm2c {

/// A lock for sections of a few instructions that are hardly ever contended.
class spin_lock {
  std::atomic_flag taken = ATOMIC_FLAG_INIT;

 public:
  void lock() {
    while (taken.test_and_set(std::memory_order_acquire)) {
      sched_yield();
    }
  }
  void unlock() { taken.clear(std::memory_order_release); }
};

/// Holds a spin_lock until the end of the block.
class spin_guard {
  spin_lock& held;

 public:
  explicit spin_guard(spin_lock& lock) : held(lock) { held.lock(); }
  ~spin_guard() { held.unlock(); }
  spin_guard(const spin_guard&) = delete;
  spin_guard& operator=(const spin_guard&) = delete;
};

/// A registered callback. The table entry carries its address, so the thunk that the guest calls
/// finds the registration without any look-up. A slot keeps its entry and its thunk, and so its
/// type, for good: what a guest reads of an entry while another thread registers a callback fits
/// together, old or new.
struct callback_slot : keyed_node {
  /// What the C runtime knows about the sandbox while the callback is registered, and otherwise
  /// rlbox_wasm2c_unregistered, for which nothing of the host runs. The thunk looks, whatever entry
  /// or copy of an entry the guest has called it through (invariant S13). A thunk gets slots of its
  /// own only, since a slot's never changes.
  rlbox_wasm2c_record* guest = &rlbox_wasm2c_unregistered;
  /// What the framework wants to get back.
  void* record;
  /// The framework's function, of a type that the thunk knows; null if the thunk knows the
  /// function.
  void (*interceptor)();
  /// The guest's memory, where struct arguments are.
  wasm_rt_memory_t* memory;
  /// The sandbox (a backend object). The framework's key is the node's.
  void* owner;
  /// What the guest calls.
  wasm_rt_function_ptr_t thunk;
  /// Index in the guest's table.
  std::uint32_t index;

  /// The sandbox that may call, or rlbox_wasm2c_unregistered.
  RLBOX_DETAIL_ALWAYS_INLINE rlbox_wasm2c_record* admitted() const {
    return __atomic_load_n(&guest, __ATOMIC_RELAXED);
  }
  /// Lets a sandbox call, or nobody any more.
  void admit(rlbox_wasm2c_record* sandbox) { __atomic_store_n(&guest, sandbox, __ATOMIC_RELEASE); }
};

/// Adds entries to a guest's table. Generated code reads the table's size, its address and the
/// entries as it likes, perhaps on another thread. So the table has room for the host's entries
/// from the start and never moves (wasm2c_rt_table.c); filling an entry changes nothing that a
/// running guest has a reason to read.
class function_table {
  wasm_rt_funcref_table_t* table = nullptr;
  std::uint32_t next = 0;  // first spare entry

  /// A generated function and its index in the table, to be found by either.
  struct by_address : keyed_node {
    std::uint32_t index = 0;
  };
  struct by_index : keyed_node {
    const void* address = nullptr;
  };
  struct known_function {
    by_address address;
    by_index index;
  };
  std::vector<std::unique_ptr<known_function>> known;
  keyed_nodes indices;
  keyed_nodes addresses;

  static void* to_key(std::uint32_t index) {
    return reinterpret_cast<void*>(std::uintptr_t{index});
  }

 public:
  function_table() = default;
  function_table(const function_table&) = delete;
  function_table& operator=(const function_table&) = delete;

  /// Starts managing the table of an instance (null: the module has none), in which nobody runs.
  void attach(wasm_rt_funcref_table_t* guest_table) {
    table = guest_table;
    if (table != nullptr) {
      next = table->size != 0 ? table->size : 1;  // index 0 is the null pointer of C
      table->size = table->max_size;              // the runtime's: what there is room for
    }
  }

  /// Forgets everything. The table itself belongs to the instance.
  void detach() {
    indices.clear();
    addresses.clear();
    known.clear();
    table = nullptr;
  }

  std::uint32_t size() const { return table != nullptr ? table->size : 0; }

  /// Index of an empty entry that nobody else gets, or 0 if there is no room left.
  std::uint32_t reserve() { return next < size() ? next++ : 0; }

  /// Fills a reserved entry, all of it. The type comes last: it is what generated code compares.
  void set(std::uint32_t index, const wasm_rt_funcref_t& entry) {
    wasm_rt_funcref_t& place = table->data[index];
    __atomic_store_n(&place.module_instance, entry.module_instance, __ATOMIC_RELAXED);
    __atomic_store_n(&place.func, entry.func, __ATOMIC_RELAXED);
    __atomic_store_n(&place.func_tailcallee.fn, entry.func_tailcallee.fn, __ATOMIC_RELAXED);
    __atomic_store_n(&place.func_type, entry.func_type, __ATOMIC_RELEASE);
  }

  /// Makes calls of an entry traps. It stays reserved and keeps its function, for a guest that has
  /// compared the type already.
  void clear(std::uint32_t index) {
    if (index < size()) {
      __atomic_store_n(&table->data[index].func_type, wasm_rt_func_type_t{}, __ATOMIC_RELAXED);
    }
  }

  /// Index of the entry for a generated function: the guest's own if it has one. 0 if none.
  std::uint32_t find(const void* address) {
    if (const auto* const node = static_cast<by_address*>(indices.find(address)); node != nullptr) {
      return node->index;
    }
    for (std::uint32_t i = 1; i < size(); ++i) {
      if (table->data[i].func != nullptr &&
          reinterpret_cast<const void*>(table->data[i].func) == address) {
        remember(address, i);
        return i;
      }
    }
    return 0;
  }

  /// Notes that `index` stands for the generated function at `address`.
  void remember(const void* address, std::uint32_t index) {
    known_function& made = *known.emplace_back(std::make_unique<known_function>());
    made.address.key = const_cast<void*>(address);
    made.address.index = index;
    indices.insert(&made.address);
    made.index.key = to_key(index);
    made.index.address = address;
    addresses.insert(&made.index);
  }

  /// The address that `remember` was told for an index, or null.
  const void* address_of(std::uint32_t index) const {
    const auto* const node = static_cast<by_index*>(addresses.find(to_key(index)));
    return node != nullptr ? node->address : nullptr;
  }
};

/// Registrations by key. Slots have stable addresses and are reused for callbacks of the same
/// thunk only; nothing is allocated once the largest number of simultaneous callbacks has been
/// reached.
class callback_map {
  std::vector<std::unique_ptr<callback_slot>> storage;
  keyed_nodes registered;
  callback_slot* unused = nullptr;  // a list

  static callback_slot* next_of(const callback_slot* slot) {
    return static_cast<callback_slot*>(slot->next);
  }

  /// A slot that was used for this thunk before and is free now, or null.
  callback_slot* take(wasm_rt_function_ptr_t thunk) {
    callback_slot* before = nullptr;
    for (callback_slot* slot = unused; slot != nullptr; slot = next_of(slot)) {
      if (slot->thunk == thunk) {
        if (before == nullptr) {
          unused = next_of(slot);
        } else {
          before->next = slot->next;
        }
        return slot;
      }
      before = slot;
    }
    return nullptr;
  }

 public:
  /// A slot with an entry in the table for a callback of that thunk, or null if the table is full.
  callback_slot* acquire(wasm_rt_function_ptr_t thunk, function_table& functions) {
    callback_slot* slot = take(thunk);
    if (slot == nullptr) {
      if (const std::uint32_t index = functions.reserve(); index != 0) {
        slot = storage.emplace_back(std::make_unique<callback_slot>()).get();
        slot->index = index;
        slot->thunk = thunk;
      }
    }
    return slot;
  }

  /// Enters a slot under a key.
  void insert(void* key, callback_slot* slot) {
    slot->key = key;
    registered.insert(slot);
  }

  /// Takes the slot of a key out and returns it, or null. Its thunk refuses calls from now on.
  callback_slot* remove(const void* key) {
    auto* const slot = static_cast<callback_slot*>(registered.remove(key));
    if (slot != nullptr) {
      slot->admit(&rlbox_wasm2c_unregistered);
      slot->next = unused;
      unused = slot;
    }
    return slot;
  }

  void clear() {
    registered.clear();
    storage.clear();
    unused = nullptr;
  }
};

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_TABLE_HPP_
