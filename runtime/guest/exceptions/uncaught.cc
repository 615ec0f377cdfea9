// What the runtime calls for an exception that no catch of the library takes, before it ends the
// call as a trap: says what the exception is. Linked into modules with exceptions.
//
// The description leaves the module as throw.c's: a text with room for 128 bytes. It begins with
// the byte 1; another byte 1 is between the name of the type and what what() says.
#include "../type_name.h"

namespace std {
class exception {
 public:
  virtual ~exception() noexcept;
  virtual const char* what() const noexcept;
};
}  // namespace std

extern "C" {
void* __cxa_begin_catch(void* thrown) noexcept;
rlbox_type_info* __cxa_current_exception_type();
void __rlbox_uncaught(void* thrown);
}

namespace {

// What libc++abi marks its exceptions with ("CLNGC++" and a byte for the kind).
constexpr unsigned long long exception_class = 0x434C4E47432B2BULL;

enum : rlbox_size { TYPE_BYTES = 62 };  // the rest is for what()

void append_mark(rlbox_name& text) { text.text[text.length++] = '\1'; }

}  // namespace

// Returns if `thrown` is not a C++ exception: longjmp throws addresses, too.
void __rlbox_uncaught(void* thrown) {
  if (*static_cast<const unsigned long long*>(thrown) >> 8 != exception_class) {
    return;
  }
  rlbox_name text = {{0}, 0};
  append_mark(text);
  __cxa_begin_catch(thrown);
  const rlbox_type_info* const type = __cxa_current_exception_type();
  if (type != nullptr) {
    __rlbox_append_type(&text, type);
  }
  if (text.length > TYPE_BYTES) {
    text.length = TYPE_BYTES;
    for (rlbox_size i = text.length; i < RLBOX_NAME_BYTES; ++i) {
      text.text[i] = '\0';
    }
  }
  try {
    throw;
  } catch (const std::exception& error) {
    append_mark(text);
    __rlbox_append(&text, error.what(), RLBOX_NAME_BYTES);
  } catch (...) {
  }
  __rlbox_throw_name(text.text);
}
