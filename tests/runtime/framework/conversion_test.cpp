// Scalar and array conversion, type mapping and traits: docs/contract.md, "Values".
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

using S = rlbox::rlbox_test_sandbox;
using rlbox::detail::convert_type_fundamental_or_array;

RLBOX_DEFINE_BASE_TYPES_FOR(here, test);
RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(there, rlbox::rlbox_test_sandbox);
static_assert(std::is_same_v<tainted_here<int>, rlbox::tainted<int, S>>);
static_assert(std::is_same_v<tainted_volatile_here<int>, rlbox::tainted_volatile<int, S>>);
static_assert(std::is_same_v<tainted_opaque_there<int>, rlbox::tainted_opaque<int, S>>);
static_assert(std::is_same_v<rlbox_sandbox_here, rlbox::rlbox_sandbox<S>>);
static_assert(std::is_same_v<rlbox_here_sandbox_type, S>);
static_assert(
    std::is_same_v<sandbox_callback_there<int (*)(int)>, rlbox::sandbox_callback<int (*)(int), S>>);
static_assert(std::is_same_v<app_pointer_there<int*>, rlbox::app_pointer<int*, S>>);
static_assert(std::is_same_v<::tainted_boolean_hint, rlbox::tainted_boolean_hint>);

namespace {
struct some_class {
  int x;
};
enum an_enum { AN_A = 1, AN_B };
enum class other_enum : std::uint8_t { A = 200 };

template <typename To, typename From>
bool converts(From from, To expected) {
  To to{};
  convert_type_fundamental_or_array(to, from);
  return to == expected;
}
template <typename To, typename From>
bool overflows(From from) {
  return harness::fails([&] {
    To to{};
    convert_type_fundamental_or_array(to, from);
  });
}
template <typename T, std::size_t N>
struct look_alike {};

template <typename T>
using mapped = rlbox::rlbox_sandbox<S>::convert_to_sandbox_equivalent_nonclass_t<T>;
}  // namespace

TEST_CASE("integers are range checked") {
  CHECK(converts<std::int64_t>(std::int32_t{-5}, std::int64_t{-5}));
  CHECK(converts<std::uint64_t>(std::uint32_t{5}, std::uint64_t{5}));
  CHECK(converts<std::int64_t>(std::uint32_t{0xffffffff}, std::int64_t{0xffffffff}));
  CHECK(converts<std::uint8_t>(std::int64_t{255}, std::uint8_t{255}));
  CHECK(converts<std::int8_t>(std::uint8_t{127}, std::int8_t{127}));
  CHECK(overflows<std::int8_t>(std::uint8_t{128}));
  CHECK(overflows<std::uint8_t>(std::int64_t{256}));
  CHECK(overflows<std::uint8_t>(std::int64_t{-1}));
  CHECK(overflows<std::uint64_t>(std::int8_t{-1}));
  CHECK(overflows<std::int32_t>(std::int64_t{0x80000000}));
  CHECK(overflows<std::int32_t>(std::int64_t{-2147483649LL}));
  CHECK(converts<std::int32_t>(std::int64_t{-0x7fffffff} - 1, std::int32_t{-0x7fffffff} - 1));
  CHECK(overflows<std::uint32_t>(std::uint64_t{0x100000000}));
  CHECK(overflows<std::int32_t>(std::uint32_t{0x80000000}));
  CHECK(converts<int>(true, 1));
  CHECK(converts<bool>(1, true));
  CHECK(overflows<bool>(2));
}

TEST_CASE("floating-point numbers and enums") {
  CHECK(converts<double>(1.5f, 1.5));
  CHECK(converts<float>(1.5, 1.5f));
  CHECK(converts<an_enum>(AN_B, AN_B));
}

#if HARNESS_HAS_EXCEPTIONS
TEST_CASE("classes are rejected") {
  some_class c{1};
  some_class d{2};
  int i = 0;
  CHECK_REJECTED(convert_type_fundamental_or_array(i, 1.5));
  CHECK_REJECTED(convert_type_fundamental_or_array(i, c));
  CHECK_REJECTED(convert_type_fundamental_or_array(c, i));
  CHECK_REJECTED(convert_type_fundamental_or_array(c, d));
  int array[2] = {1, 2};
  int longer[3] = {};
  int* pointers[2] = {};
  CHECK_REJECTED(convert_type_fundamental_or_array(i, array));
  CHECK_REJECTED(convert_type_fundamental_or_array(array, i));
  CHECK_REJECTED(convert_type_fundamental_or_array(longer, array));
  CHECK_REJECTED(convert_type_fundamental_or_array(pointers, pointers));
}
#endif

