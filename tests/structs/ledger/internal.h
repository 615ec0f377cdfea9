/* What the ledger's files share and no header of the library declares. */
#ifndef RLBOX_TESTS_LEDGER_INTERNAL_H_
#define RLBOX_TESTS_LEDGER_INTERNAL_H_

/* A global function that must not become an export. */
void ledger_internal_count(void);

extern int ledger_internal_counter;

#endif
