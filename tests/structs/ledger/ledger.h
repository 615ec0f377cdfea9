/* A library that hands every kind of struct across its boundary. */
#ifndef RLBOX_TESTS_LEDGER_H_
#define RLBOX_TESTS_LEDGER_H_

#include <stdarg.h>
#include <stdbool.h>

#include "money.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- lists: a struct that refers to itself ---- */

struct node {
  struct node* next;
  const char* label;
  money amount;
};
struct node* list_push(struct node* head, const char* label, money amount);
size_t list_length(const struct node* head);
money list_sum(const struct node* head);
void list_free(struct node* head);

/* ---- tables: arrays of structs, unnamed structs, arrays of everything ---- */

struct row {
  char name[12];
  money totals[2];
  struct {
    short from, to;
  } years[3];
};
typedef struct table {
  uint8_t used;
  struct row rows[2];
  const char* const titles[2];
  enum { PLAIN, FANCY } style;
  double matrix[2][3];
} table;
int table_fill(table* to, const char* prefix, int year);
money table_total(const table* of, unsigned column);
struct row table_row(const table* of, unsigned index);

/* ---- accounts: an incomplete type, with a table of functions that the library fills ---- */

struct account;
typedef struct account account;
typedef int64_t (*account_function)(account* of, int64_t argument);
struct account_operations {
  account_function deposit;
  account_function withdraw;
  int64_t (*balance)(const account* of);
  account* of;
};
account* account_open(const char* owner, struct account_operations* operations);
const char* account_describe(account* of);
void account_close(account* of);

/* ---- callbacks ---- */

typedef money (*exchange)(money amount, enum currency to, void* context);
struct handlers {
  int (*filter)(const struct node* of, unsigned index);
  exchange convert;
  size_t called;
};
/* Converts what the filter lets through. */
money handlers_run(struct handlers* with, const struct node* over, void* context);
/* The sum of what the callback says of a struct by value and of a string. */
int64_t list_visit(const struct node* head, int64_t (*visit)(struct row of, const char* label));

/* ---- every scalar, in an order that needs padding ---- */

typedef struct scalars {
  bool flag;
  double real;
  signed char tiny;
  uint64_t wide;
  unsigned short small;
  size_t size;
  float single;
  int64_t deep;
  long machine;
  unsigned char byte;
  ptrdiff_t distance;
  unsigned long long longest;
  char letter;
} scalars;
scalars scalars_limits(bool greatest);
scalars scalars_next(scalars of);
struct only_wide {
  uint64_t value;
};
struct only_wide only_wide_next(struct only_wide of);

/* ---- what must not become an export ---- */

/* Declared for a later version, and defined nowhere. */
int ledger_future(struct node* of);
void ledger_log(char* to, size_t size, const char* format, ...);

/* Its name in objects is another one. */
int ledger_count(void) __asm__("ledger_count_v2");

#ifdef __cplusplus
}
#endif

#endif
