// Prints what an HTTP parser finds in stdin: through the sandbox, or (with
// RLBOX_DIFFERENTIAL_NATIVE) by calling the library. A number as argument: how often, for timing.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

static std::string log_text;

static void note(const char* what, const char* data, std::size_t size) {
  log_text += what;
  log_text += ": ";
  for (std::size_t i = 0; i < size; ++i) {
    log_text += data[i] >= ' ' && data[i] <= '~' ? data[i] : '?';
  }
  log_text += '\n';
}

#ifdef RLBOX_DIFFERENTIAL_NATIVE

#include "llhttp.h"

#define EVENT(name)                                                  \
  static int name(llhttp_t*, const char* data, std::size_t length) { \
    note(#name, data, length);                                       \
    return 0;                                                        \
  }
EVENT(on_url)
EVENT(on_header_field)
EVENT(on_header_value)
EVENT(on_body)

static int on_message_complete(llhttp_t* parser) {
  note("content length", "0123456789" + parser->content_length % 10, 1);
  return 0;
}

static std::string parse(const std::string& text) {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  settings.on_url = on_url;
  settings.on_header_field = on_header_field;
  settings.on_header_value = on_header_value;
  settings.on_body = on_body;
  settings.on_message_complete = on_message_complete;
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &settings);
  const llhttp_errno_t error = llhttp_execute(&parser, text.data(), text.size());
  return std::string(llhttp_errno_name(error)) + " " +
         llhttp_method_name(llhttp_method_t(parser.method));
}

#else

#include "llhttp.rlbox.h"

// The parser's words for what it found are believed to be words, at most so long.
static constexpr std::size_t longest = 65536;

static tainted_llhttp<int> report(const char* what, tainted_llhttp<const char*> data,
                                  tainted_llhttp<std::size_t> length) {
  const std::size_t size =
      length.copy_and_verify([](std::size_t value) { return value <= longest ? value : longest; });
  if (size == 0) {
    note(what, "", 0);
    return 0;
  }
  return data.copy_and_verify_range(
      [&](std::unique_ptr<char[]> text) {
        note(what, text.get(), size);
        return 0;
      },
      size);
}

#define EVENT(name)                                                                 \
  static tainted_llhttp<int> name(rlbox_sandbox_llhttp&, tainted_llhttp<llhttp_t*>, \
                                  tainted_llhttp<const char*> data,                 \
                                  tainted_llhttp<std::size_t> length) {             \
    return report(#name, data, length);                                             \
  }
EVENT(on_url)
EVENT(on_header_field)
EVENT(on_header_value)
EVENT(on_body)

static tainted_llhttp<int> on_message_complete(rlbox_sandbox_llhttp&,
                                               tainted_llhttp<llhttp_t*> parser) {
  const auto digit = parser->content_length.copy_and_verify([](auto value) { return value % 10; });
  note("content length", "0123456789" + digit, 1);
  return 0;
}

class events {
  rlbox_sandbox_llhttp sandbox;
  sandbox_callback_llhttp<llhttp_data_cb> url, field, value, body;
  sandbox_callback_llhttp<llhttp_cb> complete;
  tainted_llhttp<llhttp_settings_t*> settings{};
  tainted_llhttp<llhttp_t*> parser{};

 public:
  events() {
    sandbox.create_sandbox();
    url = sandbox.register_callback(on_url);
    field = sandbox.register_callback(on_header_field);
    value = sandbox.register_callback(on_header_value);
    body = sandbox.register_callback(on_body);
    complete = sandbox.register_callback(on_message_complete);
    settings = sandbox.malloc_in_sandbox<llhttp_settings_t>();
    sandbox.invoke_sandbox_function(llhttp_settings_init, settings);
    settings->on_url = url;
    settings->on_header_field = field;
    settings->on_header_value = value;
    settings->on_body = body;
    settings->on_message_complete = complete;
    parser = sandbox.malloc_in_sandbox<llhttp_t>();
  }
  ~events() { sandbox.destroy_sandbox(); }
  events(const events&) = delete;
  events& operator=(const events&) = delete;

  std::string parse(const std::string& text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    auto input = sandbox.malloc_in_sandbox<char>(size + 1);
    rlbox::memcpy(sandbox, input, text.data(), size);
    sandbox.invoke_sandbox_function(llhttp_init, parser, HTTP_REQUEST, settings);
    auto error = sandbox.invoke_sandbox_function(llhttp_execute, parser, input, text.size());
    auto method = sandbox.invoke_sandbox_function(llhttp_get_method, parser);
    sandbox.free_in_sandbox(input);
    const auto known = method.copy_and_verify(
        [](std::uint8_t number) { return llhttp_method_t(number <= HTTP_QUERY ? number : 0); });
    return word(sandbox.invoke_sandbox_function(llhttp_errno_name, error)) + " " +
           word(sandbox.invoke_sandbox_function(llhttp_method_name, known));
  }

 private:
  static std::string word(tainted_llhttp<const char*> text) {
    return text.copy_and_verify_string([](std::string value) { return value.substr(0, 40); });
  }
};

static std::string parse(const std::string& text) {
  static events sandboxed;
  return sandboxed.parse(text);
}

#endif

int main(int count, char** words) {
  std::string text;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    text += static_cast<char>(c);
  }
  std::string end;
  for (long times = count > 1 ? std::atol(words[1]) : 1; times > 0; --times) {
    log_text.clear();
    end = parse(text);
  }
  std::fwrite(log_text.data(), 1, log_text.size(), stdout);
  std::printf("%s\n", end.c_str());
  return 0;
}
