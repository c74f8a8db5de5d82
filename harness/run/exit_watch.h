// A context for a load that ends when its target does, so that requests do not go on to nobody.
#ifndef LEAKBENCH_HARNESS_RUN_EXIT_WATCH_H_
#define LEAKBENCH_HARNESS_RUN_EXIT_WATCH_H_

#include <sys/types.h>

#include <chrono>
#include <thread>
#include <vector>

#include "runtime/context/context.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Looks at the processes from a thread of its own for as long as it lives.
class ExitWatch {
 public:
  // Done with `parent`, or soon after one of the processes has ended: at the next look, `interval`
  // apart.
  ExitWatch(const Context& parent, const std::vector<pid_t>& processes,
            Duration interval = std::chrono::milliseconds(50));
  ExitWatch(const ExitWatch&) = delete;
  ExitWatch& operator=(const ExitWatch&) = delete;
  ~ExitWatch();

  const Context& context() const { return watched_.context; }

 private:
  Cancellable watched_;
  Cancellable looking_;  // done when the looking is to end
  std::thread thread_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_EXIT_WATCH_H_
