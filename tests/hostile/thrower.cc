#include "tests/hostile/thrower.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <typeinfo>

extern "C" {
void* __cxa_allocate_exception(std::size_t) noexcept;
[[noreturn]] void __cxa_throw(void*, std::type_info*, void* (*)(void*));
}

namespace {

volatile uint32_t never_zero = 1;
uint32_t destroyed = 0;

struct counted {
  ~counted() { destroyed += never_zero; }
};

struct calls_back {
  thrower_callback callback;
  uint32_t n;
  ~calls_back() { n = callback(n); }
};

[[noreturn, gnu::noinline]] void throw_it(uint32_t n) { throw n; }

uint32_t end_of_memory() { return static_cast<uint32_t>(__builtin_wasm_memory_size(0) * 65536); }

thrower_callback kept_callback = nullptr;

struct liar : std::exception {
  explicit liar(uint32_t how) : how(how) {}
  const char* what() const noexcept override {
    switch (how) {
      case 0:
        return nullptr;
      case 1:
        return reinterpret_cast<const char*>(0xFFFFFFF0U);
      case 2: {  // without an end: to the last byte of the memory
        char* const last = reinterpret_cast<char*>(end_of_memory() - 16);
        std::memset(last, 'z', 16);
        return last;
      }
      case 3:
        throw how;  // ends in std::terminate
      case 4:
        return what_again();
      case 5:
        kept_callback(7);
        return "called back";
      case 6:
        while (never_zero != 0) {
        }
        return "";
      case 7:
        __builtin_wasm_throw(0, nullptr);
      default:
        return "\r\n\x1b[2Jsandbox attacker: fine'\"%s%n";
    }
  }
  [[gnu::noinline]] const char* what_again() const noexcept {
    char text[100];
    std::memset(text, static_cast<int>(never_zero), sizeof text);
    const char* const deeper = what();
    return deeper[0] == text[0] ? deeper : "";
  }
  uint32_t how;
};

}  // namespace

uint32_t throw_number(uint32_t n) { throw_it(n); }

uint32_t call_and_catch(thrower_callback callback, uint32_t n) {
  counted here;
  try {
    return callback(n);
  } catch (...) {
    return n + 1000;
  }
}

uint32_t call_in_catch(thrower_callback callback, uint32_t n) {
  try {
    throw_it(n);
  } catch (uint32_t caught) {
    return callback(caught);
  }
}

uint32_t call_in_cleanup(thrower_callback callback, uint32_t n) {
  try {
    calls_back here{callback, n};
    throw_it(n);
  } catch (uint32_t caught) {
    return caught;
  }
}

uint32_t throw_at_depth(uint32_t n) {
  counted here;
  if (n == 0) {
    throw_it(destroyed);
  }
  try {
    return throw_at_depth(n - 1) + never_zero;
  } catch (int) {
    return 0;
  }
}

uint32_t throw_in_every_catch(uint32_t n) {
  try {
    throw_it(n);
  } catch (uint32_t caught) {
    counted here;
    return throw_in_every_catch(caught + 1) + never_zero;
  }
}

uint32_t catch_forever(uint32_t how) {
  std::exception_ptr kept;
  for (uint32_t i = 0; never_zero != 0; ++i) {
    try {
      try {
        if (kept) std::rethrow_exception(kept);
        throw_it(i);
      } catch (uint32_t&) {
        if (how == 2) kept = std::current_exception();
        if (how == 1) throw;
      }
    } catch (...) {
      ++destroyed;
    }
  }
  return destroyed;
}

uint32_t throw_with_what(uint32_t how, thrower_callback callback) {
  kept_callback = callback;
  counted here;
  throw liar(how);
}

uint32_t throw_address(uint32_t address, uint32_t caught) {
  if (caught == 0) {
    __builtin_wasm_throw(0, reinterpret_cast<void*>(address));
  }
  try {
    counted here;
    __builtin_wasm_throw(0, reinterpret_cast<void*>(address));
  } catch (const std::exception& error) {
    return static_cast<uint32_t>(std::strlen(error.what()));
  } catch (...) {
    return 1000;
  }
}

uint32_t throw_forged(uint32_t part, uint32_t value, uint32_t caught) {
  // The description of a class with a base class, the library's own to change.
  static struct {
    const void* functions;
    const char* name;
    const void* base;
  } type;
  std::memcpy(&type, static_cast<const void*>(&typeid(std::runtime_error)), sizeof type);
  auto* const words = static_cast<uint32_t*>(__cxa_allocate_exception(64));
  const std::exception real;
  std::memcpy(words, static_cast<const void*>(&real), sizeof *words);
  if (part == 0) {
    type.functions = reinterpret_cast<const void*>(value);
  } else if (part == 1) {
    type.name = reinterpret_cast<const char*>(value);
  } else {
    words[0] = value;
  }
  try {
    __cxa_throw(words, reinterpret_cast<std::type_info*>(&type), nullptr);
  } catch (const std::exception& error) {
    if (caught == 0) throw;
    return static_cast<uint32_t>(std::strlen(error.what()));
  }
}

uint32_t free_exception(uint32_t handled) {
  auto* const words = static_cast<uint32_t*>(__cxa_allocate_exception(64));
  try {
    if (handled == 0) {
      std::free(reinterpret_cast<char*>(words) - 80);
    }
    std::memset(reinterpret_cast<char*>(words) - 80, 0xFF, 80);
    __builtin_wasm_throw(0, reinterpret_cast<char*>(words) - 32);
  } catch (...) {
    std::memset(reinterpret_cast<char*>(words) - 80, 0, 80);
    throw;
  }
}
