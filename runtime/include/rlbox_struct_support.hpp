#ifndef RLBOX_STRUCT_SUPPORT_HPP_
#define RLBOX_STRUCT_SUPPORT_HPP_
#include "rlbox_type_mapping.hpp"
#endif
