#ifndef RLBOX_INTERNAL_STRUCT_SUPPORT_HPP_
#define RLBOX_INTERNAL_STRUCT_SUPPORT_HPP_
/// \file
/// Structs that cross the sandbox boundary.
///
/// The application lists the fields of its library's structs, in order, and loads the list at
/// global scope:
///
///   #define sandbox_fields_reflection_mylib_class_Point(f, g, ...)
///     f(int,           x,    FIELD_NORMAL, ##__VA_ARGS__) g()
///     f(char[8],       name, FIELD_NORMAL, ##__VA_ARGS__) g()
///     f(int (*)(int),  cb,   FIELD_NORMAL, ##__VA_ARGS__) g()
///   #define sandbox_fields_reflection_mylib_allClasses(f, ...)
///     f(Point, mylib, ##__VA_ARGS__)
///   rlbox_load_structs_from_library(mylib);
///
/// (with backslashes at the ends of lines). `, __VA_ARGS__` without ## is fine as well, since there
/// always is an argument, and is what clang's -Wpedantic asks for. Types are abstract declarators;
/// nested structs come before their users; fields must not be called f, g, tainted or
/// tainted_volatile. tainted<Point> and tainted_volatile<Point> then have one public member per
/// field.
///
/// Bytes that are no fields (unions, bit-fields, packed ones) are listed with a type of their own
/// and FIELD_BYTES:
///
///     f(opaque_bytes<4, 8>, bytes_2, FIELD_BYTES, ##__VA_ARGS__) g()

#include <cstddef>
#include <cstring>
#include <type_traits>

#include "rlbox_internal/conversion.hpp"
#include "rlbox_helpers.hpp"
#include "rlbox_internal/tainted.hpp"
#include "rlbox_internal/tainted_volatile.hpp"
#include "rlbox_internal/type_mapping.hpp"
#include "rlbox_types.hpp"
#include "rlbox_internal/verify.hpp"
#include "rlbox_internal/wrapper_traits.hpp"

namespace rlbox::detail {

/// Compares a field of the application's struct with its copy made of the list.
constexpr bool is_same_place(std::size_t offset, std::size_t copy_offset, std::size_t size,
                             std::size_t copy_size) {
  return offset == copy_offset && size == copy_size;
}

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wc++26-extensions"
#endif

/// Refuses uses of a tainted struct where a plain one is needed, as pointers are (see
/// rlbox_internal/tainted_base.hpp).
template <typename T>
class a_tainted_struct_is_not_a_plain_one_and_needs_copy_and_verify {
 public:
  operator std::remove_cv_t<T>() const volatile = RLBOX_DETAIL_DELETE_BECAUSE(
      "RLBox: a tainted struct is not a plain one. Verify its fields (copy_and_verify), or state "
      "why that is not needed (unverified_safe_because(\"reason\")).");
};

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// field_list of everything after the first argument.
template <typename T_Ignored, typename... T_Fields>
using make_field_list = field_list<T_Fields...>;

/// Members common to the specialisations of tainted and tainted_volatile for struct T, which may be
/// const.
template <template <typename, typename> typename T_Wrap, typename T, typename T_Sbx>
class struct_base : public a_tainted_struct_is_not_a_plain_one_and_needs_copy_and_verify<T> {
  using T_Derived = T_Wrap<T, T_Sbx>;
  using T_Bare = std::remove_cv_t<T>;
  using T_Layout = typename struct_registration<T_Bare>::template layout<T_Sbx>;
  static constexpr bool is_volatile = rlbox_is_tainted_volatile_v<T_Derived>;

  const void* address() const { return static_cast<const T_Derived*>(this); }
  static rlbox_sandbox<T_Sbx>* no_sandbox() { return nullptr; }

  // What generated members call starts with INTERNAL_ or rlbox_, since fields have names of all
  // kinds.
 protected:
  struct_base() = default;
  struct_base(const struct_base&) = default;
  struct_base& operator=(const struct_base&) = default;

  /// Makes the wrapped object, in application memory, hold `raw`.
  void INTERNAL_set_raw(const T_Bare& raw) {
    static_assert(!is_volatile && sizeof(T_Derived) == sizeof(T_Bare));
    std::memcpy(static_cast<void*>(static_cast<T_Derived*>(this)), static_cast<const void*>(&raw),
                sizeof(raw));
  }

