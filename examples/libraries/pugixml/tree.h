#ifndef EXAMPLES_LIBRARIES_PUGIXML_TREE_H_
#define EXAMPLES_LIBRARIES_PUGIXML_TREE_H_
// What the program needs of pugixml, in C: names and objects of C++ stay in the sandbox.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Parses a document. The result says what is wrong with it, or is null, and stays until the next
// call.
const char* tree_parse(const char* text, size_t size);

// What an XPath expression finds in the document, a line for each, or what is wrong with it:
// pugixml throws that, so without exceptions a wrong expression is a trap.
const char* tree_find(const char* expression);

// The document, printed.
const char* tree_print(void);

#ifdef __cplusplus
}
#endif

#endif  // EXAMPLES_LIBRARIES_PUGIXML_TREE_H_
