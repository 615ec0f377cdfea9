unsigned start_value(void);

unsigned start_value(void) { return 2000; }