TEST_CASE("arrays convert element by element") {
  int c_array[3] = {1, -2, 3};
  std::array<int, 3> std_array{};
  convert_type_fundamental_or_array(std_array, c_array);
  CHECK(std_array[0] == 1 && std_array[1] == -2 && std_array[2] == 3);
  long wide[3] = {};
  convert_type_fundamental_or_array(wide, std_array);
  CHECK(wide[1] == -2);
  std::int8_t narrow[3] = {};
  convert_type_fundamental_or_array(narrow, wide);
  CHECK(narrow[1] == -2 && narrow[2] == 3);
  wide[2] = 300;
  CHECK_FAILS(convert_type_fundamental_or_array(narrow, wide));
  unsigned unsigned_array[3] = {};
  CHECK_FAILS(convert_type_fundamental_or_array(unsigned_array, c_array));
  std::array<int, 2> nested[2] = {{{1, 2}}, {{3, 4}}};
  std::int64_t flat[2][2] = {};
  convert_type_fundamental_or_array(flat, nested);
  CHECK(flat[0][1] == 2 && flat[1][0] == 3);
  volatile int shared = 5;
  int copy = 0;
  convert_type_fundamental_or_array(copy, shared);
  CHECK(copy == 5);
}

TEST_CASE("a hostile bool is read as a byte") {
  unsigned char byte = 0x55;
  bool value = false;
  convert_type_fundamental_or_array(value, *reinterpret_cast<volatile bool*>(&byte));
  unsigned char stored = 0;
  std::memcpy(&stored, &value, 1);
  CHECK(stored == 1);
}

TEST_CASE("type mapping") {
  static_assert(std::is_same_v<mapped<void>, void>);
  static_assert(std::is_same_v<mapped<bool>, bool>);
  static_assert(std::is_same_v<mapped<char>, char>);
  static_assert(std::is_same_v<mapped<signed char>, signed char>);
  static_assert(std::is_same_v<mapped<unsigned char>, unsigned char>);
  static_assert(std::is_same_v<mapped<short>, std::int16_t>);
  static_assert(std::is_same_v<mapped<int>, std::int32_t>);
  static_assert(std::is_same_v<mapped<unsigned>, std::uint32_t>);
  static_assert(std::is_same_v<mapped<long>, std::int32_t>);
  static_assert(std::is_same_v<mapped<unsigned long>, std::uint32_t>);
  static_assert(std::is_same_v<mapped<long long>, std::int64_t>);
  static_assert(std::is_same_v<mapped<unsigned long long>, std::uint64_t>);
  static_assert(std::is_same_v<mapped<char16_t>, std::uint16_t>);
  static_assert(std::is_same_v<mapped<char32_t>, std::uint32_t>);
  static_assert(std::is_same_v<mapped<float>, float>);
  static_assert(std::is_same_v<mapped<long double>, long double>);
  static_assert(std::is_same_v<mapped<an_enum>, an_enum>);
  static_assert(std::is_same_v<mapped<other_enum>, other_enum>);
  static_assert(std::is_same_v<mapped<void*>, std::uint32_t>);
  static_assert(std::is_same_v<mapped<const char**>, std::uint32_t>);
  static_assert(std::is_same_v<mapped<int (*)(int)>, std::uint32_t>);
  static_assert(std::is_same_v<mapped<long[4]>, std::int32_t[4]>);
  static_assert(std::is_same_v<mapped<long[4][2]>, std::int32_t[4][2]>);
  static_assert(std::is_same_v<mapped<char* [3]>, std::uint32_t[3]>);
  static_assert(std::is_same_v<mapped<const long>, const std::int32_t>);
  static_assert(std::is_same_v<mapped<const long[2]>, const std::int32_t[2]>);
  static_assert(
      std::is_same_v<rlbox::detail::convert_to_sandbox_equivalent_t<long, S>, std::int32_t>);
  CHECK(true);
}

