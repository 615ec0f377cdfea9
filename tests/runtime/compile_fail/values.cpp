// Tainted values in expressions
#include "tests/runtime/compile_fail/host.hpp"

// A number from the sandbox decides what the application does.
// expect: RLBox: only tainted pointers can be used as a condition, as a null test. Verify other
// expect: values first (copy_and_verify), or state why that is not needed
// expect: (unverified_safe_because("reason")).
void branch_on_number(tainted_app<int> length) {
#ifdef MISUSE_branch_on_number
  if (length) {
    act();
  }
#else
  if (length.copy_and_verify([](int value) { return value > 0 && value < 100; })) {
    act();
  }
#endif
}

// A comparison with a tainted value is tainted as well.
// expect: RLBox: only tainted pointers can be used as a condition, as a null test.
void branch_on_comparison(tainted_app<int> length) {
#ifdef MISUSE_branch_on_comparison
  while (length > 10) {
    length -= 10;
  }
#else
  const int plain = length.copy_and_verify(below_100);
  for (int i = 0; i < plain; i++) {
    act();
  }
#endif
}

// A tainted bool is no better than any other tainted value.
// expect: RLBox: only tainted pointers can be used as a condition, as a null test.
void choose_by_bool(tainted_app<bool> flag) {
#ifdef MISUSE_choose_by_bool
  use(flag ? 1 : 2);
#else
  use(flag.unverified_safe_because("both values are harmless") ? 1 : 2);
#endif
}

// A value in sandbox memory may change between the comparison and what follows it.
// expect: RLBox: a hint was computed from sandbox memory, which may change after the check, so it
// expect: cannot be used as a plain value. Copy the operands to tainted variables first and verify
// expect: those, or use unverified_safe_because("reason").
void branch_on_hint(tainted_app<int*> counter) {
#ifdef MISUSE_branch_on_hint
  if (*counter == 3) {
    act();
  }
#else
  const tainted_app<int> copy = *counter;
  if (copy.copy_and_verify(below_100) == 3) {
    act();
  }
#endif
}

// expect gcc: cannot convert
// expect clang: no viable conversion
void branch_on_memcmp(app& sandbox, tainted_app<char*> text) {
#ifdef MISUSE_branch_on_memcmp
  const int order = rlbox::memcmp(sandbox, text, "secret", 6);
#else
  const int order = rlbox::memcmp(sandbox, text, "secret", 6)
                        .unverified_safe_because("only chooses between two messages");
#endif
  use(order);
}

// expect: RLBox: a hint was computed from sandbox memory, which may change after the check, so it
// expect: cannot be used as a plain value.
void branch_on_order(app& sandbox, tainted_app<char*> text) {
#ifdef MISUSE_branch_on_order
  if (rlbox::memcmp(sandbox, text, "secret", 6)) {
    act();
  }
#else
  if (rlbox::memcmp(sandbox, text, "secret", 6).unverified_safe_because("only logs")) {
    act();
  }
#endif
}

// What a field says now it need not say a moment later.
// expect: RLBox: a value in sandbox memory cannot be used as a condition or cast to a plain value,
// expect: since the library chose it and may change it at any time. Assign it to a tainted variable
// expect: first, and verify that (copy_and_verify).
void branch_on_field(tainted_app<point*> p) {
#ifdef MISUSE_branch_on_field
  if (p->x) {
    act();
  }
#else
  const tainted_app<int> copy = p->x;
  if (copy.copy_and_verify(below_100) != 0) {
    act();
  }
#endif
}

// A null test of a pointer that the library can change afterwards says nothing.
// expect: RLBox: a value in sandbox memory cannot be used as a condition or cast to a plain value,
void branch_on_pointer_field(tainted_app<point*> p) {
#ifdef MISUSE_branch_on_pointer_field
  if (p->data) {
    *p->data = 1;
  }
#else
  const tainted_app<int*> data = p->data;
  if (data) {
    *data = 1;
  }
#endif
}

// expect: RLBox: a value in sandbox memory cannot be used as a condition or cast to a plain value,
void cast_field(tainted_app<point*> p) {
#ifdef MISUSE_cast_field
  use(static_cast<int>(p->x));
#else
  use(p->x.copy_and_verify(below_100));
#endif
}

