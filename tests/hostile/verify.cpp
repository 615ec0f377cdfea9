// What the library returns, on its way into the application: copies, sizes, strings, values.
#include "tests/hostile/box.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

using namespace hostile;

namespace {

/// Verifiers of a correct application.
int int_or_zero(std::unique_ptr<int> value) { return value ? *value : 0; }
std::string any_text(std::string text) { return text; }

/// Fills the last bytes of the sandbox's memory; their address.
std::uint32_t at_the_end(box_type& box, std::uint32_t bytes, std::uint32_t value) {
  const std::uint32_t from = end_of(box) - bytes;
  box.invoke_sandbox_function(fill, from, bytes, value);
  return from;
}

}  // namespace

// ---- copies at the end of memory ----

BEHAVIOUR("H-VER-01", "returns a pointer to the last byte, for a copy of an int",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(ints_at, end_of(box) - 1).copy_and_verify(int_or_zero);
}

BEHAVIOUR("H-VER-02", "returns a pointer to the last four bytes, for a copy of an int",
          harmless()) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(ints_at, at_the_end(box, 4, 1));
  REQUIRE(p.copy_and_verify(int_or_zero) == 0x01010101);
}

BEHAVIOUR("H-VER-03", "returns the end of its memory, for a copy of an int",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(ints_at, end_of(box)).copy_and_verify(int_or_zero);
}

BEHAVIOUR("H-VER-04", "returns its last address, for a copy of a double", refused(beyond_the_end)) {
  box_of(k)
      .invoke_sandbox_function(doubles_at, 0xFFFFFFFFU)
      .copy_and_verify([](std::unique_ptr<double> value) { return value ? *value : 0.0; });
}

BEHAVIOUR("H-VER-05",
          "returns a pointer near the end, for a copy of longs, which are smaller there",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(longs_at, at_the_end(box, 16, 1));
  p.copy_and_verify_range(
      [&](std::unique_ptr<long[]> values) {
        REQUIRE(values[3] == 0x01010101);
        return 0;
      },
      4);
  p.copy_and_verify_range([](std::unique_ptr<long[]>) { return 0; }, 5);
}

BEHAVIOUR("H-VER-06", "returns null, for a copy of an int", harmless()) {
  REQUIRE(box_of(k).invoke_sandbox_function(ints_at, 0U).copy_and_verify(int_or_zero) == 0);
}

BEHAVIOUR("H-VER-07", "returns an odd address, for a copy of doubles", harmless()) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(doubles_at, end_of(box) - 33);
  p.copy_and_verify_range([](std::unique_ptr<double[]> values) { return values[0]; }, 4);
}

BEHAVIOUR("H-VER-08", "returns a wild pointer to a struct that the application copies",
          refused(beyond_the_end)) {
  box_of(k)
      .invoke_sandbox_function(records_at, 0x70000000U)
      .copy_and_verify([](std::unique_ptr<t<record>> value) { return value != nullptr; });
}

BEHAVIOUR("H-VER-09", "returns a struct of which the last field is behind the end",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(records_at, end_of(box) - 8)
      .copy_and_verify([](std::unique_ptr<t<record>> value) { return value != nullptr; });
}

BEHAVIOUR("H-VER-10", "returns null, for the address of a buffer", harmless()) {
  const auto address =
      box_of(k)
          .invoke_sandbox_function(chars_at, 0U)
          .copy_and_verify_buffer_address([](std::uintptr_t value) { return value; }, 16);
  REQUIRE(address == 0);
}

BEHAVIOUR("H-VER-11", "returns the end of its memory, for the address of a buffer",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(chars_at, end_of(box) - 15)
      .copy_and_verify_buffer_address([](std::uintptr_t value) { return value; }, 16);
}

BEHAVIOUR("H-VER-12", "returns a raw pointer's last elements behind the end",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(ints_at, end_of(box) - 12);
  static_cast<void>(p.unverified_safe_pointer_because(4, "a test of the check"));
}