  /// Writes a struct to sandbox memory.
  void INTERNAL_store(const T_Bare& raw) {
    static_assert(is_volatile && sizeof(T_Derived) == sizeof(T_Layout));
    T_Layout layout;
    convert_type<T_Sbx, adjust_type_direction::TO_SANDBOX, adjust_type_context::EXAMPLE>(
        layout, raw, address(), no_sandbox());
    // What the application does not know of the struct stays as the library left it.
    store_in_sandbox<false>(static_cast<T_Derived*>(this), layout);
  }
  void INTERNAL_store(const T_Layout& layout) {
    store_in_sandbox(static_cast<T_Derived*>(this), layout);
  }

  /// Copies a struct in sandbox memory. Numbers of pointers mean something in their sandbox only.
  template <typename T_Other>
  void INTERNAL_store_copy(const T_Other& other) {
    if (rlbox_sandbox<T_Sbx>::is_in_same_sandbox(address(), other.INTERNAL_where())) {
      INTERNAL_store(other.INTERNAL_layout());
    } else {
      INTERNAL_store(other.INTERNAL_unverified_safe());
    }
  }

  /// Makes a new object in application memory zero, padding included: what the application does
  /// not set must not carry its stack into the sandbox.
  void INTERNAL_clear() {
    static_assert(!is_volatile);
    std::memset(static_cast<void*>(static_cast<T_Derived*>(this)), 0, sizeof(T_Derived));
  }

 public:
  using payload_type = T;

  /// For library code: the struct as the application knows it.
  T_Bare INTERNAL_unverified_safe() const {
    uninitialized<T_Bare> raw;
    if constexpr (is_volatile) {
      static_assert(sizeof(T_Derived) == sizeof(T_Layout));
      convert_type<T_Sbx, adjust_type_direction::TO_APPLICATION, adjust_type_context::EXAMPLE>(
          raw.value, *static_cast<const T_Layout*>(address()), address(), no_sandbox());
    } else {
      static_assert(sizeof(T_Derived) == sizeof(T_Bare));
      std::memcpy(static_cast<void*>(&raw), address(), sizeof(raw));
    }
    return raw.value;
  }

  /// For library code: the struct in sandbox representation.
  T_Layout INTERNAL_sandboxed(rlbox_sandbox<T_Sbx>& sandbox) const {
    if constexpr (is_volatile) {
      RLBOX_UNUSED(sandbox);
      return INTERNAL_layout();
    } else {
      T_Layout layout;
      const T_Bare raw = INTERNAL_unverified_safe();
      convert_type<T_Sbx, adjust_type_direction::TO_SANDBOX, adjust_type_context::SANDBOX>(
          layout, raw, nullptr, &sandbox);
      return layout;
    }
  }

  /// For library code: the stored representation of a struct in sandbox memory.
  T_Layout INTERNAL_layout() const {
    T_Layout layout;
    copy_from_shared(&layout, address(), sizeof(layout));
    return layout;
  }

  /// For library code: where the struct is.
  const void* INTERNAL_where() const { return address(); }

  /// For library code: the address of a struct in sandbox memory.
  template <typename T_Ptr>
  tainted<T_Ptr, T_Sbx> INTERNAL_address() const {
    return access::make<T_Ptr, T_Sbx>(static_cast<T_Ptr>(const_cast<void*>(address())));
  }

  /// The raw struct, unverified.
  T_Bare UNSAFE_unverified() const { return INTERNAL_unverified_safe(); }

  /// The struct in sandbox representation.
  T_Layout UNSAFE_sandboxed(rlbox_sandbox<T_Sbx>& sandbox) const {
    return INTERNAL_sandboxed(sandbox);
  }

  /// The raw struct, with the reason why it need not be verified.
  template <std::size_t N>
  T_Bare unverified_safe_because(const char (&reason)[N]) const {
    RLBOX_UNUSED(reason);
    return INTERNAL_unverified_safe();
  }

