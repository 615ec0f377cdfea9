#ifndef TESTS_HOSTILE_BOX_HPP_
#define TESTS_HOSTILE_BOX_HPP_
// The sandbox of most behaviours: the library hostile.h.

#include "hostile.rlbox.h"
#include "tests/hostile/kit.hpp"

namespace hostile {

template <typename T>
using t = tainted_hostile<T>;
using box_type = rlbox_sandbox_hostile;

/// A new sandbox, as `k.options` says.
inline box_type& box_of(kit& k) { return k.make<box_type>(); }

/// The size of the sandbox's memory, as the library sees it.
inline std::uint32_t end_of(box_type& box) {
  return box.invoke_sandbox_function(memory_end).copy_and_verify(as_it_is);
}

/// Makes a call that may trap, where no exception must leave.
template <typename F>
void quietly([[maybe_unused]] kit& k, F&& call) {
#if defined(RLBOX_USE_EXCEPTIONS)
  try {
    call();
  } catch (const rlbox::rlbox_wasm2c_trap_error&) {
    k.require(k.trapped(), "a sandbox that trapped says so", __LINE__);
  }
#else
  call();
#endif
}

}  // namespace hostile

#endif  // TESTS_HOSTILE_BOX_HPP_
