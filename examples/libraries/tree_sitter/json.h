#ifndef EXAMPLES_LIBRARIES_TREE_SITTER_JSON_H_
#define EXAMPLES_LIBRARIES_TREE_SITTER_JSON_H_
// The grammar's only function, for which its package has no header.

#include "tree_sitter/api.h"

#ifdef __cplusplus
extern "C" {
#endif

const TSLanguage* tree_sitter_json(void);

#ifdef __cplusplus
}
#endif

#endif  // EXAMPLES_LIBRARIES_TREE_SITTER_JSON_H_
