#include "angle.h"

struct angle angle_normal(struct angle angle) {
  while (angle.degrees >= 360) angle.degrees -= 360;
  return angle;
}

struct turns angle_turns(double degrees) {
  struct turns result = {0, degrees};
  for (; result.rest >= 360; result.rest -= 360) ++result.whole;
  return result;
}

double angle_of(struct turns turns) { return turns.whole * 360.0 + turns.rest; }
