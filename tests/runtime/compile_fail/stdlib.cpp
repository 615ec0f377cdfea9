// Casts, memory functions and transfer
#include "tests/runtime/compile_fail/host.hpp"

// expect: RLBox: sandbox_reinterpret_cast converts tainted pointers to pointer types only.
void reinterpret_number(tainted_app<long> address, tainted_app<char*> p) {
#ifdef MISUSE_reinterpret_number
  const auto result = rlbox::sandbox_reinterpret_cast<int*>(address);
#else
  const auto result = rlbox::sandbox_reinterpret_cast<int*>(p);
#endif
  RLBOX_UNUSED(result);
  RLBOX_UNUSED(address);
  RLBOX_UNUSED(p);
}

// expect: RLBox: sandbox_const_cast converts tainted pointers to pointer types only.
void const_cast_number(tainted_app<const int*> p, tainted_app<int> n) {
#ifdef MISUSE_const_cast_number
  const auto result = rlbox::sandbox_const_cast<const int>(n);
#else
  const auto result = rlbox::sandbox_const_cast<int*>(p);
#endif
  RLBOX_UNUSED(result);
  RLBOX_UNUSED(n);
  RLBOX_UNUSED(p);
}

// With the sandbox as first argument, these functions write to sandbox memory.
// expect: RLBox: the destination of this function must be a tainted pointer. Use the C library's
// expect: function for application memory.
void copy_to_raw_memory(app& sandbox, char* buffer, tainted_app<char*> text) {
#ifdef MISUSE_copy_to_raw_memory
  rlbox::memcpy(sandbox, buffer, text, 16U);
#else
  text.copy_and_verify_range(
      [&](std::unique_ptr<char[]> copy) { return std::memcpy(buffer, copy.get(), 16); }, 16);
  RLBOX_UNUSED(sandbox);
#endif
}

// expect: RLBox: the destination of this function is a pointer to const and cannot be written.
void set_const_memory(app& sandbox, tainted_app<const char*> text) {
#ifdef MISUSE_set_const_memory
  rlbox::memset(sandbox, text, 0, 16U);
#else
  rlbox::memset(sandbox, rlbox::sandbox_const_cast<char*>(text), 0, 16U);
#endif
}

// expect: RLBox: the pointer belongs to another sandbox type.
void copy_between_sandboxes(app& sandbox, tainted_app<char*> to, tainted_other<char*> from) {
#ifdef MISUSE_copy_between_sandboxes
  rlbox::memcpy(sandbox, to, from, 16U);
#else
  from.copy_and_verify_range(
      [&](std::unique_ptr<char[]> copy) { return rlbox::memcpy(sandbox, to, copy.get(), 16U); },
      16);
#endif
}

// expect: RLBox: the destination of this function belongs to another sandbox type.
void set_memory_of_other_sandbox(app& sandbox, tainted_app<char*> mine,
                                 tainted_other<char*> theirs) {
#ifdef MISUSE_set_memory_of_other_sandbox
  rlbox::memset(sandbox, theirs, 0, 16U);
#else
  rlbox::memset(sandbox, mine, 0, 16U);
#endif
  RLBOX_UNUSED(mine);
  RLBOX_UNUSED(theirs);
}

// expect: RLBox: this memory function needs a pointer here.
void copy_from_number(app& sandbox, tainted_app<int*> to, tainted_app<int> value) {
#ifdef MISUSE_copy_from_number
  rlbox::memcpy(sandbox, to, value, sizeof(int));
#else
  *to = value;
#endif
  RLBOX_UNUSED(sandbox);
}

// expect: RLBox: the number of bytes must be an integer.
void copy_fraction(app& sandbox, tainted_app<char*> to, const char* from) {
#ifdef MISUSE_copy_fraction
  rlbox::memcpy(sandbox, to, from, 16.0);
#else
  rlbox::memcpy(sandbox, to, from, 16);
#endif
}

// The library would choose how much of the application's memory it gets to see.
// expect: RLBox: the library chose this number of bytes, so it decides how much of the
// application's expect: memory is read, beyond the end of the buffer as well. Verify the number
// first expect: (copy_and_verify).
void copy_tainted_number_of_bytes(app& sandbox, tainted_app<char*> to, const std::string& from,
                                  tainted_app<unsigned> wanted) {
#ifdef MISUSE_copy_tainted_number_of_bytes
  rlbox::memcpy(sandbox, to, from.data(), wanted);
#else
  const unsigned size =
      wanted.copy_and_verify([&](unsigned n) { return n <= from.size() ? n : 0U; });
  rlbox::memcpy(sandbox, to, from.data(), size);
#endif
  RLBOX_UNUSED(wanted);
}

// expect: RLBox: memcmp with a sandbox needs at least one tainted pointer.
void compare_raw_memory(app& sandbox, const char* a, const char* b) {
#ifdef MISUSE_compare_raw_memory
  rlbox::memcmp(sandbox, a, b, 16U);
#else
  use(std::memcmp(a, b, 16));
  RLBOX_UNUSED(sandbox);
#endif
}

// expect: RLBox: buffers of this type cannot be transferred as bytes, because its representation
// expect: in the sandbox differs. Convert element by element through a tainted pointer.
void grant_long(other& sandbox, long* numbers, char* bytes) {
  bool copied = false;
#ifdef MISUSE_grant_long
  rlbox::copy_memory_or_grant_access(sandbox, numbers, 4, false, copied);
#else
  rlbox::copy_memory_or_grant_access(sandbox, bytes, 4, false, copied);
  tainted_other<long*> copy = sandbox.malloc_in_sandbox<long>(4);
  for (int i = 0; i < 4; i++) {
    copy[i] = numbers[i];
  }
#endif
  RLBOX_UNUSED(bytes);
}

// expect: RLBox: buffers of this type cannot be transferred as bytes, because its representation
// expect: in the sandbox differs. Use copy_and_verify_range.
void deny_long(other& sandbox, tainted_other<long*> numbers) {
#ifdef MISUSE_deny_long
  bool copied = false;
  rlbox::copy_memory_or_deny_access(sandbox, numbers, 4, false, copied);
#else
  numbers.copy_and_verify_range([](std::unique_ptr<long[]> copy) { return copy; }, 4);
  RLBOX_UNUSED(sandbox);
#endif
}

// A wrapper prints nothing: it would be an unverified value, or an address.
// expect gcc: use of deleted function
// expect clang: overload resolution selected deleted operator '<<'
void print_tainted(tainted_app<int> n) {
#ifdef MISUSE_print_tainted
  std::cout << n;
#else
  std::cout << n.copy_and_verify(below_100);
#endif
}
