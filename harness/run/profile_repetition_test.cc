#include "harness/run/profile_repetition.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

RunPlan plan_with(std::vector<ProfileKind> profiles) {
  RunPlan plan;
  plan.blocks = 3;
  plan.settle = 7s;
  plan.profiles = std::move(profiles);
  for (const char* name : {"without-context", "with-context"}) {
    Arm arm;
    arm.name = name;
    plan.arms.push_back(arm);
  }
  return plan;
}

RepetitionReport repetition(const std::string& arm, std::vector<PhaseReport> phases) {
  RepetitionReport report;
  report.arm = arm;
  report.phases = std::move(phases);
  return report;
}

TEST(PlannedProfiles, AreOneOfEachKindAndArmNumberedOnFromTheRepetitions) {
  const auto planned = planned_profiles(plan_with({ProfileKind::kHeap, ProfileKind::kCpu}));
  ASSERT_EQ(planned.size(), 4u);
  EXPECT_EQ(planned[0].index, 7);
  EXPECT_EQ(planned[0].arm, "without-context");
  EXPECT_EQ(planned[0].kind, ProfileKind::kHeap);
  EXPECT_EQ(planned[1].arm, "with-context");
  EXPECT_EQ(planned[3].index, 10);
  EXPECT_EQ(planned[3].kind, ProfileKind::kCpu);
  EXPECT_EQ(planned[3].status, RepetitionStatus::kPlanned);
}

TEST(PlannedProfiles, AreNoneUnlessAskedFor) {
  EXPECT_TRUE(planned_profiles(plan_with({})).empty());
}

TEST(ProfileWindow, CoversTheLongestRoundOfTheArm) {
  const std::vector<RepetitionReport> finished = {
      repetition("without-context", {{"warm-up", 0, 0, 9'000'000'000},
                                     {"connect", 1, 10'000'000'000, 10'100'000'000},
                                     {"load", 1, 10'100'000'000, 11'000'000'000},
                                     {"settle", 1, 11'000'000'000, 17'500'000'000},
                                     {"connect", 2, 17'500'000'000, 17'600'000'000},
                                     {"settle", 2, 17'600'000'000, 25'700'000'000}}),
      repetition("with-context", {{"connect", 1, 0, 1}, {"settle", 1, 1, 90'000'000'000}})};
  const RunPlan plan = plan_with({ProfileKind::kCpu});
  EXPECT_EQ(profile_window(plan, finished, "without-context"), 10s);  // 8.2 s, whole, and one more
  EXPECT_EQ(profile_window(plan, finished, "with-context"), 91s);
}

TEST(ProfileWindow, IsTheSettleWindowWhenNoRoundIsFinishedAndNeverMoreThanServersSample) {
  const RunPlan plan = plan_with({ProfileKind::kCpu});
  EXPECT_EQ(profile_window(plan, {}, "without-context"), 8s);
  EXPECT_EQ(
      profile_window(plan, {repetition("without-context", {{"settle", 1, 0, 3'600'000'000'000}})},
                     "without-context"),
      600s);
}

}  // namespace
}  // namespace leakbench
