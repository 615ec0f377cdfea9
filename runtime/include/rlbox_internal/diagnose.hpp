#ifndef RLBOX_INTERNAL_DIAGNOSE_HPP_
#define RLBOX_INTERNAL_DIAGNOSE_HPP_
/// \file
/// The macros that reject code with a sentence. They have a system header to themselves, because
/// compilers explain at length what the macros of others expand to.

#if defined(__GNUC__) || defined(__clang__)
#pragma GCC system_header
#endif

/// Rejects a construct at compile time, with an explanation. RLBOX_NO_COMPILE_CHECKS turns it into
/// a failure when the construct is executed.
#ifdef RLBOX_NO_COMPILE_CHECKS
#define rlbox_detail_static_fail_because(condition, message) \
  ::rlbox::detail::compile_check_failed((condition), message)
#else
#define rlbox_detail_static_fail_because(condition, message) static_assert(!(condition), message)
#endif

// Compilers that can say why a function is deleted say it; the others print its class, so that has
// a name that can be read as a sentence.
#if defined(__cpp_deleted_function) && __cpp_deleted_function >= 202403L
#define RLBOX_DETAIL_DELETE_BECAUSE(message) delete (message)
#else
#define RLBOX_DETAIL_DELETE_BECAUSE(message) delete
#endif

/// Refuses an argument of the type `type` for a function's parameter, in the words of who calls the
/// function by name (rlbox_internal/named_calls.hpp).
#define RLBOX_DETAIL_ARGUMENT(type, function, argument)                                           \
  rlbox_detail_static_fail_because(                                                               \
      ::rlbox::detail::is_plain_data_v<type>,                                                     \
      "RLBox: " function "(): " argument                                                          \
      " is a plain pointer, and the library cannot reach the application's memory. Copy the "     \
      "data into the sandbox (malloc_in_sandbox, then rlbox::memcpy or rlbox::strncpy) and pass " \
      "the tainted pointer.");                                                                    \
  rlbox_detail_static_fail_because(                                                               \
      ::rlbox::detail::is_plain_function_v<type>,                                                 \
      "RLBox: " function "(): " argument                                                          \
      " is a function of the application, and the library cannot call it. Register it and pass "  \
      "the owner: auto callback = sandbox.register_callback(f);")

/// Compares one field of a list with the struct's definition (rlbox_internal/struct_support.hpp).
/// What is compared begins here, and the field's kind chooses its arguments alone: clang explains
/// each macro on the way to the beginning.
#define RLBOX_DETAIL_FIELD_CHECK(type, name, kind, ...)                                 \
  static_assert(::rlbox::detail::is_same_place(RLBOX_DETAIL_PLACES_##kind(name)),       \
                "RLBox: field " #name                                                   \
                ": its type or position in sandbox_fields_reflection differs from the " \
                "struct's definition.");
#define RLBOX_DETAIL_PLACES_FIELD_BYTES(name) 0, 0, 0, 0
#define RLBOX_DETAIL_PLACES_FIELD_FREEZABLE(name) RLBOX_DETAIL_PLACES_FIELD_NORMAL(name)
#define RLBOX_DETAIL_PLACES_FIELD_NORMAL(name)                                              \
  offsetof(application_type, name), offsetof(mirror, name), sizeof(application_type::name), \
      sizeof(mirror::name)

#endif  // RLBOX_INTERNAL_DIAGNOSE_HPP_
