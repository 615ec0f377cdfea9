#ifndef RLBOX_INTERNAL_MADE_WHEN_USED_HPP_
#define RLBOX_INTERNAL_MADE_WHEN_USED_HPP_
/// \file
/// Parts of a sandbox that many sandboxes never need.

#include <atomic>
#include <memory>

namespace rlbox::detail {

/// An object of type T that is made when it is needed first, by whichever thread. Until then it
/// takes the room of a pointer.
template <typename T>
class made_when_used {
  std::atomic<T*> object{nullptr};

  T& make() {
    auto fresh = std::make_unique<T>();
    T* other = nullptr;
    if (object.compare_exchange_strong(other, fresh.get(), std::memory_order_acq_rel,
                                       std::memory_order_acquire)) {
      return *fresh.release();
    }
    return *other;  // another thread was faster
  }

 public:
  made_when_used() = default;
  made_when_used(const made_when_used&) = delete;
  made_when_used& operator=(const made_when_used&) = delete;
  ~made_when_used() { delete if_made(); }

  /// The object; makes it.
  T& get() {
    T* const made = if_made();
    return made != nullptr ? *made : make();
  }

  /// The object, or null if it was not needed so far.
  T* if_made() const { return object.load(std::memory_order_acquire); }

  /// Calls the object's clear(), if there is an object.
  void clear() {
    if (T* const made = if_made()) {
      made->clear();
    }
  }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_MADE_WHEN_USED_HPP_
