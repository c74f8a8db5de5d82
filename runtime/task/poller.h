// How a worker with nothing to run waits. The seam that the I/O pollers of runtime/net fill.
#ifndef LEAKBENCH_RUNTIME_TASK_POLLER_H_
#define LEAKBENCH_RUNTIME_TASK_POLLER_H_

#include <condition_variable>
#include <mutex>
#include <optional>

#include "runtime/time/clock.h"

namespace leakbench {

class Poller {
 public:
  virtual ~Poller() = default;

  // Handles what is ready, waiting up to `timeout` for it (nullopt: without bound; zero: not at
  // all). On the worker's thread only.
  virtual void wait(std::optional<Duration> timeout) = 0;

  // Makes a wait() that is under way, or else the next one, return. From any thread.
  virtual void wake() = 0;
};

// For schedulers that do no I/O.
class IdlePoller final : public Poller {
 public:
  void wait(std::optional<Duration> timeout) override;
  void wake() override;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_POLLER_H_
