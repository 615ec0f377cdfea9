// Pointers and sandbox memory
#include "tests/runtime/compile_fail/host.hpp"

// The library cannot reach the application's memory, and must not.
// expect: RLBox: a raw pointer cannot be stored in a tainted pointer, because it may refer to
// expect: memory outside of the sandbox. Allocate with sandbox.malloc_in_sandbox<T>() and copy the
// expect: data; for functions use sandbox.register_callback(f) or
// expect: sandbox.get_sandbox_function_address(f); for a pointer known to be in the sandbox use
// expect: assign_raw_pointer(sandbox, p).
void taint_raw_pointer(app& sandbox, int* buffer) {
#ifdef MISUSE_taint_raw_pointer
  tainted_app<int*> p = buffer;
#else
  tainted_app<int*> p = sandbox.malloc_in_sandbox<int>();
  *p = *buffer;
#endif
  RLBOX_UNUSED(p);
  RLBOX_UNUSED(sandbox);
}

// expect: RLBox: a raw pointer cannot be stored in a tainted pointer, because it may refer to
// expect: memory outside of the sandbox.
void store_raw_pointer(app& sandbox, tainted_app<point*> p, int* buffer) {
#ifdef MISUSE_store_raw_pointer
  p->data = buffer;
#else
  tainted_app<int*> copy = sandbox.malloc_in_sandbox<int>();
  *copy = *buffer;
  p->data = copy;
#endif
  RLBOX_UNUSED(sandbox);
}

// expect: RLBox: a raw pointer cannot be stored in a tainted pointer, because it may refer to
// expect: memory outside of the sandbox.
void store_raw_function(app& sandbox, tainted_app<point*> p) {
#ifdef MISUSE_store_raw_function
  p->callback = below_100;
#else
  static auto callback = sandbox.register_callback(double_it);
  p->callback = callback;
#endif
  RLBOX_UNUSED(sandbox);
}

// expect: RLBox: an integer cannot be stored in a pointer, not even 0 or NULL. Use nullptr.
void store_zero(tainted_app<point*> p) {
#ifdef MISUSE_store_zero
  p->data = 0;
#else
  p->data = nullptr;
#endif
}

// expect: RLBox: nullptr can only be stored in a pointer.
void store_null_in_number(tainted_app<point*> p) {
#ifdef MISUSE_store_null_in_number
  p->x = nullptr;
#else
  p->x = 0;
#endif
}

// expect: RLBox: a value of this type cannot be stored in sandbox memory here.
void store_class(tainted_app<point*> p, const std::string& text) {
#ifdef MISUSE_store_class
  p->x = text;
#else
  p->x = static_cast<int>(text.size());
#endif
}

// expect: RLBox: the tainted pointer's type cannot be assigned to this pointer. Convert it with
// expect: sandbox_reinterpret_cast, sandbox_static_cast or sandbox_const_cast.
void store_other_pointer_type(tainted_app<point*> p, tainted_app<char*> bytes) {
#ifdef MISUSE_store_other_pointer_type
  p->data = bytes;
#else
  p->data = rlbox::sandbox_reinterpret_cast<int*>(bytes);
#endif
}

// expect: RLBox: a value of another sandbox type cannot be stored in this sandbox.
void store_other_sandbox(tainted_app<int*> p, tainted_other<int> value) {
#ifdef MISUSE_store_other_sandbox
  *p = value;
#else
  *p = value.copy_and_verify(below_100);
#endif
}

// expect: RLBox: arrays of different sizes cannot be assigned to each other.
void store_shorter_array(tainted_app<point*> p) {
#ifdef MISUSE_store_shorter_array
  const char name[4] = {'a', 'b', 'c', 0};
#else
  const char name[8] = {'a', 'b', 'c', 0};
#endif
  p->name = name;
}

// expect: RLBox: a floating-point number can only be converted to a floating-point number.
void store_double_in_int(tainted_app<point*> p, double value) {
#ifdef MISUSE_store_double_in_int
  p->x = value;
#else
  p->x = static_cast<int>(value);
#endif
}

// expect: RLBox: an enum can only be converted to the same enum.
void store_int_in_enum(tainted_app<color*> c) {
#ifdef MISUSE_store_int_in_enum
  *c = 1;
#else
  *c = green;
#endif
}

// expect: RLBox: this value was reached through a pointer to const and cannot be changed.
void write_through_const(tainted_app<const int*> p) {
#ifdef MISUSE_write_through_const
  *p = 1;
#else
  *rlbox::sandbox_const_cast<int*>(p) = 1;
#endif
}

// The registration would end with the statement, and the library would call into nowhere.
// expect: RLBox: this callback would be unregistered at the end of the statement. Keep the
// expect: sandbox_callback in a variable that lives as long as the library may call it, and assign
// expect: that variable.
void store_temporary_callback(app& sandbox, tainted_app<point*> p) {
#ifdef MISUSE_store_temporary_callback
  p->callback = sandbox.register_callback(double_it);
#else
  static auto callback = sandbox.register_callback(double_it);
  p->callback = callback;
#endif
}

// expect: RLBox: the callback's type does not match the function pointer's type.
void store_other_callback_type(tainted_app<point*> p,
#ifdef MISUSE_store_other_callback_type
                               sandbox_callback_app<void (*)(double)>& callback) {
#else
                               sandbox_callback_app<int (*)(int)>& callback) {
#endif
  p->callback = callback;
}

