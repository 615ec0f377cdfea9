#include <stdio.h>
#include <stdlib.h>

#include "ledger.h"

struct account {
  char owner[20];
  int64_t cents;
  char description[64];
};

static int64_t deposit(account* of, int64_t argument) { return of->cents += argument; }
static int64_t withdraw(account* of, int64_t argument) { return of->cents -= argument; }
static int64_t balance(const account* of) { return of->cents; }

account* account_open(const char* owner, struct account_operations* operations) {
  account* made = calloc(1, sizeof *made);
  if (!made) abort();
  snprintf(made->owner, sizeof made->owner, "%s", owner);
  if (operations) {
    operations->deposit = deposit;
    operations->withdraw = withdraw;
    operations->balance = balance;
    operations->of = made;
  }
  return made;
}

const char* account_describe(account* of) {
  snprintf(of->description, sizeof of->description, "%s has %lld", of->owner, (long long)of->cents);
  return of->description;
}

void account_close(account* of) { free(of); }
