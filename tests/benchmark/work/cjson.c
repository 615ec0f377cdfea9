/* cJSON reads a document, and writes it again. */
#include <cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "work.h"

static char* write_document(void) {
  static char words[1 << 16];
  fill_with_text(words, sizeof words);
  cJSON* list = cJSON_CreateArray();
  uint32_t state = 1;
  for (size_t i = 0; i + 64 < sizeof words; i += 64) {
    words[i + 40] = '\0';
    cJSON* item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "title", words + i);
    cJSON_AddNumberToObject(item, "count", (double)(next(&state) >> 12));
    cJSON_AddNumberToObject(item, "share", (double)(next(&state) >> 8) / 4096.0);
    cJSON_AddBoolToObject(item, "new", i % 3 == 0);
    cJSON_AddItemToArray(list, item);
  }
  char* text = cJSON_Print(list);
  cJSON_Delete(list);
  return text;
}

unsigned work(unsigned rounds) {
  char* text = write_document();
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    cJSON* read = cJSON_Parse(text);
    char* again = cJSON_PrintUnformatted(read);
    sum = add_bytes(sum, again, strlen(again));
    free(again);
    cJSON_Delete(read);
  }
  free(text);
  return sum;
}
