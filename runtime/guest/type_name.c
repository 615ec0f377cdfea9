/* The name of a type: type_name.h. */
#include "type_name.h"

static _Bool in_memory(const char* text) {
  return (rlbox_size)text / 65536 < (rlbox_size)__builtin_wasm_memory_size(0);
}

void __rlbox_append(rlbox_name* to, const char* text, rlbox_size length) {
  for (rlbox_size i = 0; i < length && to->length < RLBOX_NAME_BYTES; ++i) {
    if (!in_memory(text + i) || text[i] == '\0') {
      return;
    }
    to->text[to->length++] = text[i];
  }
}
static void append_all(rlbox_name* to, const char* text) {
  __rlbox_append(to, text, RLBOX_NAME_BYTES);
}

/* Fundamental types, and the kind of pointer that is thrown most. */
static const char* fundamental(const char* mangled) {
  static const char* const names[] = {
      "a",   "signed char", "b",  "bool",
      "c",   "char",        "d",  "double",
      "f",   "float",       "h",  "unsigned char",
      "i",   "int",         "j",  "unsigned int",
      "l",   "long",        "m",  "unsigned long",
      "s",   "short",       "t",  "unsigned short",
      "x",   "long long",   "y",  "unsigned long long",
      "PKc", "const char*", "Pc", "char*",
  };
  for (rlbox_size i = 0; i < sizeof names / sizeof *names; i += 2) {
    rlbox_size at = 0;
    while (names[i][at] != '\0' && names[i][at] == mangled[at]) {
      ++at;
    }
    if (names[i][at] == mangled[at]) {
      return names[i + 1];
    }
  }
  return 0;
}

/* Writes "ns::type" for N2ns4typeE, 4type and St4type; false for what is less simple, such as a
 * template's instance. libc++'s namespace __1 is left out. */
static _Bool append_scoped(rlbox_name* to, const char* mangled) {
  const _Bool nested = *mangled == 'N';
  mangled += nested;
  _Bool any = 0;
  if (mangled[0] == 'S' && mangled[1] == 't') {
    append_all(to, "std");
    mangled += 2;
    any = 1;
  }
  while (*mangled >= '1' && *mangled <= '9') {
    rlbox_size length = 0;
    while (*mangled >= '0' && *mangled <= '9' && length < 1000) {
      length = length * 10 + (rlbox_size)(*mangled++ - '0');
    }
    for (rlbox_size i = 0; i < length; ++i) {
      if (mangled[i] == '\0') {
        return 0;
      }
    }
    if (length != 3 || mangled[0] != '_' || mangled[1] != '_' || mangled[2] != '1') {
      append_all(to, any ? "::" : "");
      __rlbox_append(to, mangled, length);
      any = 1;
    }
    mangled += length;
  }
  if (nested && *mangled == 'E') {
    ++mangled;
  }
  return any && *mangled == '\0';
}

void __rlbox_append_type(rlbox_name* to, const rlbox_type_info* type) {
  /* The pointer's highest bit can be a flag: a name that is compared as text. */
  const char* const name =
      (const char*)((rlbox_size)type->name & ~((rlbox_size)1 << (sizeof(rlbox_size) * 8 - 1)));
  /* A copy with an end: no name runs on into other memory. */
  static char mangled[1024];
  rlbox_size length = 0;
  while (length < sizeof mangled - 1 && in_memory(name + length) && name[length] != '\0') {
    mangled[length] = name[length];
    ++length;
  }
  mangled[length] = '\0';
  const rlbox_size before = to->length;
  const char* const known = fundamental(mangled);
  if (known != 0) {
    append_all(to, known);
  } else if (!append_scoped(to, mangled)) {
    to->length = before;
    append_all(to, mangled);
  }
}
