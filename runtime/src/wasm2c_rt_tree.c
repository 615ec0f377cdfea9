/* The files that an application gives to a sandbox, and those that the library makes: a tree in the
 * host's memory. See wasm2c_rt_tree.h. */
#include "wasm2c_rt_tree.h"

#include <stdlib.h>
#include <string.h>

#include "wasm2c_rt_wasi_errors.h"

enum { FIRST_BUCKETS = 64, LEAST_CAPACITY = 256, FIRST_CHILDREN = 8 };

/* ---- nodes by name
 * ---------------------------------------------------------------------------------------- */

/* SipHash-1-3 of a folder's number and a name. Names are the library's choice: with a hash that the
 * library can compute it would put all names into one bucket, and a path with many names would keep
 * host code busy for seconds, where no time limit ends it. */
struct hash {
  uint64_t state[4];
};

static uint64_t rotated(uint64_t value, unsigned bits) {
  return (value << bits) | (value >> (64 - bits));
}

static void mix(struct hash* hash) {
  uint64_t* v = hash->state;
  v[0] += v[1];
  v[1] = rotated(v[1], 13) ^ v[0];
  v[0] = rotated(v[0], 32);
  v[2] += v[3];
  v[3] = rotated(v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotated(v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotated(v[1], 17) ^ v[2];
  v[2] = rotated(v[2], 32);
}

static void add_word(struct hash* hash, uint64_t word) {
  hash->state[3] ^= word;
  mix(hash);
  hash->state[0] ^= word;
}

static size_t bucket_of(const struct rlbox_wasm2c_tree* tree,
                        const struct rlbox_wasm2c_node* folder, const char* name, size_t length) {
  struct hash hash = {
      {tree->key[0] ^ UINT64_C(0x736f6d6570736575), tree->key[1] ^ UINT64_C(0x646f72616e646f6d),
       tree->key[0] ^ UINT64_C(0x6c7967656e657261), tree->key[1] ^ UINT64_C(0x7465646279746573)}};
  uint64_t word;
  add_word(&hash, folder->number);
  for (; length >= sizeof word; length -= sizeof word, name += sizeof word) {
    memcpy(&word, name, sizeof word);
    add_word(&hash, word);
  }
  uint8_t last[sizeof word] = {0};
  memcpy(last, name, length);
  last[sizeof word - 1] = (uint8_t)length;
  memcpy(&word, last, sizeof word);
  add_word(&hash, word);
  hash.state[2] ^= 255;
  for (int i = 0; i < 3; i++) {
    mix(&hash);
  }
  const uint64_t* v = hash.state;
  return (size_t)(v[0] ^ v[1] ^ v[2] ^ v[3]) & (tree->bucket_count - 1);
}

static struct rlbox_wasm2c_node* child_named(const struct rlbox_wasm2c_tree* tree,
                                             const struct rlbox_wasm2c_node* folder,
                                             const char* name, size_t length) {
  struct rlbox_wasm2c_node* node = tree->buckets[bucket_of(tree, folder, name, length)];
  while (node != NULL && (node->parent != folder || node->name_length != length ||
                          memcmp(node->name, name, length) != 0)) {
    node = node->next_alike;
  }
  return node;
}

static void put_in_bucket(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node) {
  struct rlbox_wasm2c_node** bucket =
      &tree->buckets[bucket_of(tree, node->parent, node->name, node->name_length)];
  node->next_alike = *bucket;
  *bucket = node;
}

static void take_from_bucket(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node) {
  struct rlbox_wasm2c_node** link =
      &tree->buckets[bucket_of(tree, node->parent, node->name, node->name_length)];
  while (*link != node) {
    link = &(*link)->next_alike;
  }
  *link = node->next_alike;
}

/* Doubles the buckets if there are more nodes. Without memory the buckets stay, and are slower. */
static void make_more_buckets(struct rlbox_wasm2c_tree* tree) {
  if (tree->node_count < tree->bucket_count) {
    return;
  }
  struct rlbox_wasm2c_node** buckets =
      calloc(2 * tree->bucket_count, sizeof(struct rlbox_wasm2c_node*));
  if (buckets == NULL) {
    return;
  }
  free(tree->buckets);
  tree->buckets = buckets;
  tree->bucket_count *= 2;
  for (struct rlbox_wasm2c_node* node = tree->first; node != NULL; node = node->next) {
    if (node->parent != NULL && node != tree->root) {
      put_in_bucket(tree, node);
    }
  }
}

/* ---- nodes by number
 * ---------------------------------------------------------------------------------------- */

/* How many children of a folder have a number below `number`. */
static size_t children_below(const struct rlbox_wasm2c_node* folder, uint64_t number) {
  size_t low = 0;
  size_t high = folder->child_count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (folder->children[middle]->number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

const struct rlbox_wasm2c_node* rlbox_wasm2c_child_from(const struct rlbox_wasm2c_node* folder,
                                                        uint64_t number) {
  const size_t at = children_below(folder, number);
  return at < folder->child_count ? folder->children[at] : NULL;
}

/* Makes room for one more child; false if there is no memory. */
static bool has_room_for_child(struct rlbox_wasm2c_node* folder) {
  if (folder->child_count < folder->child_capacity) {
    return true;
  }
  const size_t capacity = folder->child_capacity == 0 ? FIRST_CHILDREN : 2 * folder->child_capacity;
  struct rlbox_wasm2c_node** children =
      realloc(folder->children, capacity * sizeof(struct rlbox_wasm2c_node*));
  if (children == NULL) {
    return false;
  }
  folder->children = children;
  folder->child_capacity = capacity;
  return true;
}

/* Gives back most of the room for children that have gone: a library that moves its files from
 * folder to folder would leave room for all of them in each. One more child fits in any case. Not
 * realloc, which leaves what is kept at the start of a hole that nothing as large fits into. */
static void give_children_back(struct rlbox_wasm2c_node* folder) {
  const size_t capacity = folder->child_capacity / 2;
  if (capacity < FIRST_CHILDREN || folder->child_count > capacity / 2) {
    return;
  }
  struct rlbox_wasm2c_node** children = malloc(capacity * sizeof(struct rlbox_wasm2c_node*));
  if (children != NULL) {
    memcpy(children, folder->children, folder->child_count * sizeof(struct rlbox_wasm2c_node*));
    free(folder->children);
    folder->children = children;
    folder->child_capacity = capacity;
  }
}

/* Puts a node into a folder that has room for it. */
static void link_into(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* folder,
                      struct rlbox_wasm2c_node* node) {
  const size_t at = children_below(folder, node->number);
  memmove(folder->children + at + 1, folder->children + at,
          (folder->child_count - at) * sizeof(struct rlbox_wasm2c_node*));
  folder->children[at] = node;
  folder->child_count++;
  node->parent = folder;
  put_in_bucket(tree, node);
}

static void unlink_from_folder(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node) {
  struct rlbox_wasm2c_node* folder = node->parent;
  take_from_bucket(tree, node);
  const size_t at = children_below(folder, node->number);
  folder->child_count--;
  memmove(folder->children + at, folder->children + at + 1,
          (folder->child_count - at) * sizeof(struct rlbox_wasm2c_node*));
  node->parent = NULL;
  give_children_back(folder);
}

/* ---- nodes come and go
 * ---------------------------------------------------------------------------------------- */

/* A node that is in no folder yet; null if there is no memory. */
static struct rlbox_wasm2c_node* new_node(struct rlbox_wasm2c_tree* tree, const char* name,
                                          size_t length, bool is_folder) {
  struct rlbox_wasm2c_node* node = calloc(1, sizeof *node);
  char* copy = malloc(length + 1);
  if (node == NULL || copy == NULL) {
    free(node);
    free(copy);
    return NULL;
  }
  memcpy(copy, name, length);
  copy[length] = '\0';
  node->name = copy;
  node->name_length = length;
  node->is_folder = is_folder;
  node->number = tree->next_number++;
  node->next = tree->first;
  if (node->next != NULL) {
    node->next->previous = node;
  }
  tree->first = node;
  tree->node_count++;
  return node;
}

static void free_node(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node) {
  if (node->previous != NULL) {
    node->previous->next = node->next;
  } else {
    tree->first = node->next;
  }
  if (node->next != NULL) {
    node->next->previous = node->previous;
  }
  tree->node_count--;
  if (!node->is_fixed) {
    tree->used_bytes -= node->capacity;
    tree->used_nodes--;
    free(node->bytes);
  }
  free(node->children);
  free(node->name);
  free(node);
}

bool rlbox_wasm2c_make_tree(struct rlbox_wasm2c_tree* tree, const uint64_t key[2]) {
  memset(tree, 0, sizeof *tree);
  memcpy(tree->key, key, sizeof tree->key);
  tree->bucket_count = FIRST_BUCKETS;
  tree->buckets = calloc(FIRST_BUCKETS, sizeof(struct rlbox_wasm2c_node*));
  tree->next_number = 1;
  tree->root = tree->buckets == NULL ? NULL : new_node(tree, "", 0, true);
  if (tree->root == NULL) {
    free(tree->buckets);
    return false;
  }
  tree->root->parent = tree->root;
  tree->root->is_fixed = true;
  return true;
}

void rlbox_wasm2c_free_tree(struct rlbox_wasm2c_tree* tree) {
  while (tree->first != NULL) {
    free_node(tree, tree->first);
  }
  free(tree->buckets);
}

static struct rlbox_wasm2c_node* make_at(struct rlbox_wasm2c_tree* tree,
                                         const struct rlbox_wasm2c_place* place, bool is_folder) {
  if (!has_room_for_child(place->folder)) {
    return NULL;
  }
  struct rlbox_wasm2c_node* node = new_node(tree, place->name, place->name_length, is_folder);
  if (node != NULL) {
    make_more_buckets(tree);
    link_into(tree, place->folder, node);
  }
  return node;
}

bool rlbox_wasm2c_create_fixed(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_place* place,
                               bool is_folder) {
  place->node = make_at(tree, place, is_folder);
  if (place->node != NULL) {
    place->node->is_fixed = true;
  }
  return place->node != NULL;
}

uint32_t rlbox_wasm2c_create(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_place* place,
                             bool is_folder) {
  if (place->folder == NULL || place->folder->parent == NULL) {
    return WASI_NOENT; /* the folder itself has been removed */
  }
  if (!place->folder->is_writable) {
    return WASI_ROFS;
  }
  if (tree->used_nodes >= tree->max_nodes) {
    return WASI_NOSPC;
  }
  place->node = make_at(tree, place, is_folder);
  if (place->node == NULL) {
    return WASI_NOSPC;
  }
  place->node->is_writable = is_folder;
  tree->used_nodes++;
  return WASI_SUCCESS;
}

uint32_t rlbox_wasm2c_remove(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node) {
  if (node->is_fixed) {
    return WASI_ROFS;
  }
  if (node->parent == NULL) {
    return WASI_NOENT;
  }
  if (node->child_count != 0) {
    return WASI_NOTEMPTY;
  }
  unlink_from_folder(tree, node);
  if (node->users == 0) {
    free_node(tree, node);
  }
  return WASI_SUCCESS;
}

void rlbox_wasm2c_unuse(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node) {
  node->users--;
  if (node->users == 0 && node->parent == NULL) {
    free_node(tree, node);
  }
}

/* What forbids that the node at `from` takes the place of the one at `to`. */
static uint32_t obstacle_to_replace(const struct rlbox_wasm2c_node* from,
                                    const struct rlbox_wasm2c_node* to) {
  if (to->is_folder && !from->is_folder) {
    return WASI_ISDIR;
  }
  if (!to->is_folder && from->is_folder) {
    return WASI_NOTDIR;
  }
  if (to->is_fixed) {
    return WASI_ROFS;
  }
  return to->child_count != 0 ? WASI_NOTEMPTY : WASI_SUCCESS;
}

uint32_t rlbox_wasm2c_move(struct rlbox_wasm2c_tree* tree, const struct rlbox_wasm2c_place* from,
                           struct rlbox_wasm2c_place* to) {
  struct rlbox_wasm2c_node* node = from->node;
  if (node == NULL || (to->folder != NULL && to->folder->parent == NULL)) {
    return WASI_NOENT;
  }
  if (from->folder == NULL || to->folder == NULL) {
    return WASI_BUSY; /* the root, "." or ".." */
  }
  if (!node->is_folder && (from->wants_folder || to->wants_folder)) {
    return WASI_NOTDIR;
  }
  if (to->node == node) {
    return WASI_SUCCESS;
  }
  if (node->is_fixed || !to->folder->is_writable) {
    return WASI_ROFS;
  }
  for (const struct rlbox_wasm2c_node* at = to->folder; at != tree->root; at = at->parent) {
    if (at == node) {
      return WASI_INVAL; /* into itself */
    }
  }
  if (to->node != NULL) {
    const uint32_t error = obstacle_to_replace(node, to->node);
    if (error != WASI_SUCCESS) {
      return error;
    }
  }
  char* name = malloc(to->name_length + 1);
  if (name == NULL || !has_room_for_child(to->folder)) {
    free(name);
    return WASI_NOSPC;
  }
  memcpy(name, to->name, to->name_length);
  name[to->name_length] = '\0';
  if (to->node != NULL) {
    (void)rlbox_wasm2c_remove(tree, to->node); /* nothing forbids it, as seen above */
  }
  unlink_from_folder(tree, node);
  free(node->name);
  node->name = name;
  node->name_length = to->name_length;
  link_into(tree, to->folder, node);
  to->node = node;
  return WASI_SUCCESS;
}

/* ---- paths
 * ---------------------------------------------------------------------------------------- */

static bool is_dots(const char* name, size_t length, size_t dots) {
  return length == dots && memcmp(name, "..", dots) == 0;
}

uint32_t rlbox_wasm2c_find(const struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* start,
                           const char* path, size_t length, struct rlbox_wasm2c_place* place) {
  *place = (struct rlbox_wasm2c_place){.node = start};
  if (length == 0) {
    return WASI_NOENT;
  }
  if (length > RLBOX_WASM2C_MOST_PATH) {
    return WASI_NAMETOOLONG;
  }
  if (memchr(path, '\0', length) != NULL) {
    return WASI_INVAL;
  }
  for (size_t at = 0; at < length;) {
    if (path[at] == '/') {
      place->wants_folder = true;
      at++;
      continue;
    }
    const char* name = path + at;
    const char* slash = memchr(name, '/', length - at);
    const size_t size = slash == NULL ? length - at : (size_t)(slash - name);
    struct rlbox_wasm2c_node* folder = place->node;
    if (folder == NULL) {
      return WASI_NOENT;
    }
    if (!folder->is_folder) {
      return WASI_NOTDIR;
    }
    if (size > RLBOX_WASM2C_MOST_NAME) {
      return WASI_NAMETOOLONG;
    }
    *place = (struct rlbox_wasm2c_place){.node = folder};
    if (is_dots(name, size, 2)) {
      place->node = folder->parent;
      if (place->node == NULL) {
        return WASI_NOENT;
      }
    } else if (!is_dots(name, size, 1)) {
      place->node = child_named(tree, folder, name, size);
      place->folder = folder;
      place->name = name;
      place->name_length = size;
    }
    at += size;
  }
  return place->wants_folder && place->node != NULL && !place->node->is_folder ? WASI_NOTDIR
                                                                               : WASI_SUCCESS;
}

/* ---- contents
 * ---------------------------------------------------------------------------------------- */

/* Gives a file room for `size` bytes, which count from now on. */
static uint32_t make_room(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* file,
                          uint64_t size) {
  if (size <= file->capacity) {
    return WASI_SUCCESS;
  }
  const uint64_t left = tree->max_bytes - tree->used_bytes;
  if (size - file->capacity > left) {
    return WASI_NOSPC;
  }
  uint64_t capacity = (uint64_t)file->capacity + file->capacity / 2 + LEAST_CAPACITY;
  if (capacity < size) {
    capacity = size;
  }
  if (capacity - file->capacity > left) {
    capacity = file->capacity + left;
  }
  uint8_t* bytes = capacity > SIZE_MAX ? NULL : realloc(file->bytes, (size_t)capacity);
  if (bytes == NULL) {
    return WASI_NOSPC;
  }
  tree->used_bytes += capacity - file->capacity;
  file->bytes = bytes;
  file->capacity = (size_t)capacity;
  return WASI_SUCCESS;
}

/* Gives back what a file that has shrunk does not need. */
static void give_room_back(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* file) {
  if (file->size == 0) {
    free(file->bytes);
    file->bytes = NULL;
  } else {
    uint8_t* bytes = realloc(file->bytes, file->size);
    if (bytes == NULL) {
      return;
    }
    file->bytes = bytes;
  }
  tree->used_bytes -= file->capacity - file->size;
  file->capacity = file->size;
}

uint32_t rlbox_wasm2c_resize(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* file,
                             uint64_t size) {
  if (file->is_fixed) {
    return WASI_ROFS;
  }
  const uint32_t error = make_room(tree, file, size);
  if (error != WASI_SUCCESS) {
    return error;
  }
  if (size > file->size) {
    memset(file->bytes + file->size, 0, (size_t)size - file->size);
    file->size = (size_t)size;
  } else if (size < file->size) {
    file->size = (size_t)size;
    give_room_back(tree, file);
  }
  return WASI_SUCCESS;
}

uint32_t rlbox_wasm2c_store(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* file,
                            uint64_t offset, const uint8_t* data, size_t size) {
  if (file->is_fixed) {
    return WASI_ROFS;
  }
  if (size == 0) {
    return WASI_SUCCESS;
  }
  if (offset > UINT64_MAX - size) {
    return WASI_FBIG;
  }
  const uint64_t end = offset + size;
  const uint32_t error = make_room(tree, file, end);
  if (error != WASI_SUCCESS) {
    return error;
  }
  if (offset > file->size) {
    memset(file->bytes + file->size, 0, (size_t)offset - file->size);
  }
  memcpy(file->bytes + offset, data, size);
  if (end > file->size) {
    file->size = (size_t)end;
  }
  return WASI_SUCCESS;
}
