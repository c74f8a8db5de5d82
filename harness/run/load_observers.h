// The files that a load writes while it runs, request by request.
#ifndef LEAKBENCH_HARNESS_RUN_LOAD_OBSERVERS_H_
#define LEAKBENCH_HARNESS_RUN_LOAD_OBSERVERS_H_

#include <optional>

#include "harness/load/load_progress.h"
#include "harness/load/request_observer.h"
#include "harness/run/interval_series.h"
#include "harness/run/load_run.h"
#include "harness/run/request_log.h"
#include "harness/run/waiting_clock.h"

namespace leakbench {

// Those that `run` asks for.
class LoadObservers final : public RequestObserver {
 public:
  // `progress` must outlive it. Throws Error(kUsage) for a file that can't be written.
  LoadObservers(const LoadRun& run, const LoadProgress& progress);

  // nullptr where the run asks for none.
  RequestObserver* any() { return log_ || series_ ? this : nullptr; }

  void on_release(TimePoint released) override;
  void on_request(const RequestRecord& record) override;

  // After the load. Throws Error(kEnvironmentUnfit) for what could not be written.
  void close();

 private:
  const SteadyWaitingClock clock_;
  std::optional<RequestLog> log_;
  std::optional<IntervalSeries> series_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LOAD_OBSERVERS_H_
