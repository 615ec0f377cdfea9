#ifndef DISAGREES_H
#define DISAGREES_H
#ifdef __cplusplus
extern "C" {
#endif

/* Calls a function as it is defined, with a declaration from before prototypes. */
int old_style(int x);

/* Call one with another type than it has, if asked to. */
int wide(int x, int really);
int nothing(int x, int really);

#ifdef __cplusplus
}
#endif
#endif
