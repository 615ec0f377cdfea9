// Prints what it costs when a library calls back for each element of a document with two strings,
// and the application verifies both: expat natively, and in the sandbox with copies and in place.
//
//   elements [--quick]
//   elements ROW ROUNDS      parses so often and prints nothing, to be counted: valgrind
//                            --tool=callgrind elements in_place 20
#include "expat.rlbox.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/benchmark/measure.hpp"

using benchmark::nanoseconds;
using benchmark::settings;

namespace {

constexpr std::uint32_t elements = 2000;
constexpr std::size_t longest = 256;

/// What the application made of the elements.
std::uint32_t result = 0;

void add(std::uint32_t value) { result = (result ^ value) * 16777619U; }

// ---- the application's verifiers, for both programs ----

/// The number of a known name; 0 for others.
std::uint32_t verified_name(std::string_view name) {
  return name == "entry" ? 1 : name == "title" ? 2 : name == "link" ? 3 : 0;
}

/// The number at the end of an identifier; 0 for others.
std::uint32_t verified_id(std::string_view id) {
  constexpr std::string_view prefix = "tag:example.org,2024:";
  if (id.substr(0, prefix.size()) != prefix) {
    return 0;
  }
  std::uint32_t number = 0;
  for (const char c : id.substr(prefix.size())) {
    if (c < '0' || c > '9') {
      return 0;
    }
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number;
}

// ---- natively ----

void native_start(void*, const char* name, const char** attributes) {
  add(verified_name(name));
  if (attributes[0] != nullptr) {
    add(verified_id(attributes[1]));
  }
}

void parse_natively(const std::string& document, XML_StartElementHandler handler) {
  XML_Parser parser = XML_ParserCreate(nullptr);
  XML_SetElementHandler(parser, handler, nullptr);
  add(static_cast<std::uint32_t>(
      XML_Parse(parser, document.data(), static_cast<int>(document.size()), 1)));
  XML_ParserFree(parser);
}

// ---- in the sandbox ----

using text = tainted_expat<const char*>;

struct with_copies {
  static std::uint32_t name(const text& given) {
    return given.copy_and_verify_string([](std::string copy) { return verified_name(copy); });
  }
  static std::uint32_t id(const text& given) {
    return given.copy_and_verify_string([](std::string copy) { return verified_id(copy); });
  }
};

struct in_place {
  static std::uint32_t name(const text& given) {
    return given.verify_string_in_place(verified_name, longest);
  }
  static std::uint32_t id(const text& given) {
    return given.verify_string_in_place(verified_id, longest);
  }
};

template <typename T_How>
void on_start(rlbox_sandbox_expat&, tainted_expat<void*>, text name,
              tainted_expat<const char**> attributes) {
  add(T_How::name(name));
  const text key = attributes[0];
  if (key != nullptr) {
    const text id = attributes[1];
    add(T_How::id(id));
  }
}

/// Looks at nothing: what remains is the callback.
void ignore(rlbox_sandbox_expat&, tainted_expat<void*>, text, tainted_expat<const char**>) {}

template <typename T_Handler>
void parse_in_sandbox(rlbox_sandbox_expat& sandbox, const tainted_expat<char*>& document,
                      std::size_t size, const T_Handler& handler) {
  auto parser = sandbox.invoke_sandbox_function(XML_ParserCreate, nullptr);
  sandbox.invoke_sandbox_function(XML_SetElementHandler, parser, handler, nullptr);
  add(sandbox.invoke_sandbox_function(XML_Parse, parser, document, static_cast<int>(size), 1)
          .copy_and_verify([](XML_Status status) { return static_cast<std::uint32_t>(status); }));
  sandbox.invoke_sandbox_function(XML_ParserFree, parser);
}

// ---- rows ----

std::string make_document() {
  static const char* const names[] = {"entry", "title", "link"};
  std::string document = "<?xml version='1.0'?>\n<feed id='f0'>\n";
  for (std::uint32_t i = 1; i < elements; ++i) {
    const std::string name = names[i % 3];
    document += "<" + name + " id='tag:example.org,2024:" + std::to_string(i * 7919U) +
                "'>what is written of it</" + name + ">\n";
  }
  return document + "</feed>\n";
}

/// Prints one row, or runs it `rounds` times if it is the one that was asked for.
class table {
  const settings how;
  const char* const only;
  const unsigned rounds;
  bool found = false;

 public:
  table(const settings& p_how, const char* p_only, unsigned p_rounds)
      : how(p_how), only(p_only), rounds(p_rounds) {}
  bool complete() const { return only == nullptr || found; }

  /// Nanoseconds for each element; `base` is what the row is compared with.
  template <typename T_Parse>
  double row(const char* name, double base, std::uint32_t expected, T_Parse&& parse) {
    if (only != nullptr) {
      found = found || std::strcmp(only, name) == 0;
      for (unsigned i = 0; std::strcmp(only, name) == 0 && i < rounds; ++i) {
        parse();
      }
      return 0;
    }
    result = 0;
    parse();
    if (expected != 0 && result != expected) {
      std::fprintf(stderr, "elements: %s makes something else of the document\n", name);
      std::exit(1);
    }
    const double each = nanoseconds(how,
                                    [&](std::uint32_t n) {
                                      for (std::uint32_t i = 0; i < n; ++i) {
                                        parse();
                                      }
                                    }) /
                        elements;
    std::printf("%-22s %10.2f ns %8.3f\n", name, each, base > 0 ? each / base : 1.0);
    std::fflush(stdout);
    return each;
  }
};

int run(const settings& how, const char* only, unsigned rounds) {
  const std::string document = make_document();
  rlbox_sandbox_expat sandbox;
  sandbox.create_sandbox();
  auto data = sandbox.malloc_in_sandbox<char>(document.size());
  rlbox::memcpy(sandbox, data, document.data(), document.size());
  const auto ignoring = sandbox.register_callback(ignore);
  const auto copying = sandbox.register_callback(on_start<with_copies>);
  const auto looking = sandbox.register_callback(on_start<in_place>);
  const auto in_sandbox = [&](const auto& handler) {
    return [&] { parse_in_sandbox(sandbox, data, document.size(), handler); };
  };

  table rows(how, only, rounds);
  const double alone = rows.row("native_alone", 0, 0, [&] { parse_natively(document, nullptr); });
  rows.row("sandbox_alone", alone, 0, in_sandbox(nullptr));
  const double native = rows.row("native", 0, 0, [&] { parse_natively(document, native_start); });
  const std::uint32_t expected = [&] {
    result = 0;
    parse_natively(document, native_start);
    return result;
  }();
  rows.row("unverified", native, 0, in_sandbox(ignoring));
  rows.row("copies", native, expected, in_sandbox(copying));
  rows.row("in_place", native, expected, in_sandbox(looking));
  return rows.complete() ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  settings how;
  how.quick = argc == 2 && std::strcmp(argv[1], "--quick") == 0;
  const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
  const bool valid = argc == 1 || how.quick || (argc == 3 && rounds > 0);
  const int status =
      valid ? run(how, argc == 3 ? argv[1] : nullptr, static_cast<unsigned>(rounds)) : 2;
  if (status == 2) {
    std::fprintf(stderr, "usage: elements [--quick], or elements ROW ROUNDS\n");
  }
  return status;
}
