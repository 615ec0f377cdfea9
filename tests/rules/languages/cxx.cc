int cxx_answer() { return 42; }
