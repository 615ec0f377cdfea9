/*
 * What a `throw` in a C++ library calls. Libraries are compiled with -fignore-exceptions: their
 * catch blocks are gone, and a throw ends the call as a trap that names the exception's type.
 *
 * The name leaves the module as the exception itself: a tag with room for 128 bytes, which nothing
 * in the module catches. The runtime takes it for what it is, text of the library's choice.
 *
 * Linked into a module only if something in it throws.
 */
typedef __SIZE_TYPE__ size;

/* std::type_info, as the C++ ABI has it. */
typedef struct {
  const void* functions;
  const char* name;
} type_info;

/* In throw_name.s: throws 16 times 8 bytes. */
_Noreturn void __rlbox_throw_name(const char* name);
enum { NAME_BYTES = 128 };

void* malloc(size bytes);
void free(void* memory);

void* __cxa_allocate_exception(size bytes);
void __cxa_free_exception(void* object);
_Noreturn void __cxa_throw(void* object, const type_info* type, void (*destructor)(void*));
_Noreturn void __cxa_rethrow(void);

typedef struct {
  char text[NAME_BYTES];
  size length;
} name;

static void append(name* to, const char* text, size length) {
  for (size i = 0; i < length && text[i] != '\0' && to->length < NAME_BYTES; ++i) {
    to->text[to->length++] = text[i];
  }
}
static void append_all(name* to, const char* text) { append(to, text, NAME_BYTES); }

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
  for (size i = 0; i < sizeof names / sizeof *names; i += 2) {
    size at = 0;
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
static _Bool append_scoped(name* to, const char* mangled) {
  const _Bool nested = *mangled == 'N';
  mangled += nested;
  _Bool any = 0;
  if (mangled[0] == 'S' && mangled[1] == 't') {
    append_all(to, "std");
    mangled += 2;
    any = 1;
  }
  while (*mangled >= '1' && *mangled <= '9') {
    size length = 0;
    while (*mangled >= '0' && *mangled <= '9' && length < 1000) {
      length = length * 10 + (size)(*mangled++ - '0');
    }
    for (size i = 0; i < length; ++i) {
      if (mangled[i] == '\0') {
        return 0;
      }
    }
    if (length != 3 || mangled[0] != '_' || mangled[1] != '_' || mangled[2] != '1') {
      append_all(to, any ? "::" : "");
      append(to, mangled, length);
      any = 1;
    }
    mangled += length;
  }
  if (nested && *mangled == 'E') {
    ++mangled;
  }
  return any && *mangled == '\0';
}

void* __cxa_allocate_exception(size bytes) {
  void* const object = malloc(bytes);
  if (object == 0) {
    __builtin_trap();
  }
  return object;
}

void __cxa_free_exception(void* object) { free(object); }

_Noreturn void __cxa_throw(void* object, const type_info* type, void (*destructor)(void*)) {
  (void)object;
  (void)destructor;
  name readable = {{0}, 0};
  /* The pointer's highest bit can be a flag: a name that is compared as text. */
  const char* const mangled =
      (const char*)((size)type->name & ~((size)1 << (sizeof(size) * 8 - 1)));
  const char* const known = fundamental(mangled);
  if (known != 0) {
    append_all(&readable, known);
  } else if (!append_scoped(&readable, mangled)) {
    readable = (name){{0}, 0};
    append_all(&readable, mangled);
  }
  __rlbox_throw_name(readable.text);
}

_Noreturn void __cxa_rethrow(void) {
  static const char text[NAME_BYTES] = "unknown (thrown again)";
  __rlbox_throw_name(text);
}
