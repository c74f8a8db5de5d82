// The reason sentence of every class, as a person reads it.
#include <gtest/gtest.h>

#include "harness/verdict/judge.h"
#include "harness/verdict/test_evidence.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;
using test_evidence::growing_repetition;
using test_evidence::repetition;
using test_evidence::round_with;
using test_evidence::variant;

std::string reason_of(std::vector<RepetitionEvidence> repetitions) {
  return judge(variant(std::move(repetitions))).reason;
}

RoundEvidence drained_round(std::int64_t at_last_response, std::int64_t at_linger_check,
                            milliseconds drain_time) {
  RoundEvidence round = round_with(at_last_response, at_linger_check, 0);
  round.drained = true;
  round.drain_time = drain_time;
  return round;
}

TEST(ReasonSentence, OfACleanVariantSaysThatNothingWasAlive) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(0, 0, 0)})}),
            "No task was alive 1 s after the last response.");
  EXPECT_EQ(reason_of({repetition(3, {round_with(3, 3, 3)})}),
            "No task above the baseline of 3 was alive 1 s after the last response.");
}

TEST(ReasonSentence, OfACleanVariantNamesTheTasksThatWereJustEnding) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(12, 0, 0)})}),
            "12 tasks were alive at the last response and none 1 s later.");
  EXPECT_EQ(reason_of({repetition(0, {round_with(1, 0, 0)})}),
            "1 task was alive at the last response and none 1 s later.");
}

TEST(ReasonSentence, OfACleanVariantSpeaksOfEachRound) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(0, 0, 0), round_with(0, 0, 0)})}),
            "In each of 2 rounds no task was alive 1 s after the last response.");
  EXPECT_EQ(reason_of({repetition(0, {round_with(3, 0, 0), round_with(12, 0, 0)})}),
            "In each of 2 rounds at most 12 tasks were alive at the last response and none 1 s "
            "later.");
}

TEST(ReasonSentence, OfACleanVariantNamesAResidueThatDoesNotGrow) {
  EXPECT_EQ(reason_of({growing_repetition(0, {3, 3, 2})}),
            "At most 3 tasks outlived a settle window, and their number did not grow over 3 "
            "rounds.");
}

TEST(ReasonSentence, OfALingeringVariantSaysHowManyAndHowLong) {
  EXPECT_EQ(reason_of({repetition(0, {drained_round(20000, 19000, milliseconds(5104))})}),
            "20,000 tasks were alive at the last response; all had ended 5.1 s later.");
  EXPECT_EQ(reason_of({repetition(2, {drained_round(20002, 19000, milliseconds(5104))})}),
            "20,000 tasks above the baseline of 2 were alive at the last response; all had ended "
            "5.1 s later.");
}

TEST(ReasonSentence, OfALingeringVariantWithoutADrainTimeGivesTheBound) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(20000, 19000, 0)})}),
            "20,000 tasks were alive at the last response; all had ended within 7 s.");
}

TEST(ReasonSentence, OfALingeringVariantFallsBackToTheLingerCheck) {
  RoundEvidence round = drained_round(0, 19000, milliseconds(5104));
  round.live_tasks_at_last_response.reset();
  EXPECT_EQ(reason_of({repetition(0, {round})}),
            "19,000 tasks were alive 1 s after the last response; all had ended 5.1 s after it.");
  round.drain_time.reset();
  EXPECT_EQ(reason_of({repetition(0, {round})}),
            "19,000 tasks were alive 1 s after the last response; all had ended within 7 s of it.");
}

TEST(ReasonSentence, OfALingeringVariantSpeaksOfItsWorstRound) {
  EXPECT_EQ(reason_of({repetition(0, {drained_round(50, 20, milliseconds(2000)),
                                      drained_round(70, 60, milliseconds(3000))})}),
            "In the worst of 2 rounds 70 tasks were alive at the last response; all had ended 3 s "
            "later.");
}

TEST(ReasonSentence, OfALingeringVariantNamesAResidueToo) {
  EXPECT_EQ(reason_of({repetition(
                0, {round_with(900, 800, 3), round_with(900, 800, 3), round_with(900, 800, 3)})}),
            "In the worst of 3 rounds 900 tasks were alive at the last response; all but a residue "
            "of 3 that does not grow had ended within 7 s.");
}

TEST(ReasonSentence, OfALeakingVariantInOneRoundSaysWhatIsLeft) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(20000, 20000, 20000)})}),
            "20,000 tasks were still alive 7 s after the last response, when the settle window "
            "closed.");
  EXPECT_EQ(reason_of({repetition(4, {round_with(9, 8, 5)})}),
            "1 task above the baseline of 4 was still alive 7 s after the last response, when the "
            "settle window closed.");
}

