// SIGINT, SIGTERM and SIGHUP as a context: one signal ends everything that runs under it, in order.
#ifndef LEAKBENCH_HARNESS_RUN_INTERRUPT_H_
#define LEAKBENCH_HARNESS_RUN_INTERRUPT_H_

#include <atomic>
#include <optional>
#include <thread>

#include "runtime/context/context.h"

namespace leakbench {

// Make one in main() before any other thread: it blocks the three signals in the calling thread,
// and so in all that are started later, and takes them on a thread of its own.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Done once a signal has come.
  const Context& context() const { return stop_.context; }

  // The first signal that came, or nullopt. From any thread.
  std::optional<int> signal() const;

 private:
  void wait_for_signals();

  Cancellable stop_ = with_cancel(background());
  std::atomic<int> signal_{0};
  std::atomic<bool> closing_{false};
  std::thread thread_;
};

// Sleeps the calling thread for `duration`, or until `ctx` is done: then false. For threads that
// are no tasks.
bool sleep_unless_done(const Context& ctx, Duration duration);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_INTERRUPT_H_
