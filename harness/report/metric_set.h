#ifndef LEAKBENCH_HARNESS_REPORT_METRIC_SET_H_
#define LEAKBENCH_HARNESS_REPORT_METRIC_SET_H_

#include <array>
#include <optional>
#include <span>

#include "harness/report/metric_names.h"

namespace leakbench {

// A value, or "not measured", for every metric. Starts with nothing measured.
class MetricSet {
 public:
  std::optional<double>& operator[](Metric metric) {
    return values_[static_cast<std::size_t>(metric)];
  }
  const std::optional<double>& operator[](Metric metric) const {
    return values_[static_cast<std::size_t>(metric)];
  }

  friend bool operator==(const MetricSet&, const MetricSet&) = default;

 private:
  std::array<std::optional<double>, kMetricCount> values_;
};

// Metric by metric the median of those sets that measured it (finite); not measured when none did.
// Makes a repetition's metrics of its rounds', and an arm's of its repetitions'.
MetricSet median_of(std::span<const MetricSet> sets);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_METRIC_SET_H_
