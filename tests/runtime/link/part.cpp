// One of two translation units of a program that names its module by a macro. It uses the backend
// without the framework, which takes long to compile.
#define RLBOX_WASM2C_MODULE_NAME MODULE
#ifdef MODULE_IS_guest
#include "guest.wasm.h"
#else
#include "other.wasm.h"
#endif
#include "rlbox_wasm2c_sandbox.hpp"

#include <cstdio>

namespace {

struct backend : rlbox::rlbox_wasm2c_sandbox {
  void create_and_destroy() {
    impl_create_sandbox(true);
    impl_destroy_sandbox();
  }
};

}  // namespace

#ifdef SECOND_PART
int second_part() {
  backend().create_and_destroy();
  return 0;
}
#else
int second_part();
int main() {
  backend().create_and_destroy();
  std::puts("main runs");
  return second_part();
}
#endif
