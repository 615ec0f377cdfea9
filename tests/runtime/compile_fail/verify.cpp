// Verifiers
#include "tests/runtime/compile_fail/host.hpp"

// How many bytes are behind a void* is known to the library only.
// expect: RLBox: copy_and_verify does not know the size of what a void* refers to. Convert it
// expect: first with sandbox_reinterpret_cast<T*>(pointer), or use copy_and_verify_address.
void verify_void_pointer(tainted_app<void*> p) {
#ifdef MISUSE_verify_void_pointer
  p.copy_and_verify([](auto copy) { return copy; });
#else
  rlbox::sandbox_reinterpret_cast<int*>(p).copy_and_verify(
      [](std::unique_ptr<int> copy) { return copy ? *copy : 0; });
#endif
}

// The code behind a function pointer cannot be copied; what it is must be asked of its address.
// expect: RLBox: copy_and_verify does not apply to function pointers. Use copy_and_verify_address.
void verify_function_pointer(tainted_app<int (*)(int)> function) {
#ifdef MISUSE_verify_function_pointer
  function.copy_and_verify([](auto copy) { return copy; });
#else
  function.copy_and_verify_address([](std::uintptr_t address) { return address != 0; });
#endif
}

// expect: RLBox: copy_and_verify does not apply to pointers to pointers. Dereference the tainted
// expect: pointer and verify the inner pointer, or use copy_and_verify_address.
void verify_pointer_to_pointer(tainted_app<int**> p) {
#ifdef MISUSE_verify_pointer_to_pointer
  p.copy_and_verify([](auto copy) { return copy; });
#else
  const tainted_app<int*> inner = *p;
  inner.copy_and_verify([](std::unique_ptr<int> copy) { return copy ? *copy : 0; });
#endif
}

// expect: RLBox: copy_and_verify does not apply to pointers to arrays or volatile objects. Convert
// expect: with sandbox_reinterpret_cast<T*>(pointer) and use copy_and_verify_range.
void verify_pointer_to_array(tainted_app<point*> p) {
#ifdef MISUSE_verify_pointer_to_array
  (&p->name).copy_and_verify([](auto copy) { return copy; });
#else
  p->name.copy_and_verify([](std::array<char, 8> copy) { return copy[0]; });
#endif
}

// expect: RLBox: copy_and_verify cannot copy arrays of pointers or structs; verify their elements.
void verify_array_of_pointers(tainted_app<int* [4]> pointers) {
#ifdef MISUSE_verify_array_of_pointers
  pointers.copy_and_verify([](auto copy) { return copy; });
#else
  pointers[0].copy_and_verify([](std::unique_ptr<int> copy) { return copy ? *copy : 0; });
#endif
}

// expect: RLBox: copy_and_verify_range applies to pointers to numbers and enums. For void* convert
// expect: the pointer first; for structs and pointers verify each element.
void verify_range_of_structs(tainted_app<point*> points) {
#ifdef MISUSE_verify_range_of_structs
  points.copy_and_verify_range([](auto copy) { return copy; }, 4);
#else
  for (int i = 0; i < 4; i++) {
    points[i].x.copy_and_verify(below_100);
  }
#endif
}

// expect: RLBox: copy_and_verify_range applies to pointers to numbers and enums.
void verify_range_of_number(tainted_app<int> n) {
#ifdef MISUSE_verify_range_of_number
  n.copy_and_verify_range([](auto copy) { return copy; }, 4);
#else
  n.copy_and_verify(below_100);
#endif
}

// expect: RLBox: copy_and_verify_string applies to tainted char* and const char* only.
void verify_string_of_bytes(tainted_app<unsigned char*> bytes) {
#ifdef MISUSE_verify_string_of_bytes
  bytes.copy_and_verify_string([](std::string copy) { return copy; });
#else
  rlbox::sandbox_reinterpret_cast<char*>(bytes).copy_and_verify_string(
      [](std::string copy) { return copy; });
#endif
}

// The framework cannot tell from `auto` which copy to make.
// expect: RLBox: copy_and_verify_string looks at the verifier's parameter type to choose the copy
// expect: it makes. The verifier must be callable with one argument and neither generic (auto) nor
// expect: overloaded: take std::unique_ptr<char[]>, std::unique_ptr<const char[]> or std::string.
void verify_string_with_generic_lambda(tainted_app<char*> text) {
#ifdef MISUSE_verify_string_with_generic_lambda
  text.copy_and_verify_string([](auto copy) { return copy.size(); });
#else
  text.copy_and_verify_string([](std::string copy) { return copy.size(); });
#endif
}

inline std::size_t length_of_raw(const char* text) { return std::strlen(text); }
inline std::size_t length_of_copy(std::unique_ptr<char[]> text) {
  return text ? std::strlen(text.get()) : 0;
}

// A verifier that took a raw pointer would see the library's own memory.
// expect: RLBox: the verifier of copy_and_verify_string must take std::unique_ptr<char[]>,
// expect: std::unique_ptr<const char[]> or std::string.
void verify_string_with_raw_function(tainted_app<char*> text) {
#ifdef MISUSE_verify_string_with_raw_function
  text.copy_and_verify_string(length_of_raw);
#else
  text.copy_and_verify_string(length_of_copy);
#endif
}

// expect: RLBox: verify_string_in_place applies to tainted char* and const char* only.
void verify_bytes_as_string_in_place(tainted_app<unsigned char*> bytes) {
#ifdef MISUSE_verify_bytes_as_string_in_place
  bytes.verify_string_in_place([](std::string_view text) { return text.size(); }, 100);
#else
  rlbox::sandbox_reinterpret_cast<char*>(bytes).verify_string_in_place(
      [](std::string_view text) { return text.size(); }, 100);
#endif
}

