unsigned start_value(void);

unsigned start_value(void) { return 1000; }
