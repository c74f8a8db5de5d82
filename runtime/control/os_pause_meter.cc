#include "runtime/control/os_pause_meter.h"

#include <sys/prctl.h>

#include <cerrno>
#include <ctime>

#include "runtime/control/onlooker.h"

namespace leakbench {
namespace {

void sleep_until_instant(TimePoint instant) {
  const Duration since_boot = instant.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
  const timespec time{seconds.count(), (since_boot - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
  }
}

}  // namespace

OsPauseMeter::OsPauseMeter() : thread_([this] { run(); }) {}

OsPauseMeter::~OsPauseMeter() {
  stopping_ = true;
  thread_.join();
}

void OsPauseMeter::run() {
  this_thread_looks_on = true;
  // By default the kernel may round a thread's timers up by 50 us, which would hide shorter pauses.
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  const SteadyClock clock;
  TimePoint intended = clock.now() + Beats::kInterval;
  while (!stopping_) {
    sleep_until_instant(intended);
    intended = beats_.record(intended, clock.now());
  }
}

}  // namespace leakbench