  /// Copies the struct; the verifier gets a tainted<T>, verifies its fields and returns the result.
  template <typename T_Func>
  auto copy_and_verify(T_Func verifier) const {
    return call_verifier(verifier, tainted<T_Bare, T_Sbx>(static_cast<const T_Derived&>(*this)));
  }
};

/// Bytes of a struct that the framework does not look into: T_Guest of them in the sandbox, T_App
/// in the application. They never travel: they may hold pointers, which only the framework may
/// make. In the application they are zeros, and in the sandbox they stay as the library left them;
/// a struct that is copied within its sandbox takes them along.
template <std::size_t T_Guest, std::size_t T_App>
struct opaque_bytes {
  unsigned char bytes[T_App];
};

template <std::size_t T_Size>
struct opaque_layout {
  using rlbox_opaque_layout = void;
  unsigned char bytes[T_Size];
};

template <typename T_Sbx, std::size_t T_Guest, std::size_t T_App>
inline constexpr std::size_t opaque_size_v = is_host_abi_v<T_Sbx> ? T_App : T_Guest;

template <std::size_t T_Guest, std::size_t T_App>
struct struct_registration<opaque_bytes<T_Guest, T_App>> {
  static constexpr bool registered = true;
  using application_type = opaque_bytes<T_Guest, T_App>;
  using mirror = application_type;
  template <typename T_Sbx>
  using layout = opaque_layout<opaque_size_v<T_Sbx, T_Guest, T_App>>;
  template <typename F, typename A, typename B>
  static void zip(F&&, A& to, const B&) {
    std::memset(static_cast<void*>(&to), 0, sizeof(to));
  }
};

/// The same for tainted: exchange with tainted_opaque.
template <typename T, typename T_Sbx>
class tainted_struct_base : public struct_base<tainted, T, T_Sbx> {
 public:
  /// The same value without operations, for cheap declarations.
  tainted_opaque<T, T_Sbx> to_opaque() const {
    tainted_opaque<T, T_Sbx> ret;
    static_assert(sizeof(ret) == sizeof(tainted<T, T_Sbx>));
    std::memcpy(static_cast<void*>(&ret),
                static_cast<const void*>(static_cast<const tainted<T, T_Sbx>*>(this)), sizeof(ret));
    return ret;
  }
  operator tainted_opaque<T, T_Sbx>() const { return to_opaque(); }
};

}  // namespace rlbox::detail

namespace rlbox {

/// A member of a tainted struct that is no field: there is nothing to do with it.
template <std::size_t T_Guest, std::size_t T_App, typename T_Sbx>
class tainted<detail::opaque_bytes<T_Guest, T_App>, T_Sbx> {
  unsigned char bytes[T_App];
};
/// The same in sandbox memory.
template <std::size_t T_Guest, std::size_t T_App, typename T_Sbx>
class tainted_volatile<detail::opaque_bytes<T_Guest, T_App>, T_Sbx> {
  unsigned char bytes[detail::opaque_size_v<T_Sbx, T_Guest, T_App>];
};
/// The same of a struct that is const.
template <std::size_t T_Guest, std::size_t T_App, typename T_Sbx>
class tainted_volatile<const detail::opaque_bytes<T_Guest, T_App>, T_Sbx> {
  unsigned char bytes[detail::opaque_size_v<T_Sbx, T_Guest, T_App>];
};

}  // namespace rlbox

// One macro per use of a field list. The last parameter may be followed by nothing, by an empty
// argument or by an argument.
#define RLBOX_DETAIL_FIELD_SEPARATOR()
#define RLBOX_DETAIL_FIELD_LAYOUT(type, name, ...)                                     \
  alignas(::rlbox::detail::sandbox_alignof<                                            \
          type, T_Sbx>())::rlbox::detail::convert_to_sandbox_equivalent_t<type, T_Sbx> \
      name;
#define RLBOX_DETAIL_FIELD_TYPE(type, name, ...) \
  , ::rlbox::detail::convert_to_sandbox_equivalent_t<type, T_Sbx>
