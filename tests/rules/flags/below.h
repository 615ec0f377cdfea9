#ifndef BELOW_H
#define BELOW_H
int below(int x);
#endif
