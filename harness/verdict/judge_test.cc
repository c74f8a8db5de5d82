#include "harness/verdict/judge.h"

#include <gtest/gtest.h>

#include "harness/verdict/test_evidence.h"

namespace leakbench {
namespace {

using test_evidence::growing_repetition;
using test_evidence::repetition;
using test_evidence::round_with;
using test_evidence::variant;

TEST(Judge, FindsAVariantCleanWhenNothingOutlivesItsRequest) {
  EXPECT_EQ(judge(variant({repetition(0, {round_with(12, 0, 0)})})).verdict_class,
            VerdictClass::kClean);
}

TEST(Judge, FindsOneTaskAtTheLingerCheckEnoughForLingering) {
  EXPECT_EQ(judge(variant({repetition(0, {round_with(12, 1, 0)})})).verdict_class,
            VerdictClass::kLingering);
}

TEST(Judge, FindsOneTaskAtTheEndOfTheWindowEnoughForLeakingInOneRound) {
  EXPECT_EQ(judge(variant({repetition(0, {round_with(12, 1, 1)})})).verdict_class,
            VerdictClass::kLeaking);
}

TEST(Judge, CountsTasksAboveTheBaselineOnly) {
  EXPECT_EQ(judge(variant({repetition(3, {round_with(3, 3, 3)})})).verdict_class,
            VerdictClass::kClean);
  EXPECT_EQ(judge(variant({repetition(3, {round_with(9, 4, 3)})})).verdict_class,
            VerdictClass::kLingering);
  EXPECT_EQ(judge(variant({repetition(3, {round_with(9, 4, 4)})})).verdict_class,
            VerdictClass::kLeaking);
}

TEST(Judge, TakesAFallBelowTheBaselineForNoLeak) {
  EXPECT_EQ(judge(variant({repetition(5, {round_with(2, 0, 1)})})).verdict_class,
            VerdictClass::kClean);
}

TEST(Judge, CallsNothingCleanWhoseTasksDiedOfExceptions) {
  RoundEvidence died = round_with(0, 0, 0);
  died.unhandled_exceptions = 20'000;
  const Verdict verdict = judge(variant({repetition(0, {died})}));
  EXPECT_EQ(verdict.verdict_class, VerdictClass::kInconclusive);
  EXPECT_EQ(verdict.reason,
            "20,000 tasks died of an exception before they could outlive anything; see the "
            "server's log.");
}

TEST(Judge, StillFindsTheLeakOfAServerWhoseOtherTasksDied) {
  RoundEvidence died = round_with(5, 5, 5);
  died.unhandled_exceptions = 1;
  EXPECT_EQ(judge(variant({repetition(0, {died})})).verdict_class, VerdictClass::kLeaking);
}

TEST(Judge, FindsTwoRoundsTooFewToExcuseAResidue) {
  EXPECT_EQ(
      judge(variant({repetition(0, {round_with(9, 5, 5), round_with(9, 0, 0)})})).verdict_class,
      VerdictClass::kLeaking);
}

TEST(Judge, FindsGrowthOverThreeRoundsLeaking) {
  EXPECT_EQ(judge(variant({growing_repetition(0, {300, 600, 900})})).verdict_class,
            VerdictClass::kLeaking);
  EXPECT_EQ(judge(variant({growing_repetition(0, {1, 2, 3})})).verdict_class,
            VerdictClass::kLeaking);
}

TEST(Judge, FindsAConstantResidueOverThreeRoundsClean) {
  EXPECT_EQ(judge(variant({growing_repetition(0, {3, 3, 3})})).verdict_class, VerdictClass::kClean);
}

TEST(Judge, FindsGrowthOfLessThanOneTaskPerRoundClean) {
  EXPECT_EQ(judge(variant({growing_repetition(0, {1, 1, 2, 2, 3, 3})})).verdict_class,
            VerdictClass::kClean);
}

TEST(Judge, FindsGrowthThatStaysBelowTheBaselineClean) {
  EXPECT_EQ(judge(variant({growing_repetition(100, {10, 40, 100})})).verdict_class,
            VerdictClass::kClean);
  EXPECT_EQ(judge(variant({growing_repetition(100, {10, 40, 101})})).verdict_class,
            VerdictClass::kLeaking);
}

TEST(Judge, IsNotMisledByOneRoundWithAnOddCount) {
  EXPECT_EQ(judge(variant({growing_repetition(0, {0, 0, 7, 0, 0})})).verdict_class,
            VerdictClass::kClean);
  EXPECT_EQ(judge(variant({growing_repetition(0, {100, 200, 0, 400, 500})})).verdict_class,
            VerdictClass::kLeaking);
}

TEST(Judge, StillFindsLingeringWhenAResidueDoesNotGrow) {
  EXPECT_EQ(judge(variant({repetition(0, {round_with(900, 800, 3), round_with(900, 800, 3),
                                          round_with(900, 800, 3)})}))
                .verdict_class,
            VerdictClass::kLingering);
}

TEST(Judge, FindsLingeringInAnySingleRound) {
  EXPECT_EQ(
      judge(variant({repetition(0, {round_with(9, 0, 0), round_with(9, 2, 0)})})).verdict_class,
      VerdictClass::kLingering);
}

TEST(Judge, AcceptsTheDrainedFlagWhereTheSettledCountIsMissing) {
  RoundEvidence round = round_with(9, 0, 0);
  round.live_tasks_settled.reset();
  round.drained = true;
  EXPECT_EQ(judge(variant({repetition(0, {round})})).verdict_class, VerdictClass::kClean);
  round.drained = false;
  EXPECT_EQ(judge(variant({repetition(0, {round})})).verdict_class, VerdictClass::kInconclusive);
  round.drained.reset();
  EXPECT_EQ(judge(variant({repetition(0, {round})})).verdict_class, VerdictClass::kInconclusive);
}

TEST(Judge, FindsALeakEvenWhenTheLingerCheckIsMissing) {
  RoundEvidence round = round_with(9, 0, 9);
  round.live_tasks_at_linger_check.reset();
  EXPECT_EQ(judge(variant({repetition(0, {round})})).verdict_class, VerdictClass::kLeaking);
}

TEST(Judge, IsInconclusiveWhenACountThatDecidesIsMissing) {
  RoundEvidence no_linger_check = round_with(9, 0, 0);
  no_linger_check.live_tasks_at_linger_check.reset();
  EXPECT_EQ(judge(variant({repetition(0, {no_linger_check})})).verdict_class,
            VerdictClass::kInconclusive);

  RepetitionEvidence no_baseline = repetition(0, {round_with(9, 0, 0)});
  no_baseline.live_tasks_baseline.reset();
  EXPECT_EQ(judge(variant({no_baseline})).verdict_class, VerdictClass::kInconclusive);
}

TEST(Judge, IsInconclusiveWhenNoRequestWasAnswered) {
  RoundEvidence round = round_with(0, 0, 0);
  round.requests_answered = 0;
  EXPECT_EQ(judge(variant({repetition(0, {round})})).verdict_class, VerdictClass::kInconclusive);
  round.requests_answered.reset();
  EXPECT_EQ(judge(variant({repetition(0, {round})})).verdict_class, VerdictClass::kInconclusive);
}

TEST(Judge, JudgesARepetitionInWhichSomeRoundWasAnswered) {
  RoundEvidence unanswered = round_with(0, 0, 0);
  unanswered.requests_answered = 0;
  EXPECT_EQ(judge(variant({repetition(0, {unanswered, round_with(9, 0, 0)})})).verdict_class,
            VerdictClass::kClean);
}

TEST(Judge, IsInconclusiveWhenTheTargetFailedWhateverWasCounted) {
  RepetitionEvidence failed = repetition(0, {round_with(9, 9, 9)});
  failed.target_failed = true;
  EXPECT_EQ(judge(variant({failed})).verdict_class, VerdictClass::kInconclusive);
}

TEST(Judge, IsInconclusiveWithoutRepetitionsOrRounds) {
  EXPECT_EQ(judge(variant({})).verdict_class, VerdictClass::kInconclusive);
  EXPECT_EQ(judge(variant({repetition(0, {})})).verdict_class, VerdictClass::kInconclusive);
}

TEST(Judge, KeepsTheClassInWhichAllRepetitionsAgree) {
  const auto lingering = repetition(0, {round_with(9, 5, 0)});
  EXPECT_EQ(judge(variant({lingering, lingering, lingering})).verdict_class,
            VerdictClass::kLingering);
}

TEST(Judge, IsInconclusiveWhenRepetitionsDisagree) {
  const auto clean = repetition(0, {round_with(9, 0, 0)});
  const auto lingering = repetition(0, {round_with(9, 5, 0)});
  EXPECT_EQ(judge(variant({clean, lingering, clean})).verdict_class, VerdictClass::kInconclusive);
}

TEST(VerdictClassName, IsTheWordOfManifestsAndReports) {
  EXPECT_EQ(verdict_class_name(VerdictClass::kClean), "clean");
  EXPECT_EQ(verdict_class_name(VerdictClass::kLingering), "lingering");
  EXPECT_EQ(verdict_class_name(VerdictClass::kLeaking), "leaking");
  EXPECT_EQ(verdict_class_name(VerdictClass::kInconclusive), "inconclusive");
}

TEST(VerdictClassName, IsReadBackAndNothingElseIs) {
  for (VerdictClass c : {VerdictClass::kClean, VerdictClass::kLingering, VerdictClass::kLeaking,
                         VerdictClass::kInconclusive}) {
    EXPECT_EQ(verdict_class_by_name(verdict_class_name(c)), c);
  }
  EXPECT_EQ(verdict_class_by_name("Clean"), std::nullopt);
  EXPECT_EQ(verdict_class_by_name(""), std::nullopt);
}

}  // namespace
}  // namespace leakbench
