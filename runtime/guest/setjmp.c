/*
 * setjmp and longjmp of libraries, as part of their modules.
 *
 * The compiler (-mllvm -wasm-enable-sjlj) turns a function that calls setjmp into one with a try
 * block around what may jump, and calls the three functions below. The interface is that of the
 * WebAssembly tool conventions: setjmp stores which call of which activation of a function it was,
 * longjmp throws the tag __c_longjmp with the address of a pair (environment, value), and each
 * activation that catches the tag asks whether the environment is one of its own. An environment
 * whose function has returned is nobody's own: the exception leaves the module, which is a trap.
 *
 * A jmp_buf lies in the library's memory. Whatever the library writes there, it chooses among the
 * places behind calls of setjmp in functions that run: nothing of the host is stored in it.
 *
 * Linked into a module only if the module calls one of these.
 */
typedef struct {
  void* activation; /* the address of a local variable: unique among the functions that run */
  unsigned label;   /* which call of setjmp in that function; never 0 */
  struct {
    void* environment;
    int value;
  } thrown; /* what the exception points to */
} environment;

void __wasm_setjmp(void* buffer, unsigned label, void* activation);
unsigned __wasm_setjmp_test(void* buffer, void* activation);
_Noreturn void __wasm_longjmp(void* buffer, int value);

/* musl's jmp_buf begins with eight words for this. */
_Static_assert(sizeof(environment) <= 32, "an environment fits into a jmp_buf");

void __wasm_setjmp(void* buffer, unsigned label, void* activation) {
  environment* const saved = buffer;
  saved->activation = activation;
  saved->label = label;
}

unsigned __wasm_setjmp_test(void* buffer, void* activation) {
  const environment* const saved = buffer;
  return saved->activation == activation ? saved->label : 0;
}

_Noreturn void __wasm_longjmp(void* buffer, int value) {
  environment* const saved = buffer;
  saved->thrown.environment = buffer;
  saved->thrown.value = value != 0 ? value : 1;
  __builtin_wasm_throw(1 /* __c_longjmp */, &saved->thrown);
}
