#include "angle.rlbox.h"
#include "journal.rlbox.h"

int main() { return 0; }
