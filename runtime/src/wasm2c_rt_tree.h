/*
 * A tree of files and folders in the host's memory; not installed.
 *
 * One sandbox has one tree. Nothing here knows the guest, and nothing here asks the operating
 * system for anything but memory: no function of libc that takes a path or a descriptor is called
 * (invariant S19, //tests/runtime/link:layers_test). Whoever calls is outside of the guest's code:
 * no trap interrupts these functions (rlbox_wasm2c_enter_host).
 */
#ifndef RLBOX_WASM2C_RT_TREE_H
#define RLBOX_WASM2C_RT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Most bytes of a path, and of one name in a path; as on Linux. */
enum { RLBOX_WASM2C_MOST_PATH = 4096, RLBOX_WASM2C_MOST_NAME = 255 };

/** A file or a folder. */
struct rlbox_wasm2c_node {
  /** The folder that the node is in; the root's is the root. Null: the node has been removed. */
  struct rlbox_wasm2c_node* parent;
  /** The next one with the same hash, and the next one of all. */
  struct rlbox_wasm2c_node* next_alike;
  struct rlbox_wasm2c_node* next;
  struct rlbox_wasm2c_node* previous;
  /** Identifies the node, for ever; a later node has a higher number. */
  uint64_t number;
  char* name;
  size_t name_length;
  /** In a folder: the nodes in it, by number. */
  struct rlbox_wasm2c_node** children;
  size_t child_count;
  size_t child_capacity;
  /** In a file: the content. Of a fixed one it is the application's, and is only read. */
  uint8_t* bytes;
  size_t size;
  size_t capacity;
  /** Access and modification, in nanoseconds, as the library sets them. */
  uint64_t times[2];
  /** How many descriptors stand for the node. A removed node is freed when none does. */
  uint32_t users;
  bool is_folder;
  /** The application's: the node cannot be changed, moved or removed. */
  bool is_fixed;
  /** In a folder: nodes can come and go. */
  bool is_writable;
};

/** The tree. */
struct rlbox_wasm2c_tree {
  struct rlbox_wasm2c_node* root;
  struct rlbox_wasm2c_node* first; /* of all nodes, removed ones too */
  struct rlbox_wasm2c_node** buckets;
  size_t bucket_count;
  size_t node_count;
  uint64_t next_number;
  /** Decides, with a name, which bucket the name is in. */
  uint64_t key[2];
  /** What the library may store, and what is stored: capacities of files, and nodes. */
  uint64_t max_bytes;
  uint64_t used_bytes;
  uint32_t max_nodes;
  uint32_t used_nodes;
};

/** Where a path leads. */
struct rlbox_wasm2c_place {
  /** What is there; null if nothing is. */
  struct rlbox_wasm2c_node* node;
  /** The folder of the last name; null if the path ends in "." or "..", or names the start. */
  struct rlbox_wasm2c_node* folder;
  const char* name;
  size_t name_length;
  /** The path ends in a slash. */
  bool wants_folder;
};

/** Makes an empty tree. `key` is what the library cannot guess. False if there is no memory. */
bool rlbox_wasm2c_make_tree(struct rlbox_wasm2c_tree* tree, const uint64_t key[2]);

/** Frees all nodes, whoever uses them. */
void rlbox_wasm2c_free_tree(struct rlbox_wasm2c_tree* tree);

/** Finds out where a path leads from the folder `start`. An error of WASI if a folder on the way is
 * missing; a missing last name is none. */
uint32_t rlbox_wasm2c_find(const struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* start,
                           const char* path, size_t length, struct rlbox_wasm2c_place* place);

/** Makes a file or a folder at a place that has none; place->node is it. An error of WASI if the
 * folder is not writable, or if there is no room. */
uint32_t rlbox_wasm2c_create(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_place* place,
                             bool is_folder);

/** The same for the application: a fixed node, wherever it is, not counted. False if there is no
 * memory. */
bool rlbox_wasm2c_create_fixed(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_place* place,
                               bool is_folder);

/** Takes a node out of its folder. An error of WASI if it is the application's. */
uint32_t rlbox_wasm2c_remove(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node);

/** Moves the node at a place to another place, and removes what is there. */
uint32_t rlbox_wasm2c_move(struct rlbox_wasm2c_tree* tree, const struct rlbox_wasm2c_place* from,
                           struct rlbox_wasm2c_place* to);

/** Ends one use of a node. */
void rlbox_wasm2c_unuse(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* node);

/** Gives a file another size; new bytes are zero. */
uint32_t rlbox_wasm2c_resize(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* file,
                             uint64_t size);

/** Writes all of `data`, or nothing. */
uint32_t rlbox_wasm2c_store(struct rlbox_wasm2c_tree* tree, struct rlbox_wasm2c_node* file,
                            uint64_t offset, const uint8_t* data, size_t size);

/** The first child of a folder whose number is at least `number`; null if there is none. */
const struct rlbox_wasm2c_node* rlbox_wasm2c_child_from(const struct rlbox_wasm2c_node* folder,
                                                        uint64_t number);

#endif /* RLBOX_WASM2C_RT_TREE_H */
