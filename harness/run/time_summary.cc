#include "harness/run/time_summary.h"

#include "harness/report/hdr_histogram.h"
#include "harness/run/round.h"

namespace leakbench {

TimeSummary summary_of(const Histogram& times) {
  TimeSummary summary;
  summary.count = static_cast<std::int64_t>(times.count());
  if (times.count() > 0) summary.hdr = hdr_blob(times);
  summary.mean = times.mean();
  summary.p50 = supported_percentile(times, 50);
  summary.p90 = supported_percentile(times, 90);
  summary.p99 = supported_percentile(times, 99);
  summary.p999 = supported_percentile(times, 99.9);
  if (const auto most = times.max()) summary.max = static_cast<double>(*most);
  return summary;
}

}  // namespace leakbench