BEHAVIOUR("H-VER-13", "shrinks nothing: its memory ends where the copy ends", harmless()) {
  auto& box = box_of(k);
  const std::uint32_t all = end_of(box) - 65536U;
  const auto p = box.invoke_sandbox_function(chars_at, 65536U);
  p.copy_and_verify_range([](std::unique_ptr<char[]> bytes) { return bytes[0]; }, all);
}

// ---- sizes that overflow ----

BEHAVIOUR("H-SIZ-01", "returns a count whose bytes overflow 64 bits",
          refused("refused: RLBox: the number of elements is too large")) {
  auto& box = box_of(k);
  const auto count = box.invoke_sandbox_function(wide_number, ~std::uint64_t{0} / 2)
                         .copy_and_verify([](std::uint64_t n) { return std::size_t{n}; });
  box.invoke_sandbox_function(ints_at, 65536U)
      .copy_and_verify_range([](std::unique_ptr<int[]>) { return 0; }, count);
}

BEHAVIOUR("H-SIZ-02", "returns a count whose end overflows the address space",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto count = box.invoke_sandbox_function(wide_number, ~std::uint64_t{0} - 65536U)
                         .copy_and_verify([](std::uint64_t n) { return std::size_t{n}; });
  box.invoke_sandbox_function(chars_at, 65536U)
      .copy_and_verify_range([](std::unique_ptr<char[]>) { return 0; }, count);
}

BEHAVIOUR("H-SIZ-03", "returns a count of 4 GiB, which the application verifies and allocates by",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto count = box.invoke_sandbox_function(size, 0xFFFFFFFFU).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(chars_at, 65536U)
      .copy_and_verify_range([](std::unique_ptr<char[]>) { return 0; }, count);
}

BEHAVIOUR("H-SIZ-04", "returns a count of zero",
          refused("refused: RLBox: copy_and_verify_range needs at least one element")) {
  auto& box = box_of(k);
  const auto count = box.invoke_sandbox_function(size, 0U).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(chars_at, 65536U)
      .copy_and_verify_range([](std::unique_ptr<char[]>) { return 0; }, count);
}

BEHAVIOUR(
    "H-SIZ-05", "returns a size for memset that is larger than its memory",
    refused("refused: RLBox: a memory function was called with more bytes than the sandbox has")) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(chars_at, 65536U);
  rlbox::memset(box, p, 0, box.invoke_sandbox_function(size, 0xFFFFFFFFU));
}

BEHAVIOUR(
    "H-SIZ-06", "returns a negative size for memcpy",
    refused("refused: RLBox: a memory function was called with more bytes than the sandbox has")) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(chars_at, 65536U);
  rlbox::memcpy(box, p, "text", box.invoke_sandbox_function(signed_number, -1));
}

BEHAVIOUR("H-SIZ-07", "returns a destination for memset that ends behind the end",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(chars_at, end_of(box) - 15);
  rlbox::memset(box, p, 0, 16);
}

BEHAVIOUR("H-SIZ-08", "returns a source for memcpy that ends behind the end",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto to = box.malloc_in_sandbox<char>(64);
  const auto from = box.invoke_sandbox_function(chars_at, end_of(box) - 15);
  rlbox::memcpy(box, to, from, 16);
}

BEHAVIOUR("H-SIZ-09", "returns null for memcmp",
          refused("refused: RLBox: null pointer where a range of sandbox memory is needed")) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(chars_at, 0U);
  static_cast<void>(rlbox::memcmp(box, p, "text", 4));
}

BEHAVIOUR("H-SIZ-10", "returns a buffer that is handed over, and its size",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  bool copied = false;
  const auto p = box.invoke_sandbox_function(chars_at, 65536U);
  std::free(copy_memory_or_deny_access(box, p, 0xFFFFFFFFU, false, copied));
}

BEHAVIOUR("H-SIZ-11", "asks the application for an allocation of as many elements as it says",
          harmless()) {
  auto& box = box_of(k);
  const auto count = box.invoke_sandbox_function(size, 0xFFFFFFFFU).copy_and_verify(as_it_is);
  REQUIRE(box.malloc_in_sandbox<long>(count) == nullptr);
}