// A long has another width in the sandbox, so there is nothing that could be looked at in place.
// expect: RLBox: verify_range_in_place applies to pointers to numbers that look the same on both
// expect: sides. bool, enums, wchar_t, long (which int64_t and size_t may be) and long double are
// expect: converted, so use copy_and_verify_range; for void* convert the pointer first.
void verify_range_of_longs_in_place(tainted_app<long*> numbers) {
#ifdef MISUSE_verify_range_of_longs_in_place
  numbers.verify_range_in_place([](const long* first, std::size_t) { return *first; }, 4);
#else
  numbers.copy_and_verify_range([](std::unique_ptr<long[]> copy) { return copy[0]; }, 4);
#endif
}

// A verifier in place that returned what it saw would verify nothing.
// expect: RLBox: a verifier that looks in place must return no pointer, reference or view
// expect: (std::string_view), nor a type that has one inside, because the library may change the
// expect: memory as soon as the verifier has returned. Return a copy, such as a std::string, or a
// expect: number.
void verifier_in_place_returns_its_view(tainted_app<char*> text) {
#ifdef MISUSE_verifier_in_place_returns_its_view
  text.verify_string_in_place([](std::string_view seen) { return seen; }, 100);
#else
  text.verify_string_in_place([](std::string_view seen) { return std::string(seen); }, 100);
#endif
}

// expect: RLBox: a verifier that looks in place must return no pointer, reference or view
// expect: (std::string_view), nor a type that has one inside, because the library may change the
// expect: memory as soon as the verifier has returned. Return a copy, such as a std::string, or a
// expect: number.
void verifier_in_place_returns_a_pointer(tainted_app<int*> numbers) {
#ifdef MISUSE_verifier_in_place_returns_a_pointer
  numbers.verify_range_in_place([](const int* first, std::size_t) { return first; }, 4);
#else
  numbers.verify_range_in_place([](const int* first, std::size_t) { return *first; }, 4);
#endif
}

// expect: RLBox: the verifier cannot be called with what it gets: a std::string_view for a string,
// expect: the address of the first element (const T*) and the number of elements (std::size_t) for
// expect: a range.
void verifier_in_place_of_a_copy(tainted_app<char*> text) {
#ifdef MISUSE_verifier_in_place_of_a_copy
  text.verify_string_in_place([](std::string copy) { return copy.size(); }, 100);
#else
  text.verify_string_in_place([](std::string_view seen) { return seen.size(); }, 100);
#endif
}

// expect: RLBox: copy_and_verify_address applies to pointers only.
void verify_address_of_number(tainted_app<int> n) {
#ifdef MISUSE_verify_address_of_number
  n.copy_and_verify_address([](std::uintptr_t address) { return address; });
#else
  n.copy_and_verify(below_100);
#endif
}

// expect: RLBox: copy_and_verify_buffer_address applies to pointers only.
void verify_buffer_of_number(tainted_app<int> n, tainted_app<int*> p) {
#ifdef MISUSE_verify_buffer_of_number
  n.copy_and_verify_buffer_address([](std::uintptr_t address) { return address; }, 4);
#else
  p.copy_and_verify_buffer_address([](std::uintptr_t address) { return address; }, 4);
#endif
  RLBOX_UNUSED(n);
  RLBOX_UNUSED(p);
}

// A verifier gets a copy that the library cannot change, so it never takes a tainted value.
// expect: RLBox: the verifier cannot be called with the copy that it gets: the number or enum
// expect: itself, std::unique_ptr<T> for a pointer, std::unique_ptr<tainted<T>> for a pointer to a
// expect: struct, std::array for an array, std::unique_ptr<T[]> for a range, std::uintptr_t for an
// expect: address.
void verifier_of_tainted(tainted_app<int> n) {
#ifdef MISUSE_verifier_of_tainted
  n.copy_and_verify([](std::string text) { return text; });
#else
  n.copy_and_verify([](int value) { return value; });
#endif
}

// expect: RLBox: the verifier cannot be called with the copy that it gets: the number or enum
// expect: itself, std::unique_ptr<T> for a pointer, std::unique_ptr<tainted<T>> for a pointer to a
// expect: struct, std::array for an array, std::unique_ptr<T[]> for a range, std::uintptr_t for an
// expect: address.
void verifier_of_raw_pointer(tainted_app<int*> p) {
#ifdef MISUSE_verifier_of_raw_pointer
  p.copy_and_verify([](int* value) { return *value; });
#else
  p.copy_and_verify([](std::unique_ptr<int> value) { return value ? *value : 0; });
#endif
}

// expect: RLBox: the verifier cannot be called with the copy that it gets: the number or enum
// expect: itself, std::unique_ptr<T> for a pointer, std::unique_ptr<tainted<T>> for a pointer to a
// expect: struct, std::array for an array, std::unique_ptr<T[]> for a range, std::uintptr_t for an
// expect: address.
void verifier_of_plain_struct(tainted_app<point*> p) {
#ifdef MISUSE_verifier_of_plain_struct
  p.copy_and_verify([](std::unique_ptr<point> copy) { return copy->x; });
#else
  p.copy_and_verify([](std::unique_ptr<tainted_app<point>> copy) {
    return copy ? copy->x.copy_and_verify(below_100) : 0;
  });
#endif
}