// The next thing to try after the compiler says that there is no conversion.
// expect: RLBox: a cast does not make a tainted value a plain one. Verify it (copy_and_verify and
// expect: its relatives), or state why that is not needed (unverified_safe_because("reason"),
// expect: unverified_safe_pointer_because(count, "reason")). sandbox_static_cast and its relatives
// expect: convert between tainted types.
void cast_number(tainted_app<int> length) {
#ifdef MISUSE_cast_number
  use(static_cast<int>(length));
#else
  use(length.copy_and_verify(below_100));
#endif
}

// The memory behind a raw pointer into the sandbox changes while the application works with it.
// expect: RLBox: a cast does not make a tainted value a plain one.
void cast_pointer(tainted_app<const char*> text) {
#ifdef MISUSE_cast_pointer
  use(static_cast<int>(std::strlen((const char*)text)));
#else
  use(text.copy_and_verify_string([](std::string copy) { return static_cast<int>(copy.size()); }));
#endif
}

// expect: RLBox: the result of an operation with a tainted value is tainted, so a plain variable
// expect: cannot hold it. Make the variable tainted, or verify the value first (copy_and_verify).
void add_to_plain(tainted_app<int> length) {
#ifdef MISUSE_add_to_plain
  int total = 1;
#else
  tainted_app<int> total = 1;
#endif
  total += length;
}

// What the verifier of a hint sees may not be true any more when the hint is used.
// expect: RLBox: a hint was computed from sandbox memory, which may change after the check, so it
// expect: cannot be verified. Copy the operands to tainted variables first and compare those, or
// expect: use unverified_safe_because("reason").
void verify_hint(tainted_app<int*> counter) {
#ifdef MISUSE_verify_hint
  const bool reached = (*counter == 3).copy_and_verify([](bool value) { return value; });
#else
  const tainted_app<int> copy = *counter;
  const bool reached = (copy == 3).copy_and_verify([](bool value) { return value; });
#endif
  use(reached);
}

// expect: RLBox: a hint was computed from sandbox memory, which may change after the check, so it
// expect: cannot be verified. Copy the operands to application memory first and compare those, or
// expect: use unverified_safe_because("reason").
void verify_int_hint(app& sandbox, tainted_app<char*> text) {
#ifdef MISUSE_verify_int_hint
  const int order = rlbox::memcmp(sandbox, text, "abc", 3).copy_and_verify(below_100);
#else
  const int order =
      text.copy_and_verify_string([](std::string copy) { return copy.compare(0, 3, "abc"); });
#endif
  use(order);
}

// A tainted number is not a number. The words are the compiler's own: a conversion with better ones
// would make `condition ? length : 0` ambiguous, which programs use.
// expect gcc: cannot convert
// expect clang: no viable conversion
void initialize_plain(tainted_app<int> length) {
#ifdef MISUSE_initialize_plain
  const int plain = length;
#else
  const int plain = length.copy_and_verify(below_100);
#endif
  use(plain);
}

// expect gcc: cannot convert
// expect clang: no matching function for call to 'use'
void pass_as_plain(tainted_app<int> length) {
#ifdef MISUSE_pass_as_plain
  use(length);
#else
  use(length.copy_and_verify(below_100));
#endif
}

// expect gcc: cannot convert
// expect clang: no viable conversion
void read_field_as_plain(tainted_app<point*> p) {
#ifdef MISUSE_read_field_as_plain
  const int plain = p->x;
#else
  const int plain = p->x.copy_and_verify(below_100);
#endif
  use(plain);
}

// A field, an element and `*p` are references into sandbox memory. `auto` would make an object of
// that type in the application; name the tainted type for a copy, or write `auto&` for the
// reference.
// expect gcc: is private within this context
// expect clang: calling a private constructor
void copy_field_with_auto(tainted_app<point*> p) {
#ifdef MISUSE_copy_field_with_auto
  const auto x = p->x;
#else
  const tainted_app<int> x = p->x;
#endif
  use(x.copy_and_verify(below_100));
}

// The classic: an index from the library into an array of the application.
// expect gcc: no match for ‘operator[]’
// expect clang: no viable overloaded operator[]
void index_with_tainted(tainted_app<unsigned> index) {
  const int table[4] = {1, 2, 3, 4};
#ifdef MISUSE_index_with_tainted
  use(table[index]);
#else
  use(table[index.copy_and_verify([](unsigned value) { return value < 4 ? value : 0; })]);
#endif
}

