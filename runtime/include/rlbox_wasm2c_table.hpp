#ifndef RLBOX_WASM2C_TABLE_HPP_
#define RLBOX_WASM2C_TABLE_HPP_
/// \file
/// The function table of a sandbox: guest function pointers are indices into it.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "rlbox_helpers.hpp"
#include "wasm-rt.h"
#include "wasm2c_rt_trap.h"

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
/// finds the registration without any look-up.
struct callback_slot {
  /// The sandbox (a backend object).
  void* owner;
  /// The framework's key, and what it wants to get back.
  void* key;
  void* record;
  /// What the C runtime knows about the sandbox.
  rlbox_wasm2c_record* guest;
  /// The guest's memory, where struct arguments are.
  wasm_rt_memory_t* memory;
  /// The framework's function, of a type that the thunk knows; null if the thunk knows the
  /// function.
  void (*interceptor)();
  /// Index in the guest's table.
  std::uint32_t index;
  /// Next in a hash bucket or in the list of unused slots.
  callback_slot* next;
};

/// Registrations by key. Slots have stable addresses and are reused; nothing is allocated once the
/// largest number of simultaneous callbacks has been reached.
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

 public:
  /// Makes a slot for a key; its other members are up to the caller.
  callback_slot* insert(void* key) {
    if (count >= buckets.size()) {
      grow();
    }
    callback_slot* slot = unused;
    if (slot != nullptr) {
      unused = slot->next;
    } else {
      slot = storage.emplace_back(std::make_unique<callback_slot>()).get();
    }
    callback_slot*& head = buckets[bucket_of(key)];
    slot->key = key;
    slot->next = head;
    head = slot;
    ++count;
    return slot;
  }

  /// Takes the slot of a key out and returns it, or null. It stays valid until the next insert.
  callback_slot* remove(const void* key) {
    if (buckets.empty()) {
      return nullptr;
    }
    for (callback_slot** at = &buckets[bucket_of(key)]; *at != nullptr; at = &(*at)->next) {
      callback_slot* const slot = *at;
      if (slot->key == key) {
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

/// Adds entries to a guest's table and takes them out again. Entries are recycled. There is room
/// for `spare_entries` new ones from the start, so that the array of a guest that runs on another
/// thread does not move while callbacks are registered: generated code reads the table's size and
/// its address in any order. Beyond that the table grows geometrically, and an array that it has
/// outgrown stays readable.
class function_table {
  static constexpr std::uint32_t spare_entries = 64;

  wasm_rt_funcref_table_t* table = nullptr;
  std::uint32_t known_size = 0;  // size after our last change; another value: the guest grew it
  std::uint32_t capacity = 0;
  std::vector<std::uint32_t> unused;
  std::vector<wasm_rt_funcref_t*> outgrown;
  std::unordered_map<const void*, std::uint32_t> index_of_address;
  std::unordered_map<std::uint32_t, const void*> address_of_index;

  /// Moves the table to an array with room for that many more entries.
  bool make_room(std::uint32_t more) {
    std::uint64_t wanted = std::uint64_t{table->size} + more;
    wanted = wanted < table->max_size ? wanted : table->max_size;
    auto* data = static_cast<wasm_rt_funcref_t*>(std::calloc(wanted, sizeof(wasm_rt_funcref_t)));
    if (data == nullptr) {
      return false;
    }
    if (table->size != 0) {
      std::memcpy(data, table->data, table->size * sizeof(wasm_rt_funcref_t));
    }
    table->data = data;
    capacity = static_cast<std::uint32_t>(wanted);
    std::atomic_thread_fence(std::memory_order_release);
    return true;
  }

  bool grow() {
    if (table->size != known_size) {
      known_size = capacity = table->size;
    }
    if (table->size == table->max_size) {
      return false;
    }
    if (table->size == capacity) {
      wasm_rt_funcref_t* const old = table->data;
      if (!make_room(table->size / 2 > spare_entries ? table->size / 2 : spare_entries)) {
        return false;
      }
      if (old != nullptr) {
        outgrown.push_back(old);
      }
    }
    unused.push_back(table->size);
    known_size = ++table->size;
    return true;
  }

 public:
  function_table() = default;
  function_table(const function_table&) = delete;
  function_table& operator=(const function_table&) = delete;
  ~function_table() { detach(); }

  /// Starts managing the table of an instance (null: the module has none).
  void attach(wasm_rt_funcref_table_t* guest_table) {
    table = guest_table;
    known_size = capacity = table != nullptr ? table->size : 0;
    if (table != nullptr && table->size < table->max_size) {
      wasm_rt_funcref_t* const old = table->data;
      if (make_room(spare_entries)) {
        std::free(old);  // nobody runs in this instance yet
      }
    }
  }

  /// Forgets everything. The table itself belongs to the instance.
  void detach() {
    for (wasm_rt_funcref_t* data : outgrown) {
      std::free(data);
    }
    outgrown.clear();
    unused.clear();
    index_of_address.clear();
    address_of_index.clear();
    table = nullptr;
  }

  std::uint32_t size() const { return table != nullptr ? table->size : 0; }

  /// Index of a new entry, or 0 if the table cannot grow.
  std::uint32_t add(const wasm_rt_funcref_t& entry) {
    if (table == nullptr || (unused.empty() && !grow())) {
      return 0;
    }
    if (unused.back() == 0) {  // index 0 is the null pointer of C
      unused.pop_back();
      if (!grow()) {
        return 0;
      }
    }
    const std::uint32_t index = unused.back();
    unused.pop_back();
    table->data[index] = entry;
    return index;
  }

  /// Clears an entry that `add` made; calling it from the guest is then a trap.
  void remove(std::uint32_t index) {
    if (index < table->size) {
      table->data[index] = wasm_rt_funcref_t{};
      unused.push_back(index);
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

}  // namespace rlbox::detail::wasm2c

#endif  // RLBOX_WASM2C_TABLE_HPP_
