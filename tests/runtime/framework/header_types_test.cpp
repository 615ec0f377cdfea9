// rlbox_types.hpp alone names every type and includes nothing: docs/contract.md, "Public headers".
#include "rlbox_types.hpp"

RLBOX_DEFINE_BASE_TYPES_FOR(one, noop);
RLBOX_DEFINE_BASE_TYPES_FOR(two, dylib);
namespace application {
class my_backend;
}
RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(three, application::my_backend);

#if defined(_GLIBCXX_CSTDDEF) || defined(_GLIBCXX_TYPE_TRAITS) || defined(_STDDEF_H)
#error "rlbox_types.hpp includes standard headers"
#endif

namespace {
// What an application's header does.
struct holder {
  rlbox_sandbox_one* sandbox;
  tainted_opaque_one<int*> pointer;
  tainted_opaque_three<double> number;
  tainted_one<int> (*function)(rlbox_sandbox_one&, tainted_volatile_one<char>&);
  sandbox_callback_two<int (*)(int)>* callback;
  app_pointer_two<void*>* app;
  tainted_boolean_hint* hint;
};
}  // namespace

#include "test_config.hpp"

TEST_CASE("header: rlbox_types.hpp alone") {
  holder h{};
  h.pointer.set_zero();
  CHECK(h.sandbox == nullptr);
  static_assert(sizeof(h.pointer) == sizeof(int*) && sizeof(h.number) == sizeof(double));
}
