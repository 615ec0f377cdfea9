/* Structs with fields that no framework can know, between others. */
#ifndef RLBOX_TESTS_PARTS_H_
#define RLBOX_TESTS_PARTS_H_

/* Anonymous structs and flexible arrays are C, which g++ -Wpedantic would say about this header. */
#ifdef __cplusplus
#pragma GCC system_header
extern "C" {
#endif

struct inner {
  char letter;
  void* place;
};

struct record {
  int first;
  union {
    void* pointer;
    int whole;
    float part;
  } value;
  int after;
  unsigned flag : 3;
  unsigned more : 5;
  struct record* next;
  long (*called)(int argument);
  struct {
    int hidden;
    long long wide;
  };
  struct inner inner;
  char last;
  int length;
  char data[];
};

struct __attribute__((packed)) packet {
  char tag;
  int value;
  short number;
  char end;
};

union either {
  int whole;
  void* pointer;
};

int record_size(void);
int record_fill(struct record* to);
/* -1 unless what the framework cannot know is as record_fill left it. */
int record_sum(const struct record* from);
int packet_fill(struct packet* to);
int packet_value(const struct packet* from);
union either* make_either(int whole);
int use_either(const union either* from);

#ifdef __cplusplus
}
#endif

#endif
