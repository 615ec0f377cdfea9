// A parser of the shape of pugixml's XPath: a recursive descent that throws out of any depth.
#ifndef TESTS_EXCEPTIONS_QUERIES_H_
#define TESTS_EXCEPTIONS_QUERIES_H_

#include <string>

/// What a query means, or what is wrong with it and where.
std::string query_text(const char* query);

#endif  // TESTS_EXCEPTIONS_QUERIES_H_