TEST_CASE("traits") {
  using namespace rlbox::detail;
  static_assert(all_extents_same<int[4], long[4]>);
  static_assert(all_extents_same<int[4][2], std::array<std::array<char, 2>, 4>>);
  static_assert(all_extents_same<int, char>);
  static_assert(!all_extents_same<int[4], int[5]>);
  static_assert(!all_extents_same<int[4], int>);
  static_assert(!all_extents_same<int[4][2], int[2][4]>);
  static_assert(!all_extents_same<int[4][2], int[4]>);
  static_assert(is_c_or_std_array_v<int[4]>);
  static_assert(is_c_or_std_array_v<some_class[4]>);
  static_assert(is_c_or_std_array_v<std::array<int, 4>>);
  static_assert(is_c_or_std_array_v<const std::array<int, 4>>);
  static_assert(!is_c_or_std_array_v<int>);
  static_assert(!is_c_or_std_array_v<int*>);
  static_assert(!is_c_or_std_array_v<look_alike<int, 4>>);
  static_assert(std::is_same_v<std_array_to_c_arr_t<std::array<int, 4>>, int[4]>);
  static_assert(std::is_same_v<std_array_to_c_arr_t<int[4]>, int[4]>);
  static_assert(std::is_same_v<std_array_to_c_arr_t<int>, int>);
  static_assert(rlbox_is_tainted_v<rlbox::tainted<int, S>>);
  static_assert(!rlbox_is_tainted_v<rlbox::tainted_volatile<int, S>>);
  static_assert(!rlbox_is_tainted_v<rlbox::tainted_opaque<int, S>>);
  static_assert(!rlbox_is_tainted_v<rlbox::sandbox_callback<int (*)(), S>>);
  static_assert(!rlbox_is_tainted_v<int>);
  static_assert(std::is_same_v<rlbox_remove_wrapper_t<rlbox::tainted<int*, S>>, int*>);
  static_assert(std::is_same_v<rlbox_remove_wrapper_t<rlbox::tainted_volatile<int[2], S>>, int[2]>);
  static_assert(std::is_same_v<rlbox_remove_wrapper_t<rlbox::tainted_opaque<int, S>>, int>);
  static_assert(
      std::is_same_v<rlbox_remove_wrapper_t<rlbox::sandbox_callback<int (*)(), S>>, int (*)()>);
  static_assert(std::is_same_v<rlbox_remove_wrapper_t<some_class>, some_class>);
  CHECK(true);
}

TEST_CASE("sizes") {
  using rlbox::tainted;
  using rlbox::tainted_opaque;
  using rlbox::tainted_volatile;
  static_assert(sizeof(tainted<int, S>) == sizeof(int));
  static_assert(sizeof(tainted<long, S>) == sizeof(long));
  static_assert(sizeof(tainted<void*, S>) == sizeof(void*));
  static_assert(sizeof(tainted<long[5], S>) == sizeof(long[5]));
  static_assert(sizeof(tainted<char[3][2], S>) == 6);
  static_assert(sizeof(tainted_volatile<int, S>) == 4);
  static_assert(sizeof(tainted_volatile<long, S>) == 4);
  static_assert(sizeof(tainted_volatile<void*, S>) == 4);
  static_assert(sizeof(tainted_volatile<long[5], S>) == 20);
  static_assert(sizeof(tainted_volatile<char* [5], S>) == 20);
  static_assert(sizeof(tainted_opaque<long, S>) == sizeof(long));
  static_assert(std::is_trivially_copyable_v<tainted<int, S>>);
  static_assert(std::is_trivially_copyable_v<tainted<int*, S>>);
  static_assert(std::is_trivially_copyable_v<tainted<int[4], S>>);
  static_assert(std::is_trivially_copyable_v<tainted_opaque<int, S>>);
  static_assert(std::is_trivially_default_constructible_v<tainted<int, S>>);
  static_assert(!std::is_default_constructible_v<tainted_volatile<int, S>>);
  static_assert(!std::is_copy_constructible_v<tainted_volatile<int, S>>);
  CHECK(true);
}

TEST_CASE("helpers") {
  int order = 0;
  const int result =
      rlbox::detail::return_first_result([&] { return ++order; }, [&] { order = 10; });
  CHECK(result == 1 && order == 10);
  int sum = 0;
  rlbox::detail::compile_time_for<4>([&](auto i) { sum += static_cast<int>(i.value); });
  CHECK(sum == 6);
  bool ran = false;
  {
    auto on_exit = rlbox::detail::make_scope_exit([&] { ran = true; });
  }
  CHECK(ran);
  volatile int v = 1;
  CHECK_TYPE(int*, rlbox::detail::remove_volatile_from_ptr_cast(&v));
  static_assert(rlbox::detail::CompileErrorCode == 42);
}
