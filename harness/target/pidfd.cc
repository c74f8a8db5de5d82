#include "harness/target/pidfd.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace leakbench {

// Debian 12's <sys/pidfd.h> declares pidfd_open() without extern "C".
UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

bool ends_within(const UniqueFd& pidfd, std::chrono::nanoseconds bound) {
  using Clock = std::chrono::steady_clock;
  using std::chrono::nanoseconds;
  const auto deadline = Clock::now() + bound;
  pollfd ended{pidfd.get(), POLLIN, 0};  // a negative one is passed over
  while (true) {
    const nanoseconds left = std::max(nanoseconds::zero(), nanoseconds(deadline - Clock::now()));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{static_cast<time_t>(seconds.count()),
                           static_cast<long>((left - seconds).count())};
    const int ready = ::ppoll(&ended, 1, &timeout, nullptr);
    if (ready >= 0) return ready > 0;  // else a signal came
  }
}

}  // namespace leakbench
