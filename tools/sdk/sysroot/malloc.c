/* The allocator of sandboxed libraries: malloc and its family for one thread.
 *
 * It takes the place of the allocator that comes with zig 0.17, where malloc(0xffffffff) gives a
 * block of a few bytes. Free blocks are kept in lists by size (one list per 16 bytes up to 512
 * bytes, eight per power of two above), a bit tells which lists have any, and neighbours that are
 * free are one block. So each call takes a bounded number of steps, except for clearing and
 * copying, and two free blocks never lie side by side.
 *
 * A block is 8 bytes of bookkeeping and what the caller gets, in multiples of 16 bytes:
 *
 *     before   size of the block before this one; only if that one is free, whose caller else has
 * these 4 bytes head     size of this block, and the bits USED and BEFORE_USED next, previous   in
 * the list of its size; only if this block is free, whose caller else has these bytes
 *
 * A region of memory ends with a block of size 0 in use, so that no block looks beyond its region.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef RLBOX_MALLOC_NAME /* a test gives the functions other names, and memory of its own */
#include <unistd.h>
#define RLBOX_MALLOC_NAME(name) name
#define MORE_MEMORY(bytes) ((uintptr_t)sbrk((intptr_t)(bytes)))
extern unsigned char __heap_base[];
extern unsigned char __heap_end[];
#define FIRST_MEMORY ((uintptr_t)__heap_base)
#define FIRST_MEMORY_END ((uintptr_t)__heap_end)
#endif

typedef uint32_t size;

enum {
  USED = 1,
  BEFORE_USED = 2,
  BITS = 15,
  ALIGNMENT = 16,
  HEADER = 8,
  OVERHEAD = 4, /* bytes of a block that its caller does not get */
  EXACT = 512,  /* blocks of fewer bytes have a list for each size */
  EXACT_LISTS = EXACT / ALIGNMENT,
  LISTS = EXACT_LISTS + (32 - 9) * 8,
  WORDS = (LISTS + 31) / 32,
  PAGE = 65536
};

/* No object may be larger: differences of pointers are signed. */
#define LARGEST ((size_t)0x7fffffe0)

struct block {
  size before;
  size head;
  struct block* next;
  struct block* previous;
};

/* Bytes of a block that can be free: 16 where pointers have 4. */
#define SMALLEST ((size)((sizeof(struct block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1)))

static struct block* lists[LISTS];
static uint32_t filled[WORDS];
static struct block* last; /* the block of size 0 at the end of the newest region */

static size size_of(const struct block* block) { return block->head & ~(size)BITS; }
static struct block* at(const struct block* block, size offset) {
  return (struct block*)((unsigned char*)block + offset);
}
static struct block* after(const struct block* block) { return at(block, size_of(block)); }
static void* given(struct block* block) { return (unsigned char*)block + HEADER; }
static struct block* block_of(const void* pointer) {
  return (struct block*)((unsigned char*)pointer - HEADER);
}

static unsigned list_of(size bytes) {
  if (bytes < EXACT) {
    return bytes / ALIGNMENT;
  }
  unsigned power = 31U - (unsigned)__builtin_clz(bytes);
  return EXACT_LISTS + (power - 9) * 8 + ((bytes >> (power - 3)) & 7);
}

static void insert(struct block* block) {
  unsigned list = list_of(size_of(block));
  block->previous = NULL;
  block->next = lists[list];
  if (block->next != NULL) {
    block->next->previous = block;
  }
  lists[list] = block;
  filled[list / 32] |= UINT32_C(1) << list % 32;
}

static void take_out(struct block* block) {
  unsigned list = list_of(size_of(block));
  if (block->next != NULL) {
    block->next->previous = block->previous;
  }
  if (block->previous != NULL) {
    block->previous->next = block->next;
    return;
  }
  lists[list] = block->next;
  if (block->next == NULL) {
    filled[list / 32] &= ~(UINT32_C(1) << list % 32);
  }
}

/* Makes [block, block + bytes) a free block, one with its free neighbours. The block before is one
 * only if it is in use or its size stands in block->before, as `bits` says. */
