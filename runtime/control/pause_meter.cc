#include "runtime/control/pause_meter.h"

#include "runtime/task/sleep.h"

namespace leakbench {

PauseMeter::PauseMeter(Scheduler& scheduler) {
  for (std::size_t i = 0; i < scheduler.worker_count(); ++i) {
    workers_.push_back(std::make_shared<Beats>());
    scheduler.worker(i).start(beat(running_.context, workers_.back()), "pause heartbeat",
                              TaskKind::kSystem, std::source_location::current());
  }
}

PauseMeter::~PauseMeter() { running_.cancel(); }

task<> PauseMeter::beat(Context ctx, std::shared_ptr<Beats> beats) {
  const TimerQueue& timers = Worker::current()->timers();
  TimePoint intended = timers.now() + kInterval;
  while (!co_await sleep_until(ctx, intended)) {
    const TimePoint now = timers.now();
    std::lock_guard guard(beats->mutex);
    for (; intended <= now; intended += kInterval) {
      beats->lateness.record((now - intended).count());
    }
  }
}

Histogram PauseMeter::snapshot() const {
  Histogram all(kPrecisionBits);
  for (const auto& beats : workers_) {
    std::lock_guard guard(beats->mutex);
    all.merge(beats->lateness);
  }
  return all;
}

}  // namespace leakbench
