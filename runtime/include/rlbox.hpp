#ifndef RLBOX_HPP_
#define RLBOX_HPP_
/// \file
/// The RLBox framework: everything but the backends.

// Application code relies on these names arriving with this header.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

// In the order of their dependencies, so that errors come with short chains of includes.
// clang-format off
#include "rlbox_types.hpp"
#include "rlbox_internal/diagnose.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/type_traits.hpp"
#include "rlbox_internal/wrapper_traits.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_internal/unwrap.hpp"
#include "rlbox_internal/range.hpp"
#include "rlbox_internal/conversion.hpp"
#include "rlbox_internal/policy_types.hpp"
#include "rlbox_internal/verify.hpp"
#include "rlbox_internal/tainted_base.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_volatile.hpp"
#include "rlbox_internal/operators.hpp"
#include "rlbox_internal/transition.hpp"
#include "rlbox_internal/prototype.hpp"
#include "rlbox_internal/invoke.hpp"
#include "rlbox_internal/named_calls.hpp"
#include "rlbox_internal/callback_support.hpp"
#include "rlbox_internal/sandbox_base.hpp"
#include "rlbox_internal/app_pointer.hpp"
#include "rlbox_internal/call_macros.hpp"
#include "rlbox_internal/sandbox.hpp"
#include "rlbox_internal/sandbox_callbacks.hpp"
#include "rlbox_internal/sandbox_functions.hpp"
#include "rlbox_internal/sandbox_memory.hpp"
#include "rlbox_internal/stdlib.hpp"
#include "rlbox_internal/owner.hpp"
#include "rlbox_internal/struct_support.hpp"
// clang-format on

#endif  // RLBOX_HPP_
