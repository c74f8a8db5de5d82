#include "harness/run/generator_watch.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(GeneratorWatch, SeesItsOwnCpu) {
  const GeneratorWatch watch(1);
  const SteadyClock clock;
  volatile std::uint64_t work = 0;
  GeneratorUse use = watch.use();
  for (const TimePoint limit = clock.now() + 20s; clock.now() < limit && *use.cpu_ns < 20'000'000;
       use = watch.use()) {
    for (int i = 0; i < 100'000; ++i) work = work + 1;
  }
  EXPECT_GE(*use.cpu_ns, 20'000'000);
  EXPECT_GE(use.elapsed, 15ms);
  EXPECT_GT(*use.memory_peak_bytes, 0);
  EXPECT_GE(use.involuntary_switches, 0);
  EXPECT_GE(*use.foreign_cpu_ns, 0);
  EXPECT_GE(*use.stolen_ns, 0);
}

TEST(GeneratorReport, IsValidBelowItsBounds) {
  const GeneratorReport report =
      report_of({.elapsed = 10s, .cpu_ns = 9'000'000'000, .waited_ns = 400'000'000}, 1'000'000);
  EXPECT_EQ(report.cpu_ns_per_request, 9'000);
  EXPECT_EQ(report.cpu_percent, 90);
  EXPECT_EQ(report.doubts.size(), 0u);
}

TEST(GeneratorReport, DoubtsAGeneratorAtItsLimit) {
  const GeneratorReport report = report_of({.elapsed = 10s, .cpu_ns = 9'900'000'000}, 10);
  ASSERT_EQ(report.doubts.size(), 1u);
  EXPECT_NE(report.doubts[0].find("used 99 % of a core"), std::string::npos);
}

TEST(GeneratorReport, LetsEachThreadHaveACore) {
  GeneratorUse use{.elapsed = 10s, .threads = 2, .cores = 2, .cpu_ns = 18'000'000'000};
  EXPECT_EQ(report_of(use, 10).doubts.size(), 0u);
  use.cpu_ns = 19'500'000'000;
  EXPECT_EQ(report_of(use, 10).doubts.size(), 1u);
  use = {.elapsed = 10s, .threads = 8, .cores = 1, .cpu_ns = 9'900'000'000};
  EXPECT_EQ(report_of(use, 10).doubts.size(), 1u);
}

TEST(GeneratorReport, DoubtsAGeneratorThatHadToWait) {
  const GeneratorReport report =
      report_of({.elapsed = 10s, .cpu_ns = 1, .waited_ns = 2'000'000'000}, 10);
  ASSERT_EQ(report.doubts.size(), 1u);
  EXPECT_NE(report.doubts[0].find("for 20 % of the time"), std::string::npos);
}

TEST(GeneratorReport, SaysNothingOfWhatWasNotRead) {
  const GeneratorReport report = report_of({}, 0);
  EXPECT_EQ(report.cpu_ns_per_request, std::nullopt);
  EXPECT_EQ(report.cpu_percent, std::nullopt);
  EXPECT_EQ(report.memory_peak_bytes, std::nullopt);
  EXPECT_EQ(report.doubts.size(), 0u);
}

}  // namespace
}  // namespace leakbench