// A size from the library for memory of the application.
// expect gcc: cannot convert
// expect clang: no viable conversion
void allocate_with_tainted(tainted_app<unsigned> size) {
#ifdef MISUSE_allocate_with_tainted
  void* const memory = std::malloc(size);
#else
  void* const memory =
      std::malloc(size.copy_and_verify([](unsigned value) { return value < 4096 ? value : 4096; }));
#endif
  std::free(memory);
}

// expect gcc: cannot convert
// expect clang: no viable conversion
int return_as_plain(tainted_app<int> length) {
#ifdef MISUSE_return_as_plain
  return length;
#else
  return length.copy_and_verify(below_100);
#endif
}

// expect gcc: default type conversion cannot deduce template argument
// expect clang: statement requires expression of integer type
void switch_on_tainted(tainted_app<int> kind) {
#ifdef MISUSE_switch_on_tainted
  switch (kind) {
#else
  switch (kind.copy_and_verify(below_100)) {
#endif
    case 0:
      act();
      break;
    default:
      break;
  }
}

// No type can defend itself against printf; -Wformat, which is part of -Wall, can.
// flags: -Wall -Werror=format
// expect gcc: format ‘%d’ expects argument of type ‘int’
// expect clang: format specifies type 'int'
void print_with_format(tainted_app<int> length) {
#ifdef MISUSE_print_with_format
  std::printf("%d", length);
#else
  std::printf("%d", length.copy_and_verify(below_100));
#endif
}

// The library may still write to what a pointer refers to while the application reads it.
// expect gcc: a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify
// expect clang: RLBox: a tainted pointer is not a plain one, since the library may change what it
// expect clang: refers to. Copy that and verify it (copy_and_verify, copy_and_verify_range,
// expect clang: copy_and_verify_string), or state why that is not needed
// expect clang: (unverified_safe_pointer_because(count, "reason")).
void initialize_pointer(tainted_app<const char*> text) {
#ifdef MISUSE_initialize_pointer
  const char* const plain = text;
  use(plain[0]);
#else
  const std::string plain = text.copy_and_verify_string([](std::string copy) { return copy; });
  use(plain[0]);
#endif
}

// expect gcc: a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify
// expect clang: RLBox: a tainted pointer is not a plain one, since the library may change what it
// expect clang: refers to.
int* return_pointer(tainted_app<int*> numbers) {
#ifdef MISUSE_return_pointer
  return numbers;
#else
  return numbers.unverified_safe_pointer_because(4, "the caller verifies each number");
#endif
}

// expect gcc: a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify
// expect clang: RLBox: a tainted pointer is not a plain one, since the library may change what it
// expect clang: refers to.
void make_string(tainted_app<const char*> text) {
#ifdef MISUSE_make_string
  const std::string plain(text);
#else
  const std::string plain = text.copy_and_verify_string([](std::string copy) { return copy; });
#endif
  use(static_cast<int>(plain.size()));
}

// expect gcc: a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify
// expect clang: RLBox: a tainted pointer is not a plain one, since the library may change what it
// expect clang: refers to.
void copy_from_field(tainted_app<point*> p) {
  char name[8];
#ifdef MISUSE_copy_from_field
  std::memcpy(name, p->name, sizeof(name));
#else
  const auto copy = p->name.copy_and_verify([](std::array<char, 8> verified) { return verified; });
  std::memcpy(name, copy.data(), sizeof(name));
#endif
  use(name[0]);
}

// A pointer from the library into a function of the application.
// expect gcc: a_tainted_pointer_is_not_a_plain_one_and_needs_copy_and_verify
// expect clang: RLBox: a tainted pointer is not a plain one, since the library may change what it
// expect clang: refers to.
void measure_tainted_string(tainted_app<const char*> text) {
#ifdef MISUSE_measure_tainted_string
  const std::size_t length = std::strlen(text);
#else
  const std::size_t length =
      text.copy_and_verify_string([](std::string copy) { return copy.size(); });
#endif
  use(static_cast<int>(length));
}

// expect: RLBox: operator ! applies to tainted pointers and tainted bools only. Compare numbers
// expect: explicitly, as in (value == 0), which gives a tainted bool.
void negate_number(tainted_app<int> length) {
#ifdef MISUSE_negate_number
  const auto empty = !length;
#else
  const tainted_app<bool> empty = length == 0;
#endif
  RLBOX_UNUSED(empty);
}

// An order of addresses would tell the library where the application's memory is.
// expect: RLBox: tainted pointers can only be compared with == and !=, since an order of addresses
// expect: inside the sandbox means nothing to the application.
void order_pointers(tainted_app<int*> begin, tainted_app<int*> end) {
#ifdef MISUSE_order_pointers
  const auto result = begin < end;
#else
  const auto result = begin == end;
#endif
  RLBOX_UNUSED(result);
}

// expect: RLBox: tainted pointers cannot be subtracted or combined. Compute with indexes, or
// expect: compare the verified addresses (copy_and_verify_address).
void subtract_pointers(tainted_app<int*> begin, tainted_app<int*> end) {
#ifdef MISUSE_subtract_pointers
  const auto length = end - begin;
#else
  const auto address = [](std::uintptr_t value) { return value; };
  const auto length = end.copy_and_verify_address(address) - begin.copy_and_verify_address(address);
#endif
  RLBOX_UNUSED(length);
}

// expect: RLBox: this operator needs tainted or plain numbers. Pointers allow only pointer +
// expect: integer, pointer - integer and integer + pointer; enums and hints must be converted
// expect: first.
void multiply_pointer(tainted_app<int*> p) {
#ifdef MISUSE_multiply_pointer
  const auto result = p * 2;
#else
  const auto result = p + 2;
#endif
  RLBOX_UNUSED(result);
}

// expect: RLBox: the operands of this comparison do not compare in C++.
void compare_pointer_with_number(tainted_app<int*> p) {
#ifdef MISUSE_compare_pointer_with_number
  const auto result = p == 5;
#else
  const auto result = p == nullptr;
#endif
  RLBOX_UNUSED(result);
}

// Values of two libraries have nothing to do with each other.
// expect: RLBox: values of different sandbox types cannot be combined. Verify one first.
void combine_sandboxes(tainted_app<int> a, tainted_other<int> b) {
#ifdef MISUSE_combine_sandboxes
  const auto sum = a + b;
#else
  const auto sum = a + b.copy_and_verify(below_100);
#endif
  RLBOX_UNUSED(sum);
}

// expect: RLBox: values of different sandbox types cannot be combined. Verify one first.
void compare_sandboxes(tainted_app<int> a, tainted_other<int> b) {
#ifdef MISUSE_compare_sandboxes
  const auto result = a == b;
#else
  const auto result = a == b.copy_and_verify(below_100);
#endif
  RLBOX_UNUSED(result);
}

// Both sides of a tainted && are evaluated, also the call of a function.
// expect: RLBox: tainted && and || evaluate both operands, unlike those of C++. To show that this
// expect: is intended, the right operand must be a variable: assign it to one first.
void short_circuit(tainted_app<bool> a, tainted_app<int> b) {
#ifdef MISUSE_short_circuit
  const auto result = a && (b == 3);
#else
  const tainted_app<bool> is_three = b == 3;
  const auto result = a && is_three;
#endif
  RLBOX_UNUSED(result);
}

// expect: RLBox: tainted && and || need integers or bools. Compare pointers with nullptr first.
void pointer_and_bool(tainted_app<int*> p, tainted_app<bool> b) {
#ifdef MISUSE_pointer_and_bool
  const auto result = p && b;
#else
  const bool present = p != nullptr;
  const auto result = present && b;
#endif
  RLBOX_UNUSED(result);
}

// expect: RLBox: enums cannot be assigned the result of arithmetic.
void count_enum(tainted_app<color> c) {
#ifdef MISUSE_count_enum
  c += 1;
#else
  c = green;
#endif
}

// expect: RLBox: unary - applies to numbers only.
void minus_pointer(tainted_app<int*> p, tainted_app<int> n) {
#ifdef MISUSE_minus_pointer
  const auto result = -p;
#else
  const auto result = p + -n;
#endif
  RLBOX_UNUSED(result);
}

// expect: RLBox: operator ~ applies to numbers only.
void invert_pointer(tainted_app<int*> p, tainted_app<unsigned> n) {
#ifdef MISUSE_invert_pointer
  const auto result = ~p;
#else
  const auto result = ~n;
#endif
  RLBOX_UNUSED(result);
  RLBOX_UNUSED(p);
}