BEHAVIOUR("H-SIZ-12", "returns a size_t that is used for a copy after a check", harmless()) {
  auto& box = box_of(k);
  const auto count =
      box.invoke_sandbox_function(size, 0xFFFFFFF0U).copy_and_verify([](std::size_t n) {
        return n <= 64 ? n : std::size_t{64};
      });
  REQUIRE(count == 64);
}

// ---- strings ----

BEHAVIOUR("H-STR-01", "returns a string without an end, up to the end of its memory",
          refused(no_terminator)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(text_at, at_the_end(box, 16, 65)).copy_and_verify_string(any_text);
}

BEHAVIOUR("H-STR-02", "returns a string that ends in the last byte of its memory", harmless()) {
  auto& box = box_of(k);
  const std::uint32_t from = at_the_end(box, 100, 65);
  box.invoke_sandbox_function(store8, from + 99, 0U);
  REQUIRE(box.invoke_sandbox_function(text_at, from).copy_and_verify_string(any_text).size() == 99);
}

BEHAVIOUR("H-STR-03", "returns a string at the end of its memory", refused(no_terminator)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(text_at, end_of(box)).copy_and_verify_string(any_text);
}

BEHAVIOUR("H-STR-04", "returns a string at a wild address", refused(no_terminator)) {
  box_of(k).invoke_sandbox_function(text_at, 0xFFFFFFFFU).copy_and_verify_string(any_text);
}

BEHAVIOUR("H-STR-05", "returns no string", harmless()) {
  REQUIRE(box_of(k).invoke_sandbox_function(text_at, 0U).copy_and_verify_string(any_text).empty());
}

BEHAVIOUR("H-STR-06", "returns a string of 16 MiB without an end", refused(no_terminator)) {
  auto& box = box_of(k);
  const auto old = box.invoke_sandbox_function(grow_and_touch, 256U).copy_and_verify(as_it_is);
  box.invoke_sandbox_function(memory_fill, old << 16, 65U, 256U << 16);
  box.invoke_sandbox_function(text_at, old << 16).copy_and_verify_string(any_text);
}

BEHAVIOUR("H-STR-07", "returns a string without an end, for a copy of characters",
          refused(no_terminator)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(chars_at, at_the_end(box, 16, 65))
      .copy_and_verify_string([](std::unique_ptr<char[]> text) { return text != nullptr; });
}

BEHAVIOUR("H-STR-08", "returns text with controls and broken UTF-8, which the verifier sees",
          harmless()) {
  auto& box = box_of(k);
  const std::uint32_t from = at_the_end(box, 8, 0x9B);
  box.invoke_sandbox_function(store8, from + 7, 0U);
  const bool plain =
      box.invoke_sandbox_function(text_at, from).copy_and_verify_string([](std::string text) {
        return text.find_first_of("\x9B") == std::string::npos;
      });
  REQUIRE(!plain);
}

BEHAVIOUR("H-STR-09", "fills the array of a struct without a terminator, which arrives as an array",
          harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 65, 64);
  const auto text = p->text.copy_and_verify([](std::array<char, 8> value) { return value; });
  REQUIRE(text[7] == 65);
}

// ---- values ----

BEHAVIOUR("H-VAL-01", "returns a bool of 2", harmless()) {
  const bool value =
      box_of(k).invoke_sandbox_function(boolean, 2U).copy_and_verify([](bool b) { return b; });
  REQUIRE((value ? 1 : 0) == 1);
}

BEHAVIOUR("H-VAL-02", "returns a bool of 256", harmless()) {
  const bool value =
      box_of(k).invoke_sandbox_function(boolean, 256U).copy_and_verify([](bool b) { return b; });
  volatile unsigned char stored = static_cast<unsigned char>(value);
  REQUIRE(stored <= 1);
}

BEHAVIOUR("H-VAL-03", "writes 255 into the bool of a struct", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 255, 64);
  const bool value = p->flag.copy_and_verify([](bool b) { return b; });
  volatile unsigned char stored = static_cast<unsigned char>(value);
  REQUIRE(stored == 1);
}

