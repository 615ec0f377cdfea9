/* expat reads a document and calls back for elements and text. */
#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "work.h"

enum { size = 1 << 18 };
static char document[size + 256];
static unsigned sum;

static void XMLCALL on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  (void)data;
  sum = add(sum, (unsigned)strlen(name));
  for (; *attributes != NULL; attributes++) {
    sum = add(sum, (unsigned char)**attributes);
  }
}

static void XMLCALL on_end(void* data, const XML_Char* name) {
  (void)data;
  sum = add(sum, (unsigned char)*name);
}

static void XMLCALL on_text(void* data, const XML_Char* text, int length) {
  (void)data;
  sum = add(sum, (unsigned char)text[length / 2]);
}

static size_t write_document(void) {
  static char words[size];
  fill_with_text(words, size);
  size_t at = (size_t)sprintf(document, "<?xml version='1.0'?>\n<feed>\n");
  for (size_t word = 0; at < size - 256; word += 97) {
    at += (size_t)sprintf(
        document + at,
        "<entry id='%u' kind=\"%.8s\"><title>%.40s</title><p>%.60s &amp; more</p></entry>\n",
        (unsigned)word, "abcdefgh", words + word % (size / 2), words + word % (size / 3));
  }
  return at + (size_t)sprintf(document + at, "</feed>\n");
}

unsigned work(unsigned rounds) {
  const size_t length = write_document();
  sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    const int status = XML_Parse(parser, document, (int)length, 1);
    sum = add(sum, (unsigned)status);
    XML_ParserFree(parser);
  }
  return sum;
}
