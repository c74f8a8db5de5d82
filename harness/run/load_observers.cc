#include "harness/run/load_observers.h"

namespace leakbench {

LoadObservers::LoadObservers(const LoadRun& run, const LoadProgress& progress) {
  if (run.request_log) log_.emplace(*run.request_log);
  if (run.series) series_.emplace(*run.series, run.interval, progress, clock_);
}

void LoadObservers::on_release(TimePoint released) {
  if (log_) log_->on_release(released);
  if (series_) series_->on_release(released);
}

void LoadObservers::on_request(const RequestRecord& record) {
  if (log_) log_->on_request(record);
  if (series_) series_->on_request(record);
}

void LoadObservers::close() {
  if (log_) log_->close();
  if (series_) series_->close();
}

}  // namespace leakbench
