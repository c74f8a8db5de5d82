#include "harness/report/metric_set.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace leakbench {
namespace {

MetricSet with_cpu(std::optional<double> percent) {
  MetricSet set;
  set[Metric::kCpuPercent] = percent;
  return set;
}

TEST(MetricSet, StartsWithNothingMeasured) {
  const MetricSet set;
  for (const MetricInfo& info : all_metrics()) EXPECT_EQ(set[info.metric], std::nullopt);
}

TEST(MedianOf, TakesEachMetricForItself) {
  std::vector<MetricSet> sets(3);
  const double cpu[] = {30, 10, 20};
  const double tasks[] = {1, 2, 300};
  for (std::size_t i = 0; i < sets.size(); ++i) {
    sets[i][Metric::kCpuPercent] = cpu[i];
    sets[i][Metric::kLiveTasksAfter] = tasks[i];
  }
  const MetricSet medians = median_of(sets);
  EXPECT_EQ(medians[Metric::kCpuPercent], 20);
  EXPECT_EQ(medians[Metric::kLiveTasksAfter], 2);
  EXPECT_EQ(medians[Metric::kPauseP99Ns], std::nullopt);
}

TEST(MedianOf, PassesOverWhatWasNotMeasuredOrIsNotFinite) {
  const std::vector<MetricSet> sets = {with_cpu(std::nullopt), with_cpu(10), with_cpu(std::nan("")),
                                       with_cpu(20), with_cpu(HUGE_VAL)};
  EXPECT_EQ(median_of(sets)[Metric::kCpuPercent], 15);
}

TEST(MedianOf, NothingIsNothingMeasured) { EXPECT_EQ(median_of({}), MetricSet()); }

}  // namespace
}  // namespace leakbench
