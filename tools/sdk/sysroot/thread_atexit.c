/* __cxa_thread_atexit, which a thread_local object with a destructor needs and libc++abi has for
 * Linux only: the one thread ends when the program does, so its objects go then, the last one made
 * first, and before the static objects that were made before them. */
#include <stdlib.h>

int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* module);
int __cxa_atexit(void (*function)(void*), void* argument, void* module);

struct thread_object {
  struct thread_object* next;
  void (*destroy)(void*);
  void* object;
};

static struct thread_object* objects;

static void destroy_all(void* nothing) {
  (void)nothing;
  while (objects != NULL) {
    struct thread_object* last = objects;
    objects = last->next;
    last->destroy(last->object);
    free(last);
  }
}

int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* module) {
  struct thread_object* added = malloc(sizeof *added);
  /* Registered again for each object: what was registered last is called first. */
  if (added == NULL || __cxa_atexit(destroy_all, NULL, module) != 0) {
    free(added);
    return -1;
  }
  *added = (struct thread_object){objects, destroy, object};
  objects = added;
  return 0;
}
