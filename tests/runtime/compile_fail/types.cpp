// Types that cross the boundary
#include "tests/runtime/compile_fail/host.hpp"

// The framework does not know the fields of this struct.
// expect: RLBox: this struct is not known to the framework. Either its library's structs were not
// expect: loaded with rlbox_load_structs_from_library(library) before this use, or the struct is
// expect: missing from the library's sandbox_fields_reflection macros.
void unregistered_struct() {
#ifdef MISUSE_unregistered_struct
  tainted_app<stranger> p;
#else
  tainted_app<point> p;
#endif
  RLBOX_UNUSED(sizeof(p));
}

// expect: RLBox: this struct is not known to the framework. Either its library's structs were not
// expect: loaded with rlbox_load_structs_from_library(library) before this use, or the struct is
// expect: missing from the library's sandbox_fields_reflection macros.
void unregistered_struct_behind_pointer(app& sandbox) {
#ifdef MISUSE_unregistered_struct_behind_pointer
  auto p = sandbox.malloc_in_sandbox<stranger>();
#else
  auto p = sandbox.malloc_in_sandbox<point>();
#endif
  p->x = 1;
}

// expect: RLBox: only numbers, enums, pointers, arrays and registered structs can be tainted.
void tainted_reference() {
#ifdef MISUSE_tainted_reference
  using wrapped = tainted_app<int&>;
#else
  using wrapped = tainted_app<int*>;
#endif
  RLBOX_UNUSED(sizeof(wrapped));
}

// expect: RLBox: only numbers, enums, pointers, arrays and registered structs can be tainted.
void tainted_member_pointer() {
#ifdef MISUSE_tainted_member_pointer
  tainted_app<int point::*> p;
#else
  tainted_app<int*> p;
#endif
  RLBOX_UNUSED(sizeof(p));
}

// Every access to sandbox memory is volatile without being asked.
// expect: RLBox: pointers to volatile are not supported; remove volatile from the pointee. Access
// expect: to sandbox memory is volatile anyway.
#ifdef MISUSE_volatile_pointee
void volatile_pointee(tainted_app<volatile int*> p) {
#else
void volatile_pointee(tainted_app<int*> p) {
#endif
  *p = 1;
}

// wchar_t has 32 bits in WebAssembly and on Linux, 16 on Windows, and either sign.
// expect: RLBox: wchar_t has no fixed representation in this sandbox, because its width and sign
// expect: depend on the platform. Use char16_t, char32_t or an integer type.
#ifdef MISUSE_wide_characters
void wide_characters(tainted_other<wchar_t*> text) {
#else
void wide_characters(tainted_other<char32_t*> text) {
#endif
  text[0] = 0;
}

// expect: RLBox: only numbers, enums, pointers, arrays and registered structs can be in the
// expect: sandbox.
#ifdef MISUSE_wide_integers
void wide_integers(tainted_other<__int128*> p) {
#else
void wide_integers(tainted_other<long long*> p) {
#endif
  p[0] = 0;
}
