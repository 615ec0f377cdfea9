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
#include "rlbox_diagnose.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_type_traits.hpp"
#include "rlbox_wrapper_traits.hpp"
#include "rlbox_type_mapping.hpp"
#include "rlbox_unwrap.hpp"
#include "rlbox_range.hpp"
#include "rlbox_conversion.hpp"
#include "rlbox_policy_types.hpp"
#include "rlbox_verify.hpp"
#include "rlbox_tainted_base.hpp"
#include "rlbox_tainted.hpp"
#include "rlbox_tainted_volatile.hpp"
#include "rlbox_operators.hpp"
#include "rlbox_transition.hpp"
#include "rlbox_prototype.hpp"
#include "rlbox_invoke.hpp"
#include "rlbox_callback_support.hpp"
#include "rlbox_sandbox_base.hpp"
#include "rlbox_app_pointer.hpp"
#include "rlbox_call_macros.hpp"
#include "rlbox_sandbox.hpp"
#include "rlbox_sandbox_callbacks.hpp"
#include "rlbox_sandbox_memory.hpp"
#include "rlbox_stdlib.hpp"
#include "rlbox_stdlib_polyfill.hpp"
#include "rlbox_owner.hpp"
#include "rlbox_struct_support.hpp"
#include "rlbox_settings.hpp"
// clang-format on

#endif  // RLBOX_HPP_
