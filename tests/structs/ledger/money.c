#include "money.h"

#include "internal.h"

money money_make(int64_t cents, enum currency currency) {
  money made = {cents < 0 ? '-' : '+', cents < 0 ? -cents : cents, currency};
  ledger_internal_count();
  return made;
}

static int64_t signed_cents(money amount) { return money_sign(&amount) * amount.cents; }

money money_add(money a, money b) {
  return money_make(signed_cents(a) + signed_cents(b), a.currency);
}

money money_subtract(money a, money b) {
  return money_make(signed_cents(a) - signed_cents(b), a.currency);
}

double money_rounded(const money* amount, rounding direction) {
  int64_t whole = amount->cents / 100;
  if (amount->cents % 100 && direction == ROUND_UP) whole++;
  return (double)(money_sign(amount) * whole);
}
