#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "ledger.h"

int ledger_internal_counter;
void ledger_internal_count(void) { ledger_internal_counter++; }
int ledger_count(void) { return ledger_internal_counter; }

struct node* list_push(struct node* head, const char* label, money amount) {
  struct node* made = malloc(sizeof *made);
  char* copy = malloc(strlen(label) + 1);
  if (!made || !copy) abort();
  made->next = head;
  made->label = strcpy(copy, label);
  made->amount = amount;
  return made;
}

size_t list_length(const struct node* head) {
  size_t length = 0;
  for (; head; head = head->next) length++;
  return length;
}

money list_sum(const struct node* head) {
  money sum = money_make(0, head ? head->amount.currency : EUR);
  for (; head; head = head->next) sum = money_add(sum, head->amount);
  return sum;
}

void list_free(struct node* head) {
  while (head) {
    struct node* next = head->next;
    free((void*)head->label);
    free(head);
    head = next;
  }
}