TEST(ReasonSentence, OfALeakingVariantOverRoundsGivesTheGrowth) {
  EXPECT_EQ(reason_of({growing_repetition(0, {300, 600, 900})}),
            "Tasks alive when the settle window closed grew by 300 per round over 3 rounds, to 900 "
            "tasks.");
}

TEST(ReasonSentence, NamesHowTheTargetFailed) {
  RepetitionEvidence failed;
  failed.target_failed = true;
  EXPECT_EQ(reason_of({failed}), "The target failed.");
  failed.failure = "the server exited with status 1 during the load.\n";
  EXPECT_EQ(reason_of({failed}),
            "The target failed: the server exited with status 1 during the load.");
}

TEST(ReasonSentence, NamesTheRequestsThatWereNotAnswered) {
  RoundEvidence round = round_with(0, 0, 0);
  round.requests_answered = 0;
  EXPECT_EQ(reason_of({repetition(0, {round, round})}), "None of 40,000 requests was answered.");
  round.requests_sent.reset();
  EXPECT_EQ(reason_of({repetition(0, {round})}), "No request was answered.");
  round.requests_answered.reset();
  EXPECT_EQ(reason_of({repetition(0, {round})}),
            "It was not measured whether any request was answered.");
}

TEST(ReasonSentence, NamesTheCountThatWasNotMeasured) {
  RepetitionEvidence no_baseline = repetition(0, {round_with(9, 0, 0)});
  no_baseline.live_tasks_baseline.reset();
  EXPECT_EQ(reason_of({no_baseline}), "Live tasks were not measured before the load.");

  RoundEvidence no_linger_check = round_with(9, 0, 0);
  no_linger_check.live_tasks_at_linger_check.reset();
  EXPECT_EQ(reason_of({repetition(0, {round_with(9, 0, 0), no_linger_check})}),
            "Live tasks were not measured 1 s after the last response of round 2.");

  RoundEvidence not_settled = round_with(9, 0, 0);
  not_settled.live_tasks_settled.reset();
  EXPECT_EQ(reason_of({repetition(0, {not_settled})}),
            "Live tasks were not measured at the end of the settle window of round 1.");
}

TEST(ReasonSentence, SaysThatNothingWasRun) {
  EXPECT_EQ(reason_of({}), "No repetition was completed.");
  EXPECT_EQ(reason_of({repetition(0, {})}), "No round was completed.");
}

TEST(ReasonSentence, OfRepetitionsThatSayTheSameIsTheirSentence) {
  EXPECT_EQ(reason_of({repetition(0, {drained_round(20000, 1, milliseconds(5101))}),
                       repetition(0, {drained_round(20000, 2, milliseconds(5099))})}),
            "20,000 tasks were alive at the last response; all had ended 5.1 s later.");
}

TEST(ReasonSentence, OfRepetitionsThatDifferGivesMediansAndSaysSo) {
  EXPECT_EQ(reason_of({repetition(0, {drained_round(19990, 1, milliseconds(5300))}),
                       repetition(0, {drained_round(20000, 2, milliseconds(5100))}),
                       repetition(0, {drained_round(19997, 3, milliseconds(4900))})}),
            "19,997 tasks were alive at the last response; all had ended 5.1 s later (medians of 3 "
            "repetitions).");
  EXPECT_EQ(
      reason_of({growing_repetition(0, {300, 600, 900}), growing_repetition(0, {100, 200, 300})}),
      "Tasks alive when the settle window closed grew by 200 per round over 3 rounds, to 600 "
      "tasks (medians of 2 repetitions).");
}

TEST(ReasonSentence, OfRepetitionsThatDisagreeNamesTheCounts) {
  const auto clean = repetition(0, {round_with(9, 0, 0)});
  const auto lingering = repetition(0, {round_with(9, 5, 0)});
  EXPECT_EQ(reason_of({clean, lingering, clean}),
            "The repetitions disagree: 2 clean, 1 lingering.");
  EXPECT_EQ(reason_of({clean, repetition(0, {})}),
            "The repetitions disagree: 1 clean, 1 inconclusive.");
}

TEST(ReasonSentence, OfRepetitionsAllInconclusiveIsTheFirstOne) {
  RepetitionEvidence failed;
  failed.target_failed = true;
  EXPECT_EQ(reason_of({failed, repetition(0, {})}), "The target failed.");
}

}  // namespace
}  // namespace leakbench
