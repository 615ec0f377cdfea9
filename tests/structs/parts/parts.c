#include "parts.h"

#include <stdlib.h>

int record_size(void) { return sizeof(struct record); }

int record_fill(struct record* to) {
  to->first = 1;
  to->value.whole = 77;
  to->after = 2;
  to->flag = 5;
  to->more = 9;
  to->next = to;
  to->hidden = 4;
  to->wide = 5;
  to->inner.letter = 'x';
  to->last = 6;
  to->length = 3;
  return to->called ? (int)to->called(40) : 0;
}

int record_sum(const struct record* from) {
  const int same = from->value.whole == 77 && from->flag == 5 && from->more == 9 &&
                   from->hidden == 4 && from->wide == 5;
  return same ? from->first + from->after : -1;
}

int packet_fill(struct packet* to) {
  to->value = 3;
  to->number = 7;
  to->end = 9;
  return to->tag;
}

int packet_value(const struct packet* from) { return from->value; }

union either* make_either(int whole) {
  union either* made = malloc(sizeof(union either));
  made->whole = whole;
  return made;
}

int use_either(const union either* from) { return from->whole; }
