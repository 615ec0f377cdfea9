#include "tests/sysroot/one_thread.h"

#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <system_error>
#include <thread>

namespace {

const char* yes(bool value) { return value ? "yes" : "no"; }

struct counter {
  explicit counter(const char* name) : name_(name) { std::printf("%s made\n", name_); }
  ~counter() { std::printf("%s gone\n", name_); }
  int next() { return ++value_; }

 private:
  const char* name_;
  int value_ = 0;
};

thread_local counter per_thread("counter of a thread");

struct shape {
  virtual ~shape() = default;
};
struct circle : shape {
  int radius = 3;
};
struct square : shape {
  int side = 4;
};

}  // namespace

void use_mutexes() {
  std::mutex mutex;
  {
    std::lock_guard<std::mutex> lock(mutex);
    std::puts("locked");
  }
  std::unique_lock<std::mutex> first(mutex, std::try_to_lock);
  std::printf("free again: %s\n", yes(first.owns_lock()));
  first.unlock();

  std::recursive_mutex recursive;
  std::lock_guard<std::recursive_mutex> outer(recursive);
  std::lock_guard<std::recursive_mutex> inner(recursive);
  std::printf("a third time: %s\n", yes(recursive.try_lock()));
  recursive.unlock();

  std::timed_mutex timed;
  std::printf("in time: %s\n", yes(timed.try_lock_for(std::chrono::seconds(1))));
  timed.unlock();

  std::mutex other;
  std::scoped_lock<std::mutex, std::mutex> both(mutex, other);
  std::puts("both locked");
}

void use_conditions() {
  std::mutex mutex;
  std::condition_variable condition;
  std::unique_lock<std::mutex> lock(mutex);
  condition.notify_all();
  condition.wait(lock, [] { return true; });
  bool came = condition.wait_for(lock, std::chrono::milliseconds(2), [] { return false; });
  std::printf("came: %s, still locked: %s\n", yes(came), yes(lock.owns_lock()));
}

void use_once() {
  static std::once_flag flag;
  for (int i = 0; i < 3; ++i) {
    std::call_once(flag, [] { std::puts("once"); });
  }
  static pthread_once_t control = PTHREAD_ONCE_INIT;
  pthread_once(&control, [] { std::puts("once for C"); });
  pthread_once(&control, [] { std::puts("never"); });
}

void use_shared_mutex() {
  std::shared_mutex mutex;
  {
    std::shared_lock<std::shared_mutex> one(mutex);
    std::shared_lock<std::shared_mutex> two(mutex);
    std::printf("two readers: %s\n", yes(one.owns_lock() && two.owns_lock()));
  }
  std::unique_lock<std::shared_mutex> writer(mutex);
  std::printf("a writer: %s\n", yes(writer.owns_lock()));
}

void use_thread_local() {
  std::printf("%d\n", per_thread.next());
  std::printf("%d\n", per_thread.next());
  pthread_key_t key;
  pthread_key_create(&key, nullptr);
  static int value = 5;
  pthread_setspecific(key, &value);
  std::printf("value of a key: %d\n", *static_cast<int*>(pthread_getspecific(key)));
  pthread_key_delete(key);
}

void use_dynamic_cast() {
  circle round;
  square with_corners;
  shape* shapes[] = {&round, &with_corners};
  for (shape* each : shapes) {
    if (auto* found = dynamic_cast<circle*>(each)) {
      std::printf("circle %d\n", found->radius);
    } else if (auto* corners = dynamic_cast<square*>(each)) {
      std::printf("square %d\n", corners->side);
    }
  }
}

static void* run(void*) { return nullptr; }

int start_thread(int how) {
  if (how == 0) {
    pthread_t thread;
    return pthread_create(&thread, nullptr, run, nullptr) == EAGAIN ? 1 : 0;
  }
  std::thread thread([] {});
  thread.join();
  return 0;
}

void wait_for_ever(int what) {
  if (what == 0) {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock<std::mutex> lock(mutex);
    condition.wait(lock);
  } else {
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, nullptr, 2);
    pthread_barrier_wait(&barrier);
  }
}
