#include "scenarios/cascading-timeout/latency.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

const LatencyModel kModel{
    .median = 60ms, .slow_median = 6s, .slow_share = 0.2, .spread = 0.1, .longest = 7s, .seed = 1};

TEST(LatencyModel, TheMediansAndTheShareAreThoseAskedFor) {
  std::vector<Duration> fast, slow;
  for (std::uint64_t request = 0; request < 20'000; ++request) {
    const Duration latency = kModel.of(request);
    (latency > 2s ? slow : fast).push_back(latency);
  }
  EXPECT_NEAR(static_cast<double>(slow.size()), 4'000, 200);
  const auto median = [](std::vector<Duration>& latencies) {
    std::nth_element(latencies.begin(), latencies.begin() + latencies.size() / 2, latencies.end());
    return latencies[latencies.size() / 2];
  };
  EXPECT_NEAR(static_cast<double>(median(fast) / 1us), 60'000, 300);
  EXPECT_NEAR(static_cast<double>(median(slow) / 1us), 6'000'000, 60'000);
  EXPECT_EQ(*std::max_element(slow.begin(), slow.end()), 7s);
}

TEST(LatencyModel, WithoutSpreadEveryRequestTakesTheMedian) {
  LatencyModel model = kModel;
  model.spread = 0;
  model.slow_share = 0;
  for (std::uint64_t request = 0; request < 100; ++request) EXPECT_EQ(model.of(request), 60ms);
}

TEST(LatencyModel, AnotherSeedDrawsOthers) {
  LatencyModel other = kModel;
  other.seed = 2;
  int equal = 0;
  for (std::uint64_t request = 0; request < 100; ++request) {
    equal += kModel.of(request) == other.of(request) ? 1 : 0;
  }
  EXPECT_LT(equal, 10);
}

// The same in go/latency_test.go: both draw alike, to the microsecond.
TEST(LatencyModel, DrawsWhatItsTwinDraws) {
  const std::vector<std::int64_t> microseconds{52679, 51775, 55792,   53608,   66353, 47992,
                                               63174, 58296, 6066498, 6425947, 55927, 53110};
  for (std::size_t i = 0; i < microseconds.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(kModel.of(i) / 1us), static_cast<double>(microseconds[i]), 1)
        << i;
  }
}

}  // namespace
}  // namespace leakbench
