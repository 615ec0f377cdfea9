#include "mylib.h"

#include <stdio.h>
#include <string.h>

void hello(void) { printf("Hello from mylib\n"); }

unsigned add(unsigned a, unsigned b) { return a + b; }

void echo(const char* text) { printf("echo: %s\n", text); }

void call_cb(void (*callback)(const char* message)) {
  char message[32];
  strcpy(message, "Hi from the sandbox");
  callback(message);
}
