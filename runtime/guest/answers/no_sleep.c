/*
 * An answer to a library's calls that wait, as part of its module: sleep(), poll(), select() and
 * their kin return at once, with ENOTSUP.
 *
 * The C library implements them with WASI's poll_oneoff. A sandbox has nothing to wait for: no
 * descriptor becomes ready while the library runs, and the application's thread is not the
 * library's to put to sleep. With this definition the module imports no such function.
 *
 * Weak: a library with an answer of its own keeps its own. Linked only where something calls it.
 */
enum { not_supported = 58 };

unsigned __imported_wasi_snapshot_preview1_poll_oneoff(unsigned subscriptions, unsigned events,
                                                       unsigned count, unsigned out);
__attribute__((weak)) unsigned __imported_wasi_snapshot_preview1_poll_oneoff(unsigned subscriptions,
                                                                             unsigned events,
                                                                             unsigned count,
                                                                             unsigned out) {
  (void)subscriptions;
  (void)events;
  (void)count;
  (void)out;
  return not_supported;
}
