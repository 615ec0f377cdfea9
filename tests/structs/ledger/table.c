#include <stdio.h>
#include <string.h>

#include "ledger.h"

static void fill_row(struct row* to, const char* prefix, int year, int number) {
  snprintf(to->name, sizeof to->name, "%s%d", prefix, number);
  to->totals[0] = money_make(100 * year + number, USD);
  to->totals[1] = money_make(-number - 1, YEN);
  for (int i = 0; i < 3; i++) {
    to->years[i].from = (short)(year + i);
    to->years[i].to = (short)(-year - i);
  }
}

int table_fill(table* to, const char* prefix, int year) {
  table made = {.used = 2, .titles = {"first", "second"}, .style = FANCY};
  for (int i = 0; i < 2; i++) {
    fill_row(&made.rows[i], prefix, year, i);
    for (int j = 0; j < 3; j++) made.matrix[i][j] = i + j / 10.0;
  }
  memcpy(to, &made, sizeof made);
  return (int)sizeof made;
}

money table_total(const table* of, unsigned column) {
  money total = money_make(0, of->rows[0].totals[column].currency);
  for (int i = 0; i < of->used; i++) total = money_add(total, of->rows[i].totals[column]);
  return total;
}

struct row table_row(const table* of, unsigned index) { return of->rows[index]; }
