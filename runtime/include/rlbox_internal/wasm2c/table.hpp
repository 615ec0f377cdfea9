#ifndef RLBOX_INTERNAL_WASM2C_TABLE_HPP_
#define RLBOX_INTERNAL_WASM2C_TABLE_HPP_
/// \file
/// The function table of a sandbox: guest function pointers are indices into it.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "rlbox_helpers.hpp"
#include "wasm-rt.h"
#include "rlbox_internal/wasm2c/trap.h"

namespace rlbox::detail::wasm2c {

/// A lock for sections of a few instructions that are hardly ever contended.
class spin_lock {
  std::atomic_flag taken = ATOMIC_FLAG_INIT;

 public:
  void lock() {
    while (taken.test_and_set(std::memory_order_acquire)) {
      std::this_thread::yield();
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
struct callback_slot {
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
  /// The sandbox (a backend object), and the framework's key.
  void* owner;
  void* key;
  /// What the guest calls.
  wasm_rt_function_ptr_t thunk;
  /// Index in the guest's table.
  std::uint32_t index;
  /// Next in a hash bucket or in the list of unused slots.
  callback_slot* next;

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
  std::unordered_map<const void*, std::uint32_t> index_of_address;
  std::unordered_map<std::uint32_t, const void*> address_of_index;

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
    index_of_address.clear();
    address_of_index.clear();
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
    if (const auto known = index_of_address.find(address); known != index_of_address.end()) {
      return known->second;
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
    index_of_address[address] = index;
    address_of_index[index] = address;
  }

  /// The address that `remember` was told for an index, or null.
  const void* address_of(std::uint32_t index) const {
    if (address_of_index.empty()) {
      return nullptr;
    }
    const auto known = address_of_index.find(index);
    return known != address_of_index.end() ? known->second : nullptr;
  }
};

/// Registrations by key. Slots have stable addresses and are reused for callbacks of the same
/// thunk only; nothing is allocated once the largest number of simultaneous callbacks has been
/// reached.
class callback_map {
  std::vector<std::unique_ptr<callback_slot>> storage;
  std::vector<callback_slot*> buckets;
  callback_slot* unused = nullptr;
  std::size_t count = 0;

  std::size_t bucket_of(const void* key) const {
    const auto bits = reinterpret_cast<std::uintptr_t>(key);
    return ((bits >> 4) ^ (bits >> 13)) & (buckets.size() - 1);
  }

  void grow() {
    constexpr std::size_t first = 16;
    std::vector<callback_slot*> old(buckets.empty() ? first : buckets.size() * 2, nullptr);
    old.swap(buckets);
    for (callback_slot* chain : old) {
      while (chain != nullptr) {
        callback_slot* const slot = chain;
        chain = slot->next;
        slot->next = buckets[bucket_of(slot->key)];
        buckets[bucket_of(slot->key)] = slot;
      }
    }
  }

  /// A slot that was used for this thunk before and is free now, or null.
  callback_slot* take(wasm_rt_function_ptr_t thunk) {
    for (callback_slot** at = &unused; *at != nullptr; at = &(*at)->next) {
      if ((*at)->thunk == thunk) {
        callback_slot* const slot = *at;
        *at = slot->next;
        return slot;
      }
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
    if (count >= buckets.size()) {
      grow();
    }
    callback_slot*& head = buckets[bucket_of(key)];
    slot->key = key;
    slot->next = head;
    head = slot;
    ++count;
  }

  /// Takes the slot of a key out and returns it, or null. Its thunk refuses calls from now on.
  callback_slot* remove(const void* key) {
    if (buckets.empty()) {
      return nullptr;
    }
    for (callback_slot** at = &buckets[bucket_of(key)]; *at != nullptr; at = &(*at)->next) {
      callback_slot* const slot = *at;
      if (slot->key == key) {
        slot->admit(&rlbox_wasm2c_unregistered);
        *at = slot->next;
        slot->next = unused;
        unused = slot;
        --count;
        return slot;
      }
    }
    return nullptr;
  }

  void clear() {
    storage.clear();
    buckets.clear();
    unused = nullptr;
    count = 0;
  }
};

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_INTERNAL_WASM2C_TABLE_HPP_
