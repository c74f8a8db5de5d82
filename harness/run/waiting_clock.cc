#include "harness/run/waiting_clock.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace leakbench {

bool SteadyWaitingClock::wait_until(TimePoint time, std::stop_token stop) const {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_until(lock, std::move(stop), time, [] { return false; });
  return now() >= time;
}

}  // namespace leakbench
