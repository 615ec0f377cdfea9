// A header of the application that names sandbox types without the framework: this is what
// tainted_opaque is for.
#ifndef RLBOX_TESTS_OPAQUE_STATE_H_
#define RLBOX_TESTS_OPAQUE_STATE_H_

#include "rlbox_types.hpp"

template <typename T_Sbx>
struct opaque_state {
  rlbox::tainted_opaque<char*, T_Sbx> text;
  rlbox::tainted_opaque<int, T_Sbx> number;
};

#endif
