#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledger.h"

money handlers_run(struct handlers* with, const struct node* over, void* context) {
  money sum = money_make(0, YEN);
  for (unsigned i = 0; over; over = over->next, i++) {
    if (with->filter && !with->filter(over, i)) continue;
    with->called++;
    sum = money_add(sum, with->convert(over->amount, YEN, context));
  }
  return sum;
}

int64_t list_visit(const struct node* head, int64_t (*visit)(struct row of, const char* label)) {
  int64_t sum = 0;
  for (; head; head = head->next) {
    struct row row;
    memset(&row, 0, sizeof row);
    row.totals[0] = row.totals[1] = head->amount;
    row.years[2].to = -7;
    sum += visit(row, head->label);
  }
  return sum;
}

scalars scalars_limits(bool greatest) {
  scalars least = {.flag = false,
                   .real = -1e300,
                   .tiny = -128,
                   .single = -0.5f,
                   .deep = INT64_MIN,
                   .machine = INT32_MIN,
                   .distance = INT32_MIN,
                   .letter = 'a'};
  scalars most = {.flag = true,
                  .real = 1e300,
                  .tiny = 127,
                  .wide = UINT64_MAX,
                  .small = 65535,
                  .size = UINT32_MAX,
                  .single = 0.5f,
                  .deep = INT64_MAX,
                  .machine = INT32_MAX,
                  .byte = 255,
                  .distance = INT32_MAX,
                  .longest = UINT64_MAX,
                  .letter = 'z'};
  return greatest ? most : least;
}

scalars scalars_next(scalars of) {
  of.flag = !of.flag;
  of.real += 1;
  of.tiny++;
  of.wide++;
  of.small++;
  of.size++;
  of.single += 1;
  of.deep++;
  of.machine++;
  of.byte++;
  of.distance++;
  of.longest++;
  of.letter++;
  return of;
}

struct only_wide only_wide_next(struct only_wide of) {
  of.value++;
  return of;
}

void ledger_log(char* to, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(to, size, format, arguments);
  va_end(arguments);
}
