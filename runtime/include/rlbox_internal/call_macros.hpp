#ifndef RLBOX_INTERNAL_CALL_MACROS_HPP_
#define RLBOX_INTERNAL_CALL_MACROS_HPP_
/// \file
/// Macros that call sandboxed functions by name:
///
///   sandbox.invoke_sandbox_function(fn, args...)    pointer->invoke_sandbox_function(fn, args...)
///   sandbox.get_sandbox_function_address(fn)
///   sandbox_invoke(sandbox, fn, args...)            sandbox_function_address(sandbox, fn)
///
/// If RLBOX_USE_STATIC_CALLS() is defined, before the first RLBox header, it names the lookup macro
/// of the backend; otherwise functions are looked up by name at run time. Up to 60 arguments.
///
/// The macros take everything as variable arguments and count them, so that neither calls without
/// arguments nor -Wpedantic need an extension of the language.

#define RLBOX_DETAIL_PICK_64(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15,     \
                             a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, \
                             a30, a31, a32, a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, \
                             a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56, a57, \
                             a58, a59, a60, a61, a62, a63, a64, ...)                               \
  a64
// the macro for one argument, or for more
#define RLBOX_DETAIL_IF_ONE(ONE, MORE, ...)                                                     \
  RLBOX_DETAIL_PICK_64(__VA_ARGS__, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, \
                       MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE,  \
                       MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE,  \
                       MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE,  \
                       MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE, MORE,  \
                       MORE, MORE, MORE, MORE, ONE, ~)

#ifdef RLBOX_USE_STATIC_CALLS
#define RLBOX_DETAIL_LOOKUP(fn) RLBOX_DETAIL_LOOKUP_2(RLBOX_USE_STATIC_CALLS(), fn)
#define RLBOX_DETAIL_LOOKUP_2(macro, fn) RLBOX_DETAIL_LOOKUP_3(macro, fn)
#define RLBOX_DETAIL_LOOKUP_3(macro, fn) macro(fn)
#define RLBOX_DETAIL_INVOKE_NONE(fn) \
  template INTERNAL_invoke_with_func_ptr<decltype(fn)>(#fn, RLBOX_DETAIL_LOOKUP(fn))
#define RLBOX_DETAIL_INVOKE_SOME(fn, ...) \
  template INTERNAL_invoke_with_func_ptr<decltype(fn)>(#fn, RLBOX_DETAIL_LOOKUP(fn), __VA_ARGS__)
/// The address of a sandboxed function as a tainted function pointer.
#define get_sandbox_function_address(fn) \
  template INTERNAL_get_sandbox_function_ptr<decltype(fn)>(RLBOX_DETAIL_LOOKUP(fn))
#else
#define RLBOX_DETAIL_INVOKE_NONE(fn) template INTERNAL_invoke_with_func_name<decltype(fn)>(#fn)
#define RLBOX_DETAIL_INVOKE_SOME(fn, ...) \
  template INTERNAL_invoke_with_func_name<decltype(fn)>(#fn, __VA_ARGS__)
#define get_sandbox_function_address(fn) \
  template INTERNAL_get_sandbox_function_name<decltype(fn)>(#fn)
#endif

/// Calls the sandboxed function named by the first argument with the others.
#define invoke_sandbox_function(...) \
  RLBOX_DETAIL_IF_ONE(RLBOX_DETAIL_INVOKE_NONE, RLBOX_DETAIL_INVOKE_SOME, __VA_ARGS__)(__VA_ARGS__)

/// The same, with the sandbox as first argument.
#define sandbox_invoke(sandbox, ...) (sandbox).invoke_sandbox_function(__VA_ARGS__)

/// The address of a sandboxed function as a tainted function pointer.
#define sandbox_function_address(sandbox, fn) (sandbox).get_sandbox_function_address(fn)

#endif  // RLBOX_INTERNAL_CALL_MACROS_HPP_
