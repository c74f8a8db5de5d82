#include "harness/report/metric_set.h"

#include <cmath>
#include <vector>

#include "harness/verdict/median.h"

namespace leakbench {

MetricSet median_of(std::span<const MetricSet> sets) {
  MetricSet result;
  for (const MetricInfo& info : all_metrics()) {
    std::vector<double> values;
    for (const MetricSet& set : sets) {
      const std::optional<double>& value = set[info.metric];
      if (value && std::isfinite(*value)) values.push_back(*value);
    }
    result[info.metric] = median(std::move(values));
  }
  return result;
}

}  // namespace leakbench
