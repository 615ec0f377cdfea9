#ifndef ANGLE_H_
#define ANGLE_H_

#ifdef __cplusplus
extern "C" {
#endif

struct angle {
  double degrees;
};

struct turns {
  int whole;
  double rest;
};

// WebAssembly passes a struct of one field as that field.
struct angle angle_normal(struct angle angle);

struct turns angle_turns(double degrees);

double angle_of(struct turns turns);

#ifdef __cplusplus
}
#endif

#endif  // ANGLE_H_
