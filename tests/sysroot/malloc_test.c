/* The sysroot's allocator, on memory of its own and with every list looked at. What programs see of
 * it, such as requests that no memory has room for, one_thread_test compares with the native one.
 */
#include <string.h>

#include "tests/sysroot/check.h"

/* The memory of a module: its start is there at first, and more comes in pages, not always where
 * the last page ended. */
static _Alignas(65536) unsigned char memory[96 << 20];
static size_t used = 65536;
static int gaps;

static unsigned long more(size_t bytes) {
  if (gaps && number(4) == 0) {
    used += 65536;
  }
  if (bytes > sizeof memory - used) {
    return (unsigned long)-1;
  }
  used += bytes;
  return (unsigned long)(memory + used - bytes);
}

#define RLBOX_MALLOC_NAME(name) tested_##name
#define MORE_MEMORY(bytes) more(bytes)
#define FIRST_MEMORY ((uintptr_t)memory + 40)
#define FIRST_MEMORY_END ((uintptr_t)memory + 65536)
#include "tools/sdk/sysroot/malloc.c"

/* Every free block is in the list of its size, between blocks in use. Returns how many there are.
 */
static int check_lists(void) {
  int blocks = 0;
  for (unsigned list = 0; list < LISTS; ++list) {
    CHECK(((filled[list / 32] >> list % 32) & 1U) == (lists[list] != NULL));
    for (struct block* block = lists[list]; block != NULL; block = block->next) {
      CHECK(list_of(size_of(block)) == list);
      CHECK(!(block->head & USED) && (block->head & BEFORE_USED));
      CHECK((after(block)->head & USED) && !(after(block)->head & BEFORE_USED));
      CHECK(after(block)->before == size_of(block));
      CHECK(block->next == NULL || block->next->previous == block);
      ++blocks;
    }
  }
  return blocks;
}

enum { OBJECTS = 1500 };
static struct {
  unsigned char* start;
  unsigned bytes;
  unsigned char value;
} objects[OBJECTS];

static void check_object(int i) {
  for (unsigned at = 0; at < objects[i].bytes; at += objects[i].bytes > 1000 ? 499 : 1) {
    CHECK(objects[i].start[at] == objects[i].value);
  }
}

static unsigned char* allocated(unsigned bytes) {
  unsigned alignment = 1U << number(14);
  void* start;
  switch (number(4)) {
    case 0:
      start = tested_calloc(bytes, 1);
      for (unsigned i = 0; start != NULL && i < bytes; ++i) {
        CHECK(((unsigned char*)start)[i] == 0);
      }
      return start;
    case 1:
      start = tested_aligned_alloc(alignment, bytes);
      CHECK((uintptr_t)start % alignment == 0);
      return start;
    default:
      return tested_malloc(bytes);
  }
}

static void step(void) {
  int i = (int)number(OBJECTS);
  unsigned bytes = number(8) != 0 ? number(600) : number(6) != 0 ? number(20000) : number(1500000);
  check_object(i);
  if (objects[i].start != NULL && number(3) == 0) {
    unsigned char* moved = tested_realloc(objects[i].start, bytes);
    if (moved == NULL && bytes != 0) {
      return; /* no room: it stays as it was */
    }
    objects[i].start = moved;
    objects[i].bytes = bytes < objects[i].bytes ? bytes : objects[i].bytes;
    check_object(i);
  } else {
    tested_free(objects[i].start);
    objects[i].start = number(3) == 0 ? NULL : allocated(bytes);
  }
  objects[i].bytes = objects[i].start == NULL ? 0 : bytes;
  if (objects[i].start != NULL) {
    CHECK((uintptr_t)objects[i].start % ALIGNMENT == 0);
    CHECK(tested_malloc_usable_size(objects[i].start) >= bytes);
    objects[i].value = (unsigned char)number(256);
    memset(objects[i].start, objects[i].value, bytes);
  }
}

int main(void) {
  CHECK(tested_malloc(1) != NULL);
  CHECK(used == 65536); /* the memory that is there at first is used first */
  for (gaps = 1; gaps >= 0; --gaps) {
    for (int i = 0; i < 40000; ++i) {
      step();
      if (i % 1000 == 0) {
        check_lists();
      }
    }
  }
  for (int i = 0; i < OBJECTS; ++i) {
    check_object(i);
    tested_free(objects[i].start);
  }
  int blocks = check_lists();
  printf("%zu bytes, %d free blocks\n", used, blocks);
  CHECK(blocks < 200); /* one a region, and the first one's has an object in it */
  return 0;
}
