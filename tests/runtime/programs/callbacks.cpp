// Functions of the application that the library calls.
#include "program.hpp"

using namespace std;
using namespace rlbox;

static int values[8];
static int value_count = 0;

static tainted_proglib<int> remember(rlbox_sandbox_proglib&, tainted_proglib<int> value) {
  values[value_count++] = value.copy_and_verify([](int v) { return v < 1000 ? v : -1; });
  return value + 1;
}

static tainted_proglib<int> with_memory(rlbox_sandbox_proglib& sandbox,
                                        tainted_proglib<int> value) {
  tainted_proglib<int*> p = sandbox.malloc_in_sandbox<int>();
  *p = value * 2;
  tainted_proglib<int> result = *p;
  sandbox.free_in_sandbox(p);
  return sandbox.invoke_sandbox_function(twice, result);
}

static tainted_proglib<int> six(rlbox_sandbox_proglib&, tainted_proglib<unsigned> a,
                                tainted_proglib<const char*> b, tainted_proglib<float> c,
                                tainted_proglib<double> d, tainted_proglib<long long> e,
                                tainted_proglib<int> f) {
  string text = b.copy_and_verify_string([](string value) { return value; });
  printf("six: %u %s %g %g %lld %d\n", a.UNSAFE_unverified(), text.c_str(),
         static_cast<double>(c.UNSAFE_unverified()), d.UNSAFE_unverified(), e.UNSAFE_unverified(),
         f.UNSAFE_unverified());
  return 66;
}

int main() {
  rlbox_sandbox_proglib sandbox;
  CREATE_SANDBOX(sandbox);

  auto callback = sandbox.register_callback(remember);
  tainted_proglib<int> last = sandbox.invoke_sandbox_function(call_often, callback, 5);
  printf("last %d of %d:", last.UNSAFE_unverified(), value_count);
  for (int i = 0; i < value_count; i++) {
    printf(" %d", values[i]);
  }
  printf("\n");

  auto nested = sandbox.register_callback(with_memory);
  printf("nested %d\n", sandbox.invoke_sandbox_function(call_int, nested, 5).UNSAFE_unverified());
  nested.unregister();
  printf("unregistered %d\n", nested.is_unregistered() ? 1 : 0);
  nested = sandbox.register_callback(with_memory);
  printf("again %d\n", sandbox.invoke_sandbox_function(call_int, nested, 6).UNSAFE_unverified());

  auto many = sandbox.register_callback(six);
  printf("result %d\n", sandbox.invoke_sandbox_function(call_six, many).UNSAFE_unverified());

  auto halves = sandbox.register_callback(
      +[](rlbox_sandbox_proglib&, tainted_proglib<float> value) -> tainted_proglib<float> {
        return value / 2.0F;
      });
  auto sums = sandbox.register_callback(+[](rlbox_sandbox_proglib&, tainted_proglib<double> a,
                                            tainted_proglib<double> b) { return a + b; });
  auto shifts = sandbox.register_callback(
      +[](rlbox_sandbox_proglib&, tainted_proglib<long long> value) { return value * 2LL; });
  printf(
      "%g %g %lld\n",
      static_cast<double>(sandbox.invoke_sandbox_function(call_float, halves).UNSAFE_unverified()),
      sandbox.invoke_sandbox_function(call_double, sums).UNSAFE_unverified(),
      sandbox.invoke_sandbox_function(call_longlong, shifts).UNSAFE_unverified());

  // A function of the library itself is a function pointer too.
  auto address = sandbox.get_sandbox_function_address(twice);
  printf("own function %d\n",
         sandbox.invoke_sandbox_function(call_int, address, 21).UNSAFE_unverified());

  callback.unregister();
  sandbox.destroy_sandbox();
  return 0;
}
