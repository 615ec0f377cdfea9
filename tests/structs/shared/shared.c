#include "shared.h"

#include <math.h>

double shared_length(const segment* of) {
  return hypot(of->to.x - of->from.x, of->to.y - of->from.y);
}

vec2 shared_middle(segment of) {
  vec2 middle = {(of.from.x + of.to.x) / 2, (of.from.y + of.to.y) / 2};
  return middle;
}
