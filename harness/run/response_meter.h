// What a load generator has to show for itself between two samples of the timeline.
#ifndef LEAKBENCH_HARNESS_RUN_RESPONSE_METER_H_
#define LEAKBENCH_HARNESS_RUN_RESPONSE_METER_H_

#include <mutex>

#include "harness/load/request_observer.h"
#include "harness/probe/proc_probe.h"
#include "harness/probe/sample.h"
#include "runtime/stats/histogram.h"

namespace leakbench {

// Fed by the threads of a load, read by the one that samples. Between loads it shows CPU time only.
class ResponseMeter final : public RequestObserver {
 public:
  // In the process of the load generator.
  ResponseMeter();

  // A load begins; read() shows its answers.
  void on_release(TimePoint released) override;
  void on_request(const RequestRecord& record) override;

  // The load is over: the next read() is the last that shows answers.
  void end_load();

  // The answers since the call before. From one thread.
  GeneratorReading read();

 private:
  // Finer than a pixel of a chart, and small: the histogram is walked for every sample.
  static constexpr int kPrecisionBits = 7;

  const ProcProbe own_;
  std::mutex mutex_;
  bool loading_ = false;              // guarded by mutex_
  bool last_ = false;                 // guarded by mutex_
  Histogram coming_{kPrecisionBits};  // guarded by mutex_
  Histogram read_{kPrecisionBits};    // of the reading thread
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_RESPONSE_METER_H_
