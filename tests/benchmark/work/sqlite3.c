/* SQLite fills a table in memory, and asks questions about it. */
#include <sqlite3.h>

#include "input.h"
#include "work.h"

static int on_row(void* sum, int columns, char** values, char** names) {
  (void)names;
  for (int i = 0; i < columns; i++) {
    *(unsigned*)sum = add(*(unsigned*)sum, values[i] != NULL ? (unsigned char)values[i][0] : 0);
  }
  return 0;
}

unsigned work(unsigned rounds) {
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    sqlite3* database = NULL;
    sqlite3_open(":memory:", &database);
    const char* const statements[] = {
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, value REAL)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
        " INSERT INTO t SELECT i, 'name ' || (i * 7919 % 1000), i * 0.37 FROM n",
        "CREATE INDEX by_name ON t (name)",
        "SELECT name, count(*), sum(value) FROM t GROUP BY name ORDER BY 3 DESC LIMIT 50",
        "SELECT a.id, b.id FROM t a JOIN t b ON a.name = b.name AND a.id < b.id LIMIT 2000",
        "UPDATE t SET value = value + 1 WHERE name LIKE '%7%'",
        "DELETE FROM t WHERE id % 3 = 0",
    };
    for (size_t s = 0; s < sizeof statements / sizeof statements[0]; s++) {
      const int status = sqlite3_exec(database, statements[s], on_row, &sum, NULL);
      sum = add(sum, (unsigned)status);
    }
    sqlite3_close(database);
  }
  return sum;
}
