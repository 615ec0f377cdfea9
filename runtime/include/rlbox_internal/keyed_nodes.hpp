#ifndef RLBOX_INTERNAL_KEYED_NODES_HPP_
#define RLBOX_INTERNAL_KEYED_NODES_HPP_
/// \file
/// A hash table that is no template: the standard library's takes long to compile in every file of
/// an application.

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rlbox::detail {

/// What an element of keyed_nodes derives from.
struct keyed_node {
  void* key = nullptr;         ///< an address, or a number in place of one
  keyed_node* next = nullptr;  ///< in the same bucket; the table's
};

/// Elements that others own, by their keys. Elements keep their places in memory.
class keyed_nodes {
  std::unique_ptr<keyed_node*[]> buckets;
  std::size_t bucket_count = 0;  // 0, or a power of two
  std::size_t count = 0;

  keyed_node** bucket_of(const void* key) const {
    const auto bits = reinterpret_cast<std::uintptr_t>(key);
    return &buckets[(bits ^ (bits >> 4) ^ (bits >> 13)) & (bucket_count - 1)];
  }

  void link(keyed_node* node) {
    keyed_node** const bucket = bucket_of(node->key);
    node->next = *bucket;
    *bucket = node;
  }

  void grow() {
    constexpr std::size_t first = 16;
    const std::size_t old_count = bucket_count;
    const std::size_t new_count = old_count == 0 ? first : old_count * 2;
    std::unique_ptr<keyed_node*[]> old(new keyed_node*[new_count]());
    old.swap(buckets);
    bucket_count = new_count;
    for (std::size_t i = 0; i < old_count; ++i) {
      for (keyed_node* node = old[i]; node != nullptr;) {
        keyed_node* const following = node->next;
        link(node);
        node = following;
      }
    }
  }

 public:
  /// The element with a key, or null.
  keyed_node* find(const void* key) const {
    keyed_node* node = bucket_count != 0 ? *bucket_of(key) : nullptr;
    while (node != nullptr && node->key != key) {
      node = node->next;
    }
    return node;
  }

  /// Enters an element; no other has its key.
  void insert(keyed_node* node) {
    if (count >= bucket_count) {
      grow();
    }
    link(node);
    ++count;
  }

  /// Takes the element with a key out and returns it, or null.
  keyed_node* remove(const void* key) {
    keyed_node** at = bucket_count != 0 ? bucket_of(key) : nullptr;
    while (at != nullptr && *at != nullptr) {
      keyed_node* const node = *at;
      if (node->key == key) {
        *at = node->next;
        --count;
        return node;
      }
      at = &node->next;
    }
    return nullptr;
  }

  /// Takes any element out and returns it; null if there is none.
  keyed_node* take_any() {
    for (std::size_t i = 0; count != 0 && i < bucket_count; ++i) {
      if (keyed_node* const node = buckets[i]; node != nullptr) {
        return remove(node->key);
      }
    }
    return nullptr;
  }

  /// Forgets all elements.
  void clear() {
    buckets.reset();
    bucket_count = count = 0;
  }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_KEYED_NODES_HPP_