BEHAVIOUR("H-VAL-04", "passes a bool of 2 to a callback", harmless()) {
  auto& box = box_of(k);
  auto callback = box.register_callback(+[](box_type&, t<bool> flag) -> t<bool> {
    return flag.copy_and_verify([](bool b) { return b; });
  });
  const auto back = box.invoke_sandbox_function(call_bool, callback, 2U).copy_and_verify(as_it_is);
  REQUIRE(back <= 1);
}

BEHAVIOUR("minor-enum", "returns an enum that has no such value", harmless()) {
  const int value =
      box_of(k).invoke_sandbox_function(colour_of, 0x7FFFFFFFU).copy_and_verify([](colour c) {
        return c == red || c == green || c == blue ? static_cast<int>(c) : -1;
      });
  REQUIRE(value == -1);
}

BEHAVIOUR("H-VAL-05", "writes an enum that has no such value into a struct", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0xFE, 64);
  const int value = p->kind.copy_and_verify(
      [](colour c) { return c == red || c == green || c == blue ? static_cast<int>(c) : -1; });
  REQUIRE(value == -1);
}

BEHAVIOUR("H-VAL-06", "returns a NaN with a payload", harmless()) {
  const bool sane = box_of(k)
                        .invoke_sandbox_function(floating, std::uint64_t{0x7FF4DEADBEEF0001})
                        .copy_and_verify([](double d) { return d >= 0.0 && d <= 1.0; });
  REQUIRE(!sane);
}

BEHAVIOUR("H-VAL-07", "returns infinity for a scale", harmless()) {
  const double scale = box_of(k)
                           .invoke_sandbox_function(floating, std::uint64_t{0x7FF0000000000000})
                           .copy_and_verify([](double d) { return std::isfinite(d) ? d : 1.0; });
  REQUIRE(scale <= 1.0);
}

BEHAVIOUR("H-VAL-08", "returns a signalling NaN as a float", harmless()) {
  const bool sane =
      box_of(k).invoke_sandbox_function(small_floating, 0x7FA00001U).copy_and_verify([](float f) {
        return f == f;
      });
  REQUIRE(!sane);
}

BEHAVIOUR("H-VAL-09", "returns upper bits for an unsigned short", harmless()) {
  const auto value =
      box_of(k).invoke_sandbox_function(short_number, 0xABCD0042U).copy_and_verify(as_it_is);
  REQUIRE(value == 0x42);
}

BEHAVIOUR("H-VAL-10", "returns upper bits for a signed char", harmless()) {
  const int value =
      box_of(k).invoke_sandbox_function(char_number, 0x0FFFFF80U).copy_and_verify(as_it_is);
  REQUIRE(value == -128);
}

BEHAVIOUR("H-VAL-11", "returns a long of all bits, which is 32 bits there", harmless()) {
  const long value =
      box_of(k).invoke_sandbox_function(long_number, 0xFFFFFFFFU).copy_and_verify(as_it_is);
  REQUIRE(value == -1);
}

BEHAVIOUR("H-VAL-12", "gets a long that does not fit into its 32 bits", refused(does_not_fit)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<long>();
  *p = std::numeric_limits<long>::max();
}

BEHAVIOUR("H-VAL-13", "returns the smallest integer, which the application negates in its verifier",
          harmless()) {
  const int value = box_of(k)
                        .invoke_sandbox_function(signed_number, std::numeric_limits<int>::min())
                        .copy_and_verify([](int n) { return n > -1000 && n < 1000 ? -n : 0; });
  REQUIRE(value == 0);
}

BEHAVIOUR("H-VAL-14", "returns 64 bits for a pointer-sized number", harmless()) {
  const auto value = box_of(k)
                         .invoke_sandbox_function(wide_number, ~std::uint64_t{0})
                         .copy_and_verify([](std::uint64_t n) { return n < 100 ? n : 100; });
  REQUIRE(value == 100);
}

