#include <cstdio>

#include "codec.h"

int main() {
  std::printf("%s\n", codec::encode("aaabcc").c_str());
  return 0;
}