// expect: RLBox: a callback cannot be stored in a tainted function pointer. Pass the
// expect: sandbox_callback itself to invoke_sandbox_function, or assign it to a function pointer
// expect: in sandbox memory.
void taint_callback(app& sandbox, tainted_app<point*> p) {
  static auto callback = sandbox.register_callback(double_it);
#ifdef MISUSE_taint_callback
  tainted_app<int (*)(int)> function = callback;
#else
  p->callback = callback;
  tainted_app<int (*)(int)> function = p->callback;
#endif
  RLBOX_UNUSED(function);
  RLBOX_UNUSED(p);
}

// expect: RLBox: assign_raw_pointer applies to tainted pointers only.
void assign_raw_to_number(app& sandbox, int* inside) {
#ifdef MISUSE_assign_raw_to_number
  tainted_app<int> p;
#else
  tainted_app<int*> p;
#endif
  p.assign_raw_pointer(sandbox, inside);
}

// expect: RLBox: the type of the raw pointer cannot be assigned to this tainted pointer.
void assign_raw_of_other_type(app& sandbox, char* inside) {
#ifdef MISUSE_assign_raw_of_other_type
  tainted_app<int*> p;
#else
  tainted_app<char*> p;
#endif
  p.assign_raw_pointer(sandbox, inside);
}

// expect: RLBox: only tainted pointers can be dereferenced.
void dereference_number(tainted_app<int> n, tainted_app<int*> p) {
#ifdef MISUSE_dereference_number
  auto& element = *n;
#else
  auto& element = *p;
#endif
  RLBOX_UNUSED(element);
  RLBOX_UNUSED(n);
  RLBOX_UNUSED(p);
}

// expect: RLBox: a tainted void* or function pointer cannot be dereferenced. Convert it with
// expect: sandbox_reinterpret_cast<T*>(pointer), or call functions with invoke_sandbox_function.
void dereference_void(tainted_app<void*> p) {
#ifdef MISUSE_dereference_void
  auto& element = *p;
#else
  auto& element = *rlbox::sandbox_reinterpret_cast<int*>(p);
#endif
  RLBOX_UNUSED(element);
}

// expect: RLBox: a tainted void* or function pointer cannot be indexed. Convert it with
// expect: sandbox_reinterpret_cast<T*>(pointer) first.
void index_void(tainted_app<void*> p) {
#ifdef MISUSE_index_void
  auto& element = p[1];
#else
  auto& element = rlbox::sandbox_reinterpret_cast<int*>(p)[1];
#endif
  RLBOX_UNUSED(element);
}

// expect: RLBox: only tainted pointers and arrays can be indexed.
void index_number(tainted_app<int> n, tainted_app<int*> p) {
#ifdef MISUSE_index_number
  auto& element = n[1];
#else
  auto& element = p[1];
#endif
  RLBOX_UNUSED(element);
  RLBOX_UNUSED(n);
  RLBOX_UNUSED(p);
}

// expect: RLBox: an index must be an integer.
void index_with_double(tainted_app<int*> p, double index) {
#ifdef MISUSE_index_with_double
  auto& element = p[index];
#else
  auto& element = p[static_cast<int>(index)];
#endif
  RLBOX_UNUSED(element);
}

// expect: RLBox: no arithmetic on pointers to functions.
void step_function_pointer(tainted_app<int (*)(int)> function, tainted_app<int*> p) {
#ifdef MISUSE_step_function_pointer
  const auto next = function + 1;
#else
  const auto next = p + 1;
#endif
  RLBOX_UNUSED(next);
  RLBOX_UNUSED(function);
  RLBOX_UNUSED(p);
}

// A pointer without a check of what is behind it is of no use to the application.
// expect: RLBox: unverified_safe_because does not apply to pointers, since the memory they refer
// expect: to must be in the sandbox. Use unverified_safe_pointer_because(count, "reason").
void unverified_pointer(tainted_app<int*> p) {
#ifdef MISUSE_unverified_pointer
  const int* const raw = p.unverified_safe_because("four ints");
#else
  const int* const raw = p.unverified_safe_pointer_because(4, "four ints");
#endif
  RLBOX_UNUSED(raw);
}

// expect: RLBox: unverified_safe_pointer_because applies to pointers only.
void unverified_number(tainted_app<int> n) {
#ifdef MISUSE_unverified_number
  const int raw = n.unverified_safe_pointer_because(1, "any number is fine");
#else
  const int raw = n.unverified_safe_because("any number is fine");
#endif
  use(raw);
}

// expect: RLBox: there is no safe raw form of a pointer to pointers, because the inner pointers
// expect: are in sandbox representation. Dereference the tainted pointer instead.
void unverified_pointer_to_pointer(tainted_app<int**> p) {
#ifdef MISUSE_unverified_pointer_to_pointer
  const auto raw = p.unverified_safe_pointer_because(1, "one pointer");
#else
  const tainted_app<int*> inner = *p;
  const auto raw = inner.unverified_safe_pointer_because(1, "one number");
#endif
  RLBOX_UNUSED(raw);
}

struct huge {
  char bytes[0x100000000];
};

// Objects as large as the whole address space of a sandbox cannot be in it.
// expect: RLBox: objects of this type are too large.
void allocate_huge(other& sandbox) {
#ifdef MISUSE_allocate_huge
  const auto p = sandbox.malloc_in_sandbox<huge>();
#else
  const auto p = sandbox.malloc_in_sandbox<char[16]>();
#endif
  RLBOX_UNUSED(p);
}
