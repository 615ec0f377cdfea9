#ifdef NEEDS_RTTI
#include <typeinfo>
#endif

#include "surface.h"

#ifdef NEEDS_RTTI
struct base {
  virtual ~base() = default;
};
bool same(const base& a, const base& b) { return typeid(a) == typeid(b); }
#endif

int use_record(const struct record* r) { return r != nullptr; }