// ---- structs ----

BEHAVIOUR("H-STC-01", "returns a struct by value whose pointers are wild", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  auto value =
      box.invoke_sandbox_function(record_of, static_cast<std::uint32_t>(p.UNSAFE_sandboxed(box)));
  REQUIRE(value.id.copy_and_verify(as_it_is) == 0x70707070);
}

BEHAVIOUR("H-STC-02", "returns a struct whose name the application copies from behind the end",
          refused(no_terminator)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  const t<char*> name = p->name;
  name.copy_and_verify_string(any_text);
}

BEHAVIOUR("H-STC-03", "returns a list that ends in itself, which the application limits",
          harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  box.invoke_sandbox_function(loop_records, static_cast<std::uint32_t>(p.UNSAFE_sandboxed(box)));
  t<record*> at = p;
  int count = 0;
  while (at != nullptr && count < 100) {
    at = at->next;
    ++count;
  }
  REQUIRE(count == 100);
}

BEHAVIOUR("H-STC-04", "returns a struct whose size field is larger than its array",
          refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0x70, 64);
  const auto count = p->size.copy_and_verify(as_it_is);
  static_cast<void>(p->numbers[count]);
}

BEHAVIOUR("H-STC-05", "returns a pair by address", harmless()) {
  auto value = box_of(k).invoke_sandbox_function(pair_of, 0xFFFFFFFFU, 7U);
  REQUIRE(value.first.copy_and_verify(as_it_is) == 0xFFFFFFFFU);
}

