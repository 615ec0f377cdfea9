// The sandbox's header is enough, and leaves names that the application has alone.
struct u8 {};
typedef unsigned u32;
enum { s64 = 7 };
#define s16 "a macro of the application"

#include HEADER

#include <cstdio>
#include <cstring>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

int main() {
  using sandbox_type = JOIN(JOIN(rlbox_sandbox_, SANDBOX), _sandbox);
  sandbox_type sandbox;
  sandbox.create_sandbox();
  auto shape = sandbox.malloc_in_sandbox<struct shape>();
  shape->width = 2;
  shape->height = 3;
  const int width = sandbox.invoke_sandbox_function(grow, shape, 5).UNSAFE_unverified();
  const int height = shape->height.UNSAFE_unverified();
#ifdef WITH_AREA
  const bool same_area = sandbox.invoke_sandbox_function(area, shape).UNSAFE_unverified() == 56;
#else
  const bool same_area = true;
#endif
  sandbox.free_in_sandbox(shape);
  sandbox.destroy_sandbox();
  const u32 seven = s64;
  const bool good = width == 7 && height == 8 && same_area && seven == 7 &&
                    std::strcmp(s16, "a macro of the application") == 0;
  std::printf("%s\n", good ? "good" : "bad");
  return sizeof(u8) == 1 && good ? 0 : 1;
}