#define RLBOX_DETAIL_FIELD_MIRROR(type, name, ...) ::rlbox::detail::identity_t<type> name;
#define RLBOX_DETAIL_FIELD_ZIP(type, name, ...) rlbox_f(rlbox_a.name, rlbox_b.name);
#define RLBOX_DETAIL_FIELD_EACH(type, name, ...) rlbox_f(rlbox_a.name);
// (RLBOX_DETAIL_FIELD_CHECK is in rlbox_internal/diagnose.hpp.)
#define RLBOX_DETAIL_FIELD_TAINTED(type, name, ...) ::rlbox::tainted<type, T_Sbx> name;
#define RLBOX_DETAIL_FIELD_CONST_TAINTED(type, name, ...) const ::rlbox::tainted<type, T_Sbx> name;
#define RLBOX_DETAIL_FIELD_COPY(type, name, ...) , name(rlbox_rhs.name)
#define RLBOX_DETAIL_FIELD_VOLATILE(type, name, ...) ::rlbox::tainted_volatile<type, T_Sbx> name;
#define RLBOX_DETAIL_FIELD_CONST_VOLATILE(type, name, ...) \
  ::rlbox::tainted_volatile<std::add_const_t<::rlbox::detail::identity_t<type>>, T_Sbx> name;

#define RLBOX_DETAIL_FIELDS(library, structure, macro)                                         \
  sandbox_fields_reflection_##library##_class_##structure(macro, RLBOX_DETAIL_FIELD_SEPARATOR, \
                                                          rlbox)