BEHAVIOUR("S17-a", "looks at the padding of a struct that it gets by value", harmless()) {
  auto& box = box_of(k);
  t<padded> value{};
  rlbox::detail::copy_from_shared(&value, &value, sizeof value);
  volatile unsigned char dirt[512];
  for (auto& byte : dirt) {
    byte = 0xA7;
  }
  value.first = static_cast<char>(0);
  value.second = 0.0;
  value.third = static_cast<char>(0);
  value.fourth = 0L;
  REQUIRE(box.invoke_sandbox_function(padded_bytes_not, value, 0U).copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("S17-b", "looks at the padding of a struct that is written into its memory", harmless()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<padded>();
  rlbox::memset(box, rlbox::sandbox_reinterpret_cast<char*>(p), 0, 24);
  // On a stack that has seen other things.
  alignas(t<padded>) unsigned char room[sizeof(t<padded>)];
  std::memset(room, 0xA7, sizeof room);
  auto* const value = new (room) t<padded>;
  value->first = static_cast<char>(0);
  value->second = 0.0;
  value->third = static_cast<char>(0);
  value->fourth = 0L;
  *p = *value;
  REQUIRE(box.invoke_sandbox_function(padded_at_bytes_not, p, 0U).copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("S17-c", "fills a result with its own bytes; the host's copy has no more", harmless()) {
  auto value = box_of(k).invoke_sandbox_function(padded_of, 0x41U);
  REQUIRE(value.first.copy_and_verify(as_it_is) == 0x41);
  REQUIRE(value.fourth.copy_and_verify(as_it_is) == 0x41414141);
}

BEHAVIOUR("S17-d", "looks for bytes of the host in memory that the application allocates and frees",
          harmless()) {
  auto& box = box_of(k);
  const std::uint32_t before = end_of(box);
  auto p = box.malloc_in_sandbox<char>(200000);
  REQUIRE(p != nullptr);
  const std::uint32_t after = end_of(box);
  std::uint32_t others = 0;
  for (std::uint32_t at = before; at < after; at += 4096) {
    others += box.invoke_sandbox_function(load8, at + 4095).copy_and_verify(as_it_is) != 0;
  }
  REQUIRE(others == 0);
}

// ---- arrays ----

BEHAVIOUR("H-IDX-01", "returns an index behind an array of a struct", refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  static_cast<void>(p->numbers[box.invoke_sandbox_function(number, 4U)]);
}

BEHAVIOUR("H-IDX-02", "returns a negative index of an array", refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  static_cast<void>(p->numbers[box.invoke_sandbox_function(signed_number, -1)]);
}

BEHAVIOUR("H-IDX-03", "returns an index of 2^32-1", refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  static_cast<void>(p->text[box.invoke_sandbox_function(number, 0xFFFFFFFFU)]);
}

BEHAVIOUR("H-IDX-04", "returns an index of 2^63", refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  static_cast<void>(p->numbers[box.invoke_sandbox_function(wide_number, std::uint64_t{1} << 63)]);
}

BEHAVIOUR("H-IDX-05", "returns the smallest index that 64 bits have", refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  static_cast<void>(p->numbers[box.invoke_sandbox_function(
      signed_wide_number, std::numeric_limits<std::int64_t>::min())]);
}

BEHAVIOUR("H-IDX-06", "returns an index for an array that the application has copied",
          refused(outside_of_array)) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<record>();
  t<record> copy = *p;
  static_cast<void>(copy.numbers[box.invoke_sandbox_function(number, 4U)]);
}

BEHAVIOUR("H-IDX-07", "returns an index for a pointer, as large as it may be", wild_element()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<int>(4);
  static_cast<void>(p[box.invoke_sandbox_function(number, 0xFFFFFFFFU)]);
}

BEHAVIOUR("H-IDX-08", "returns a negative index for a pointer", wild_element()) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<int>(4);
  static_cast<void>(p[box.invoke_sandbox_function(signed_number, std::numeric_limits<int>::min())]);
}

BEHAVIOUR("H-IDX-09", "returns an index that lands on the last, partial element", harmless()) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(ints_at, end_of(box) - 8);
  REQUIRE(p[1].copy_and_verify(as_it_is) == 0);
}

// ---- verifiers that look in place ----

namespace {

/// Verifiers of a correct application.
std::size_t length_of(std::string_view text) { return text.size(); }
constexpr auto first_of = [](const int* first, std::size_t) {
  return first != nullptr ? *first : 0;
};

constexpr const char* called_while_viewed =
    "refused: RLBox: a sandbox was called while a verifier looked at its memory in place";

#if defined(RLBOX_USE_EXCEPTIONS)
constexpr bool throws = true;
#else
constexpr bool throws = false;
#endif

box_type* viewed = nullptr;

/// A callback whose verifier calls the library.
t<std::uint32_t> verifies_and_calls(box_type& box, t<std::uint32_t> n) {
  const auto text =
      viewed->UNSAFE_accept_pointer(static_cast<char*>(viewed->get_memory_location()) + 70000);
  text.verify_string_in_place(
      [&](std::string_view) {
        return box.invoke_sandbox_function(add, 1U, 2U).copy_and_verify(as_it_is);
      },
      100000);
  return n;
}

}  // namespace

BEHAVIOUR("H-PLC-01", "returns a string that ends nowhere, which the application verifies in place",
          refused(no_terminator)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(text_at, at_the_end(box, 64, 'x'));
  p.verify_string_in_place(length_of, ~std::size_t{0});
}

BEHAVIOUR("H-PLC-02", "returns a string as long as its memory, for a verifier of short ones",
          refused(no_terminator)) {
  auto& box = box_of(k);
  const std::uint32_t from = end_of(box);
  REQUIRE(box.invoke_sandbox_function(grow, 1024U).copy_and_verify(as_it_is) != 0xFFFFFFFFU);
  box.invoke_sandbox_function(fill, from, 1024U * 65536U - 1U, std::uint32_t{'x'});
  const auto p = box.invoke_sandbox_function(text_at, from);
  REQUIRE(p.verify_string_in_place(length_of, 1024U * 65536U) == 1024U * 65536U - 1U);
  p.verify_string_in_place(length_of, 4096);
}

BEHAVIOUR("H-PLC-03", "returns its last address, for a string in place", refused(no_terminator)) {
  box_of(k).invoke_sandbox_function(text_at, 0xFFFFFFFFU).verify_string_in_place(length_of, 100);
}

BEHAVIOUR("H-PLC-04", "returns a range in place whose end is behind the end",
          refused(beyond_the_end)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(ints_at, at_the_end(box, 16, 1));
  REQUIRE(p.verify_range_in_place(first_of, 4) == 0x01010101);
  p.verify_range_in_place(first_of, 5);
}

BEHAVIOUR("H-PLC-05", "returns an odd address, for integers in place",
          refused("refused: RLBox: a tainted pointer is not aligned as its type asks for")) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(ints_at, end_of(box) - 15).verify_range_in_place(first_of, 2);
}

