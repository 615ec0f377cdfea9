#include "good_box.rlbox.h"
#include "opens_a_file_box.rlbox.h"

int main() { return answer() - 42; }
