/* Amounts of money: the part of the ledger that its other headers include. */
#ifndef RLBOX_TESTS_LEDGER_MONEY_H_
#define RLBOX_TESTS_LEDGER_MONEY_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum currency { EUR, USD, YEN = 250 };
typedef enum { ROUND_DOWN = -1, ROUND_UP = 1 } rounding;

/* Eight bytes of alignment in the guest, and padding at both ends. */
typedef struct {
  char sign;
  int64_t cents;
  enum currency currency;
} money;

/* A macro that declares functions. */
#define LEDGER_OPERATION(name) money money_##name(money a, money b)
LEDGER_OPERATION(add);
LEDGER_OPERATION(subtract);

money money_make(int64_t cents, enum currency currency);
double money_rounded(const money* amount, rounding direction);

/* In every object that includes this header, so never in the sandbox's exports. */
static inline int money_is_zero(money amount) { return amount.cents == 0; }
__attribute__((unused)) static int money_sign(const money* amount) {
  return amount->sign == '-' ? -1 : 1;
}
inline int money_is_debt(const money* amount) { return amount->sign == '-'; }

#ifdef __cplusplus
}
#endif

#endif