BEHAVIOUR("H-PLC-06", "returns a count whose bytes overflow, for a range in place",
          refused("refused: RLBox: the number of elements is too large")) {
  auto& box = box_of(k);
  const auto count = box.invoke_sandbox_function(wide_number, ~std::uint64_t{0} / 2)
                         .copy_and_verify([](std::uint64_t n) { return std::size_t{n}; });
  box.invoke_sandbox_function(ints_at, 65536U).verify_range_in_place(first_of, count);
}

BEHAVIOUR("H-PLC-07", "returns null, for a string in place", harmless()) {
  REQUIRE(box_of(k).invoke_sandbox_function(text_at, 0U).verify_string_in_place(length_of, 9) == 0);
}

BEHAVIOUR("S20-a", "is called by the verifier that looks at its string",
          refused(called_while_viewed)) {
  auto& box = box_of(k);
  const auto p = box.invoke_sandbox_function(text_at, at_the_end(box, 64, 'x'));
  box.invoke_sandbox_function(store8, end_of(box) - 1U, 0U);
  const auto address = static_cast<std::uint32_t>(p.UNSAFE_sandboxed(box));
  p.verify_string_in_place(
      [&](std::string_view text) {
        box.invoke_sandbox_function(store8, address, std::uint32_t{'y'});
        return text[0] == 'x';
      },
      100);
}

BEHAVIOUR("S20-b", "is called by a verifier in a callback", refused(called_while_viewed)) {
  auto& box = box_of(k);
  viewed = &box;
  auto callback = box.register_callback(verifies_and_calls);
  box.invoke_sandbox_function(call_number, callback, 7U);
}

BEHAVIOUR("S20-c", "has its memory freed by the verifier that looks at it",
          // Freeing never throws, so the sandbox has trapped where a failed check is an exception.
          {throws ? "trap: trap: RLBox: a sandbox was called while" : called_while_viewed,
           "trap: trap: RLBox: a sandbox was called while"}) {
  auto& box = box_of(k);
  auto p = box.malloc_in_sandbox<char>(16);
  rlbox::memset(box, p, 0, 16);
  p.verify_string_in_place(
      [&](std::string_view) {
        box.free_in_sandbox(p);
        return 0;
      },
      100);
}

BEHAVIOUR("S20-d", "changes a string when the verifier has returned, and what was verified stays",
          harmless()) {
  auto& box = box_of(k);
  const std::uint32_t address = at_the_end(box, 64, 'x');
  box.invoke_sandbox_function(store8, end_of(box) - 1U, 0U);
  const auto p = box.invoke_sandbox_function(text_at, address);
  const std::string verified =
      p.verify_string_in_place([](std::string_view text) { return std::string(text); }, 100);
  box.invoke_sandbox_function(store8, address, 0U);
  REQUIRE(verified == std::string(63, 'x'));
  REQUIRE(p.verify_string_in_place(length_of, 100) == 0);
}

BEHAVIOUR("S20-e", "traps in one sandbox while a verifier looks at the memory of another",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  auto& second = box_of(k);
  auto p = box.malloc_in_sandbox<char>(16);
  rlbox::memset(box, p, 0, 16);
  p.verify_string_in_place(
      [&](std::string_view) {
        quietly(k, [&] { second.invoke_sandbox_function(store8, 0x70000000U, 1U); });
        return 0;
      },
      100);
  REQUIRE(box.invoke_sandbox_function(add, 1U, 2U).copy_and_verify(as_it_is) == 3U);
}
