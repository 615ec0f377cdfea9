#ifndef RLBOX_TESTS_BACKEND_ARENA_LIBRARY_HPP_
#define RLBOX_TESTS_BACKEND_ARENA_LIBRARY_HPP_
// library.h, compiled for the arena: what a compiler for a 32-bit guest would have made of it.

#include <array>
#include <cstdint>

#include "arena_sandbox.hpp"

namespace arena_library {

using sandbox = rlbox::rlbox_arena_sandbox;
using address = std::uint32_t;

inline sandbox& here() { return *sandbox::executing(); }

// struct record: kind 0, size 4, name 8, counts 12; 24 bytes
constexpr address record_size = 24;

inline std::int32_t add(std::int32_t a, std::int32_t b) { return a + b; }
inline std::uint32_t wide(std::uint32_t a, std::uint64_t b) {
  return a + static_cast<std::uint32_t>(b);
}
inline double scale(double value, float factor) { return value * static_cast<double>(factor); }

inline std::int32_t sum(address values, std::uint32_t count) {
  std::int32_t total = 0;
  for (std::uint32_t i = 0; i < count; i++) {
    total += here().read<std::int32_t>(values + 4 * i);
  }
  return total;
}

inline void fill(address record, address name) {
  here().write<std::int16_t>(record, 7);
  here().write<std::int32_t>(record + 4, -1);
  here().write<address>(record + 8, name);
  for (address i = 0; i < 3; i++) {
    here().write<std::int32_t>(record + 12 + 4 * i, static_cast<std::int32_t>(10 * i));
  }
}

inline address find(address records, std::uint32_t count, std::int16_t kind) {
  for (std::uint32_t i = 0; i < count; i++) {
    if (here().read<std::int16_t>(records + record_size * i) == kind) {
      return records + record_size * i;
    }
  }
  return 0;
}

inline std::int32_t reduce(address f, address values, std::uint32_t count, address context) {
  std::int32_t result = 0;
  for (std::uint32_t i = 0; i < count; i++) {
    const auto value = here().read<std::int32_t>(values + 4 * i);
    result = here().call_indirect<std::int32_t>(f, result, value, context);
  }
  return result;
}

inline std::int32_t adder(std::int32_t a, std::int32_t b, address) { return a + b; }

// What a hostile library can do: return a number that is no function of its table.
inline address get_adder() { return 4096; }

template <typename T_Function>
sandbox::symbol entry(const char* name, T_Function* function) {
  return {name, reinterpret_cast<void*>(function)};
}

inline const std::array<sandbox::symbol, 9> symbols = {
    entry("add", add),       entry("wide", wide),           entry("scale", scale),
    entry("sum", sum),       entry("fill", fill),           entry("find", find),
    entry("reduce", reduce), entry("get_adder", get_adder), entry("adder", adder)};

}  // namespace arena_library

#endif  // RLBOX_TESTS_BACKEND_ARENA_LIBRARY_HPP_
