#include "harness/report/status.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(StatusName, OfARun) {
  EXPECT_EQ(status_name(RunStatus::kRunning), "running");
  EXPECT_EQ(status_name(RunStatus::kComplete), "complete");
  EXPECT_EQ(status_name(RunStatus::kFailed), "failed");
  EXPECT_EQ(status_name(RunStatus::kInterrupted), "interrupted");
}

TEST(StatusName, OfARepetition) {
  EXPECT_EQ(status_name(RepetitionStatus::kPlanned), "planned");
  EXPECT_EQ(status_name(RepetitionStatus::kRunning), "running");
  EXPECT_EQ(status_name(RepetitionStatus::kComplete), "complete");
  EXPECT_EQ(status_name(RepetitionStatus::kFailed), "failed");
  EXPECT_EQ(status_name(RepetitionStatus::kInterrupted), "interrupted");
}

TEST(StatusWithError, SaysNothingTwice) {
  EXPECT_EQ(status_with_error(RepetitionStatus::kFailed, "it died"), "failed: it died");
  EXPECT_EQ(status_with_error(RepetitionStatus::kInterrupted, "interrupted"), "interrupted");
  EXPECT_EQ(status_with_error(RepetitionStatus::kPlanned, std::nullopt), "planned");
}

}  // namespace
}  // namespace leakbench