static void release(struct block* block, size bytes, size bits) {
  if (!(bits & BEFORE_USED)) {
    struct block* before = (struct block*)((unsigned char*)block - block->before);
    take_out(before);
    bytes += size_of(before);
    block = before;
  }
  struct block* next = at(block, bytes);
  if (!(next->head & USED)) {
    take_out(next);
    bytes += size_of(next);
    next = at(block, bytes);
  }
  block->head = bytes | BEFORE_USED;
  next->before = bytes;
  next->head &= ~(size)BEFORE_USED;
  insert(block);
}

/* Gives back what `block`, which is in use, has beyond `bytes`. */
static void trim(struct block* block, size bytes) {
  size rest = size_of(block) - bytes;
  if (rest >= SMALLEST) {
    block->head = bytes | (block->head & BITS);
    release(at(block, bytes), rest, BEFORE_USED);
  }
}

static void add_region(uintptr_t start, uintptr_t end) {
  start = ((start + HEADER + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1)) - HEADER;
  end = (end & ~(uintptr_t)(ALIGNMENT - 1)) - HEADER;
  if (end < start + SMALLEST) {
    return;
  }
  last = (struct block*)end;
  last->head = USED;
  release((struct block*)start, (size)(end - start), BEFORE_USED);
}

/* Gets at least `bytes` more, at the end of the newest region if that is where memory grows. */
static int grow(size bytes) {
  static unsigned char started;
#ifdef FIRST_MEMORY
  if (!started) {
    started = 1;
    if (FIRST_MEMORY + HEADER + ALIGNMENT + SMALLEST < FIRST_MEMORY_END) {
      add_region(FIRST_MEMORY, FIRST_MEMORY_END);
      return 1;
    }
  }
#endif
  size wanted = (bytes + 2 * ALIGNMENT + PAGE - 1) & ~(size)(PAGE - 1);
  uintptr_t start = MORE_MEMORY(wanted);
  if (start == (uintptr_t)-1) {
    return 0;
  }
  uintptr_t end = start + wanted;
  if (end < start) { /* the last page of 4 GiB: leave its end alone */
    end = (uintptr_t)0 - ALIGNMENT;
  }
  if (last != NULL && (uintptr_t)last + HEADER == start) {
    struct block* block = last;
    last = at(block, (size)(end - start));
    last->head = USED;
    release(block, (size)(end - start), block->head & BEFORE_USED);
  } else {
    add_region(start, end);
  }
  return 1;
}

/* A free block of at least `bytes`, out of its list; NULL if there is none. */
static struct block* find(size bytes) {
  unsigned list = list_of(bytes);
  if (bytes >= EXACT) {
    struct block* first = lists[list];
    if (first != NULL && size_of(first) >= bytes) {
      take_out(first);
      return first;
    }
    list++; /* whose blocks are all large enough */
  }
  unsigned word = list / 32;
  uint32_t bits = word < WORDS ? filled[word] & (~UINT32_C(0) << list % 32) : 0;
  while (bits == 0) {
    if (++word >= WORDS) {
      return NULL;
    }
    bits = filled[word];
  }
  struct block* found = lists[word * 32 + (unsigned)__builtin_ctz(bits)];
  take_out(found);
  return found;
}

/* The size of the block for `bytes` of a caller, who asks for at most LARGEST. */
static size block_size(size_t bytes) {
  size needed = ((size)bytes + OVERHEAD + ALIGNMENT - 1) & ~(size)(ALIGNMENT - 1);
  return needed < SMALLEST ? SMALLEST : needed;
}

static struct block* allocate(size needed) {
  struct block* block;
  while ((block = find(needed)) == NULL) {
    if (!grow(needed)) {
      errno = ENOMEM;
      return NULL;
    }
  }
  block->head |= USED;
  after(block)->head |= BEFORE_USED;
  trim(block, needed);
  return block;
}

static struct block* block_in_use(const void* pointer) {
  struct block* block = block_of(pointer);
  if (!(block->head & USED) || size_of(block) == 0) {
    __builtin_trap(); /* freed twice, or never allocated */
  }
  return block;
}

void* RLBOX_MALLOC_NAME(malloc)(size_t bytes) {
  if (bytes > LARGEST) {
    errno = ENOMEM;
    return NULL;
  }
  struct block* block = allocate(block_size(bytes));
  return block == NULL ? NULL : given(block);
}

void RLBOX_MALLOC_NAME(free)(void* pointer) {
  if (pointer != NULL) {
    struct block* block = block_in_use(pointer);
    release(block, size_of(block), block->head & BEFORE_USED);
  }
}