#define RLBOX_DETAIL_LOAD_STRUCT(structure, library, ...)                                         \
  namespace rlbox {                                                                               \
  template <typename T_Sbx>                                                                       \
  struct Sbx_##library##_##structure {                                                            \
    using rlbox_field_types = ::rlbox::detail::make_field_list<void RLBOX_DETAIL_FIELDS(          \
        library, structure, RLBOX_DETAIL_FIELD_TYPE)>;                                            \
    RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_LAYOUT)                            \
    /* calls rlbox_f with every field; for detail::store_in_sandbox */                            \
    template <typename T_RlboxFunction>                                                           \
    static void rlbox_each(T_RlboxFunction rlbox_f, const Sbx_##library##_##structure& rlbox_a) { \
      RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_EACH)                            \
    }                                                                                             \
  };                                                                                              \
  namespace detail {                                                                              \
  template <>                                                                                     \
  struct struct_registration<::structure> {                                                       \
    static constexpr bool registered = true;                                                      \
    using application_type = ::structure;                                                         \
    template <typename T_Sbx>                                                                     \
    using layout = Sbx_##library##_##structure<T_Sbx>;                                            \
    struct mirror {                                                                               \
      RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_MIRROR)                          \
    };                                                                                            \
    RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_CHECK)                             \
    static_assert(sizeof(application_type) == sizeof(mirror),                                     \
                  "RLBox: struct " #structure                                                     \
                  ": fields are missing from sandbox_fields_reflection.");                        \
    template <typename F, typename A, typename B>                                                 \
    static void zip(F&& rlbox_f, A& rlbox_a, const B& rlbox_b) {                                  \
      RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_ZIP)                             \
    }                                                                                             \
  };                                                                                              \
  }                                                                                               \
                                                                                                  \
  template <typename T_Sbx>                                                                       \
  class tainted<::structure, T_Sbx> : public detail::tainted_struct_base<::structure, T_Sbx> {    \
   public:                                                                                        \
    RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_TAINTED)                           \
    /* zeros: what is not set must not carry the stack into the sandbox */                        \
    tainted() { this->INTERNAL_clear(); }                                                         \
    tainted(const tainted&) = default;                                                            \
    tainted(const tainted_volatile<::structure, T_Sbx>& rlbox_rhs) {                              \
      this->INTERNAL_set_raw(rlbox_rhs.INTERNAL_unverified_safe());                               \
    }                                                                                             \
    tainted(const tainted_volatile<const ::structure, T_Sbx>& rlbox_rhs) {                        \
      this->INTERNAL_set_raw(rlbox_rhs.INTERNAL_unverified_safe());                               \
    }                                                                                             \
    tainted(const tainted<const ::structure, T_Sbx>& rlbox_rhs) {                                 \
      this->INTERNAL_set_raw(rlbox_rhs.INTERNAL_unverified_safe());                               \
    }                                                                                             \
    tainted& operator=(const tainted&) = default;                                                 \
  };                                                                                              \
  template <typename T_Sbx>                                                                       \
  class tainted<const ::structure, T_Sbx>                                                         \
      : public detail::tainted_struct_base<const ::structure, T_Sbx> {                            \
    using T_StructBase = detail::tainted_struct_base<const ::structure, T_Sbx>;                   \
                                                                                                  \
   public:                                                                                        \
    RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_CONST_TAINTED)                     \
    tainted(const tainted&) = default;                                                            \
    tainted(const tainted<::structure, T_Sbx>& rlbox_rhs)                                         \
        : T_StructBase() RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_COPY) {}      \
    tainted(const tainted_volatile<const ::structure, T_Sbx>& rlbox_rhs)                          \
        : tainted(tainted<::structure, T_Sbx>(rlbox_rhs)) {}                                      \
    tainted(const tainted_volatile<::structure, T_Sbx>& rlbox_rhs)                                \
        : tainted(tainted<::structure, T_Sbx>(rlbox_rhs)) {}                                      \
  };                                                                                              \
                                                                                                  \
  template <typename T_Sbx>                                                                       \
  class tainted_volatile<::structure, T_Sbx>                                                      \
      : public detail::struct_base<tainted_volatile, ::structure, T_Sbx> {                        \
    tainted_volatile() = default;                                                                 \
    tainted_volatile(const tainted_volatile&) = default;                                          \
                                                                                                  \
   public:                                                                                        \
    RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_VOLATILE)                          \
    tainted_volatile& operator=(const tainted<::structure, T_Sbx>& rlbox_rhs) {                   \
      this->INTERNAL_store(rlbox_rhs.INTERNAL_unverified_safe());                                 \
      return *this;                                                                               \
    }                                                                                             \
    tainted_volatile& operator=(const tainted_volatile& rlbox_rhs) {                              \
      this->INTERNAL_store_copy(rlbox_rhs);                                                       \
      return *this;                                                                               \
    }                                                                                             \
    tainted_volatile& operator=(const tainted_volatile<const ::structure, T_Sbx>& rlbox_rhs) {    \
      this->INTERNAL_store_copy(rlbox_rhs);                                                       \
      return *this;                                                                               \
    }                                                                                             \
    tainted<::structure*, T_Sbx> operator&() {                                                    \
      return this->template INTERNAL_address<::structure*>();                                     \
    }                                                                                             \
    tainted<const ::structure*, T_Sbx> operator&() const {                                        \
      return this->template INTERNAL_address<const ::structure*>();                               \
    }                                                                                             \
  };                                                                                              \
  template <typename T_Sbx>                                                                       \
  class tainted_volatile<const ::structure, T_Sbx>                                                \
      : public detail::struct_base<tainted_volatile, const ::structure, T_Sbx> {                  \
    tainted_volatile() = default;                                                                 \
    tainted_volatile(const tainted_volatile&) = default;                                          \
                                                                                                  \
   public:                                                                                        \
    RLBOX_DETAIL_FIELDS(library, structure, RLBOX_DETAIL_FIELD_CONST_VOLATILE)                    \
    tainted<const ::structure*, T_Sbx> operator&() const {                                        \
      return this->template INTERNAL_address<const ::structure*>();                               \
    }                                                                                             \
  };                                                                                              \
  }

/// Declared again by the macro below, which tells whether it stands at global scope.
struct rlbox_detail_global_scope;

/// Makes the structs of a library known to the framework. At global scope, followed by a semicolon.
#define rlbox_load_structs_from_library(library)                                                 \
  struct rlbox_detail_global_scope;                                                              \
  static_assert(::std::is_same_v<rlbox_detail_global_scope, ::rlbox_detail_global_scope>,        \
                "RLBox: rlbox_load_structs_from_library(" #library                               \
                ") must be at global scope, outside of all namespaces, classes and functions."); \
  sandbox_fields_reflection_##library##_allClasses(RLBOX_DETAIL_LOAD_STRUCT, rlbox)              \
      RLBOX_REQUIRE_SEMI_COLON

#endif  // RLBOX_INTERNAL_STRUCT_SUPPORT_HPP_
