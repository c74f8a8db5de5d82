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
            VerdictClass::kInconclusive);
  EXPECT_EQ(
      judge(variant({growing_repetition(0, {100, 200, 0, 400, 500, 600, 700, 800})})).verdict_class,
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

TEST(Judge, SaysHowSureItIs) {
  const auto strength_of = [](const RepetitionEvidence& evidence) {
    return judge(variant({evidence})).strength;
  };
  EXPECT_EQ(strength_of(growing_repetition(0, {5})), EvidenceStrength::kSuspected);
  EXPECT_EQ(strength_of(growing_repetition(0, {300, 600, 900, 1200})),
            EvidenceStrength::kSuspected);
  EXPECT_EQ(strength_of(growing_repetition(0, {300, 600, 900, 1200, 1500})),
            EvidenceStrength::kGrowing);
  EXPECT_EQ(strength_of(growing_repetition(0, {3, 3, 3, 3, 3})), EvidenceStrength::kNone);
}

TEST(Judge, FindsProvenTasksLeakingWhateverTheRounds) {
  RepetitionEvidence proven = growing_repetition(4, {4, 4, 4, 4, 4});
  proven.sites_baseline = {{"stuck", 1, true}};
  for (RoundEvidence& round : proven.rounds) round.sites = {{"stuck", 1, true}};
  EXPECT_EQ(judge(variant({proven})).verdict_class, VerdictClass::kClean);
  proven.rounds.back().sites[0].live = 2;
  const Verdict verdict = judge(variant({proven}));
  EXPECT_EQ(verdict.verdict_class, VerdictClass::kLeaking);
  EXPECT_EQ(verdict.strength, EvidenceStrength::kProven);
}

TEST(Judge, GivesTheNumbersBehindAVerdict) {
  RepetitionEvidence leak = growing_repetition(2, {22, 42, 62, 82, 102});
  for (RoundEvidence& round : leak.rounds) {
    round.heap_in_use_settled = 5'000'000 + 1000 * *round.live_tasks_settled;
  }
  const Verdict verdict = judge(variant({leak}));
  EXPECT_EQ(verdict.growth_per_round, 20);
  EXPECT_EQ(verdict.growth_per_round_lower_bound, 20);
  EXPECT_NEAR(*verdict.growth_p, 1.0 / 120, 1e-12);
  EXPECT_NEAR(*verdict.leaked_tasks_per_request, 0.001, 1e-12);
  EXPECT_NEAR(*verdict.smallest_visible_rate, 1.0 / 20000, 1e-12);
  EXPECT_NEAR(*verdict.bytes_per_leaked_task, 1000, 1e-9);
}

TEST(Judge, LeavesOutTheNumbersThatItCannotKnow) {
  const Verdict one_round = judge(variant({growing_repetition(0, {20'000})}));
  EXPECT_EQ(one_round.growth_per_round, std::nullopt);
  EXPECT_EQ(one_round.growth_p, std::nullopt);
  EXPECT_EQ(one_round.growth_per_round_lower_bound, std::nullopt);
  EXPECT_EQ(one_round.bytes_per_leaked_task, std::nullopt);
  EXPECT_EQ(one_round.leaked_tasks_per_request, 1);
  const Verdict three_rounds = judge(variant({growing_repetition(0, {1, 2, 3})}));
  EXPECT_EQ(three_rounds.growth_per_round, 1);
  EXPECT_EQ(three_rounds.growth_per_round_lower_bound, std::nullopt);
  const Verdict nothing = judge(variant({}));
  EXPECT_EQ(nothing.smallest_visible_rate, std::nullopt);
  EXPECT_EQ(nothing.leaked_tasks_per_request, std::nullopt);
}

TEST(Judge, SeesTheSmallerRateTheMoreRequestsThereAre) {
  EXPECT_NEAR(*judge(variant({repetition(0, {round_with(0, 0, 0)})})).smallest_visible_rate,
              1.0 / 20000, 1e-12);
  EXPECT_NEAR(*judge(variant({growing_repetition(0, {0, 0})})).smallest_visible_rate, 1.0 / 40000,
              1e-12);
  EXPECT_NEAR(*judge(variant({growing_repetition(0, {0, 0, 0, 0, 0})})).smallest_visible_rate,
              1.0 / 20000, 1e-12);
}

TEST(Judge, GivesTheGrowthOfEachSiteTheFastestFirst) {
  RepetitionEvidence leak = growing_repetition(5, {15, 20, 25, 30, 35});
  leak.sites_baseline = {{"pool", 5}};
  for (std::int64_t i = 0; i < 5; ++i) {
    leak.rounds[static_cast<std::size_t>(i)].sites = {
        {"pool", 5}, {"left", 2}, {"slow", 3 + i, true}, {"fast", 5 + 4 * i}};
  }
  leak.rounds[0].sites.pop_back();  // a site that is absent has no task
  const Verdict verdict = judge(variant({leak}));
  ASSERT_EQ(verdict.sites.size(), 3U);
  EXPECT_EQ(verdict.sites[0].key, "fast");
  EXPECT_EQ(verdict.sites[0].settled, 21);
  EXPECT_EQ(verdict.sites[0].growth_per_round, 4);
  EXPECT_FALSE(verdict.sites[0].proven);
  EXPECT_EQ(verdict.sites[1].key, "slow");
  EXPECT_EQ(verdict.sites[1].growth_per_round, 1);
  EXPECT_TRUE(verdict.sites[1].proven);
  EXPECT_EQ(verdict.sites[2].key, "left");
  EXPECT_EQ(verdict.sites[2].growth_per_round, 0);
}

TEST(Judge, PassesOverARoundWhoseSitesAreNotKnown) {
  RepetitionEvidence leak = growing_repetition(0, {10, 20, 30, 40, 50});
  for (RoundEvidence& round : leak.rounds) round.sites = {{"a", *round.live_tasks_settled}};
  leak.rounds[2].sites.clear();
  const Verdict verdict = judge(variant({leak}));
  ASSERT_EQ(verdict.sites.size(), 1U);
  EXPECT_EQ(verdict.sites[0].growth_per_round, 10);
}

TEST(Judge, IsInconclusiveWhenOneSiteGrowsUnderAFlatSum) {
  RepetitionEvidence hidden = growing_repetition(0, {50, 50, 50, 50, 50});
  for (int i = 0; i < 5; ++i) hidden.rounds[i].sites = {{"a", 10 + 3 * i}, {"b", 40 - 3 * i}};
  EXPECT_EQ(judge(variant({hidden})).verdict_class, VerdictClass::kInconclusive);
  EXPECT_TRUE(wants_another_round(hidden));
}

TEST(Judge, TakesMediansOfRepetitionsThatAgree) {
  const Verdict verdict = judge(variant({growing_repetition(0, {10, 20, 30, 40, 50}),
                                         growing_repetition(0, {30, 60, 90, 120, 150}),
                                         growing_repetition(0, {20, 40, 60, 80, 100})}));
  EXPECT_EQ(verdict.verdict_class, VerdictClass::kLeaking);
  EXPECT_EQ(verdict.growth_per_round, 20);
  EXPECT_NEAR(*verdict.leaked_tasks_per_request, 0.001, 1e-12);
}

TEST(WantsAnotherRound, WhenGrowthCannotBeToldFromAPoolThatFills) {
  EXPECT_TRUE(wants_another_round(growing_repetition(0, {300, 600, 900})));
  EXPECT_TRUE(wants_another_round(growing_repetition(0, {14, 28, 42, 56, 64})));
  EXPECT_TRUE(wants_another_round(growing_repetition(0, {14, 28, 42, 56, 64, 64})));
  EXPECT_TRUE(wants_another_round(growing_repetition(0, {100, 200, 0, 400, 500})));
  EXPECT_TRUE(wants_another_round(growing_repetition(0, {0, 0, 0, 0, 1})));
  EXPECT_TRUE(wants_another_round(growing_repetition(100, {10, 20, 30, 40, 50})));
}

TEST(WantsAnotherRound, WhenNoneMakesUpForALookThatCameLate) {
  RoundEvidence late = round_with(9, 0, 0);
  late.live_tasks_at_linger_check.reset();
  RepetitionEvidence looked_late = repetition(0, {late});
  EXPECT_TRUE(wants_another_round(looked_late));
  looked_late.rounds.push_back(round_with(9, 0, 0));
  EXPECT_FALSE(wants_another_round(looked_late));
  EXPECT_EQ(judge(variant({looked_late})).verdict_class, VerdictClass::kClean);
  looked_late.rounds.back().live_tasks_at_linger_check = 4;
  EXPECT_EQ(judge(variant({looked_late})).verdict_class, VerdictClass::kLingering);
  looked_late.rounds.push_back(late);
  EXPECT_TRUE(wants_another_round(looked_late));
  EXPECT_EQ(judge(variant({looked_late})).verdict_class, VerdictClass::kInconclusive);
}

TEST(WantsAnotherRound, NotOnceItIsClear) {
  EXPECT_FALSE(wants_another_round(growing_repetition(0, {20'000})));
  EXPECT_FALSE(wants_another_round(growing_repetition(0, {1, 2, 3, 4, 5})));
  EXPECT_FALSE(wants_another_round(growing_repetition(0, {14, 28, 42, 56, 64, 64, 64})));
  EXPECT_FALSE(wants_another_round(growing_repetition(0, {0, 0, 0, 0, 0})));
  RepetitionEvidence failed = growing_repetition(0, {14, 28, 42, 56, 64});
  failed.target_failed = true;
  EXPECT_FALSE(wants_another_round(failed));
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
