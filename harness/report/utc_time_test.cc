#include "harness/report/utc_time.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// `date -u -d @1795377600` says Sun Nov 22 20:00:00 UTC 2026.
constexpr std::chrono::system_clock::time_point kEvening{1795377600s};

TEST(UtcTime, IsIso8601InWholeSeconds) {
  EXPECT_EQ(format_utc(kEvening), "2026-11-22T20:00:00Z");
  EXPECT_EQ(format_utc(kEvening + 59s + 999ms), "2026-11-22T20:00:59Z");
  EXPECT_EQ(format_utc({}), "1970-01-01T00:00:00Z");
}

TEST(UtcTime, HasAFormForNamesOfFiles) {
  EXPECT_EQ(format_utc_compact(kEvening + 5min + 7s), "20261122T200507Z");
}

TEST(UtcTime, KnowsLeapDaysAndRoundsDownBeforeTheEpoch) {
  EXPECT_EQ(format_utc(std::chrono::system_clock::time_point{951782400s}), "2000-02-29T00:00:00Z");
  EXPECT_EQ(format_utc(std::chrono::system_clock::time_point{-1ms}), "1969-12-31T23:59:59Z");
}

}  // namespace
}  // namespace leakbench
