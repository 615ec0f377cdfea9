// Runs SQL in a database in memory; each row comes by a callback.
#include "sqlite3.rlbox.h"

#include "examples/libraries/shelf.hpp"

static std::string rows;

static tainted_sqlite3<int> row(rlbox_sandbox_sqlite3&, tainted_sqlite3<void*>,
                                tainted_sqlite3<int> columns, tainted_sqlite3<char**> values,
                                tainted_sqlite3<char**> names) {
  const unsigned count = shelf::number(columns, 0u, 100u);
  for (unsigned i = 0; i < count; ++i) {
    tainted_sqlite3<char*> name = names[i];
    tainted_sqlite3<char*> value = values[i];
    rows += (i ? ", " : "") + shelf::text(name) + "=" + shelf::text(value);
  }
  rows += "\n";
  return 0;
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_sqlite3> sandbox;
  rows.clear();
  auto on_row = sandbox.register_callback(row);
  auto handle = sandbox.malloc_in_sandbox<sqlite3*>();
  auto opened = sandbox.invoke_sandbox_function(sqlite3_open, sandbox.give(":memory:"), handle);
  tainted_sqlite3<sqlite3*> database = *handle;
  const int code = shelf::number(opened, 0, 1000);
  if (code != SQLITE_OK) {
    return "no database: " + std::to_string(code) + "\n";
  }
  auto done = sandbox.invoke_sandbox_function(sqlite3_exec, database, sandbox.give(input), on_row,
                                              nullptr, nullptr);
  if (shelf::number(done, 0, 1000) != SQLITE_OK) {
    rows +=
        "error: " + shelf::text(sandbox.invoke_sandbox_function(sqlite3_errmsg, database)) + "\n";
  }
  sandbox.invoke_sandbox_function(sqlite3_close, database);
  return rows;
}