void* RLBOX_MALLOC_NAME(calloc)(size_t count, size_t bytes) {
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  void* pointer = RLBOX_MALLOC_NAME(malloc)(total);
  return pointer == NULL ? NULL : memset(pointer, 0, total);
}

size_t RLBOX_MALLOC_NAME(malloc_usable_size)(void* pointer) {
  return pointer == NULL ? 0 : size_of(block_in_use(pointer)) - OVERHEAD;
}

void* RLBOX_MALLOC_NAME(realloc)(void* pointer, size_t bytes) {
  if (pointer == NULL) {
    return RLBOX_MALLOC_NAME(malloc)(bytes);
  }
  struct block* block = block_in_use(pointer);
  if (bytes == 0) {
    RLBOX_MALLOC_NAME(free)(pointer);
    return NULL;
  }
  if (bytes > LARGEST) {
    errno = ENOMEM;
    return NULL;
  }
  size needed = block_size(bytes);
  size have = size_of(block);
  struct block* next = at(block, have);
  if (needed > have &&
      (next == last || (!(next->head & USED) && at(next, size_of(next)) == last))) {
    size free_behind = next == last ? 0 : size_of(next);
    if (have + free_behind < needed) {
      grow(needed - have -
           free_behind); /* perhaps right behind the block: nothing has to be copied */
      next = at(block, have);
    }
  }
  if (needed > have && !(next->head & USED) && size_of(next) >= needed - have) {
    take_out(next);
    have += size_of(next);
    block->head = have | (block->head & BITS);
    after(block)->head |= BEFORE_USED;
  }
  if (needed <= have) {
    trim(block, needed);
    return pointer;
  }
  void* moved = RLBOX_MALLOC_NAME(malloc)(bytes);
  if (moved != NULL) {
    memcpy(moved, pointer, have - OVERHEAD);
    RLBOX_MALLOC_NAME(free)(pointer);
  }
  return moved;
}

void* RLBOX_MALLOC_NAME(reallocarray)(void* pointer, size_t count, size_t bytes) {
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  return RLBOX_MALLOC_NAME(realloc)(pointer, total);
}

static void* allocate_aligned(size_t alignment, size_t bytes) {
  if (alignment <= ALIGNMENT) {
    return RLBOX_MALLOC_NAME(malloc)(bytes);
  }
  if (bytes > LARGEST || alignment > LARGEST - bytes) {
    errno = ENOMEM;
    return NULL;
  }
  size needed = block_size(bytes);
  struct block* block = allocate(block_size(needed + alignment + SMALLEST));
  if (block == NULL) {
    return NULL;
  }
  uintptr_t start = ((uintptr_t)given(block) + alignment - 1) & ~(uintptr_t)(alignment - 1);
  struct block* aligned = block_of((void*)start);
  if (aligned != block && (uintptr_t)aligned - (uintptr_t)block < SMALLEST) {
    aligned = at(aligned, (size)alignment);
  }
  if (aligned != block) {
    size skipped = (size)((uintptr_t)aligned - (uintptr_t)block);
    size bits = block->head & BEFORE_USED;
    aligned->head = (size_of(block) - skipped) | USED;
    release(block, skipped, bits);
  }
  trim(aligned, needed);
  return given(aligned);
}

static int is_power_of_two(size_t number) { return number != 0 && (number & (number - 1)) == 0; }

void* RLBOX_MALLOC_NAME(aligned_alloc)(size_t alignment, size_t bytes) {
  if (!is_power_of_two(alignment)) {
    errno = EINVAL;
    return NULL;
  }
  return allocate_aligned(alignment, bytes);
}

void* RLBOX_MALLOC_NAME(memalign)(size_t alignment, size_t bytes) {
  return RLBOX_MALLOC_NAME(aligned_alloc)(alignment, bytes);
}

int RLBOX_MALLOC_NAME(posix_memalign)(void** result, size_t alignment, size_t bytes) {
  if (!is_power_of_two(alignment) || alignment < sizeof(void*)) {
    return EINVAL;
  }
  int before = errno;
  void* pointer = allocate_aligned(alignment, bytes);
  errno = before; /* the result says it */
  if (pointer == NULL) {
    return ENOMEM;
  }
  *result = pointer;
  return 0;
}

void* RLBOX_MALLOC_NAME(valloc)(size_t bytes) { return allocate_aligned(PAGE, bytes); }
