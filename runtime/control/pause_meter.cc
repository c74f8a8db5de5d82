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
  TimePoint intended = timers.now() + Beats::kInterval;
  while (!co_await sleep_until(ctx, intended)) intended = beats->record(intended, timers.now());
}

Histogram PauseMeter::snapshot() const {
  Histogram all(Beats::kPrecisionBits);
  for (const auto& beats : workers_) all.merge(beats->lateness());
  return all;
}

}  // namespace leakbench
