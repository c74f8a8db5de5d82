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
            "No task was alive 1 s after the last response; 1 leaked task in 20,000 requests would "
            "have shown.");
  EXPECT_EQ(reason_of({repetition(3, {round_with(3, 3, 3)})}),
            "No task above the baseline of 3 was alive 1 s after the last response; 1 leaked task "
            "in 20,000 requests would have shown.");
  RoundEvidence uncounted = round_with(0, 0, 0);
  uncounted.requests_sent.reset();
  EXPECT_EQ(reason_of({repetition(0, {uncounted})}),
            "No task was alive 1 s after the last response; 1 leaked task in 20,000 requests would "
            "have shown.");
}

TEST(ReasonSentence, OfACleanVariantNamesTheTasksThatWereJustEnding) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(12, 0, 0)})}),
            "12 tasks were alive at the last response and none 1 s later; 1 leaked task in 20,000 "
            "requests would have shown.");
  EXPECT_EQ(reason_of({repetition(0, {round_with(1, 0, 0)})}),
            "1 task was alive at the last response and none 1 s later; 1 leaked task in 20,000 "
            "requests would have shown.");
}

TEST(ReasonSentence, OfACleanVariantSpeaksOfEachRound) {
  EXPECT_EQ(reason_of({repetition(0, {round_with(0, 0, 0), round_with(0, 0, 0)})}),
            "In each of 2 rounds no task was alive 1 s after the last response; 1 leaked task in "
            "40,000 requests would have shown.");
  EXPECT_EQ(reason_of({repetition(0, {round_with(3, 0, 0), round_with(12, 0, 0)})}),
            "In each of 2 rounds at most 12 tasks were alive at the last response and none 1 s "
            "later; 1 leaked task in 40,000 requests would have shown.");
}

TEST(ReasonSentence, OfACleanVariantNamesAResidueThatDoesNotGrow) {
  EXPECT_EQ(reason_of({growing_repetition(0, {3, 3, 2})}),
            "At most 3 tasks outlived a settle window, and their number did not grow over 3 "
            "rounds; 1 leaked task in 20,000 requests would have shown.");
  EXPECT_EQ(reason_of({growing_repetition(0, {14, 28, 42, 56, 64, 64, 64})}),
            "At most 64 tasks outlived a settle window, and their number did not go on growing "
            "over 7 rounds; 1 leaked task in 20,000 requests would have shown.");
}

RoundEvidence accepting(RoundEvidence round, std::int64_t tasks) {
  round.accepted = tasks;
  return round;
}

TEST(ReasonSentence, OfACleanVariantDoesNotDenyTheTasksThatAreAccepted) {
  EXPECT_EQ(reason_of({repetition(0, {accepting(round_with(0, 0, 0), 2500)})}),
            "No task but the 2,500 that are accepted was alive 1 s after the last response; 1 "
            "leaked task in 20,000 requests would have shown.");
  EXPECT_EQ(reason_of({repetition(3, {accepting(round_with(3, 3, 3), 1)})}),
            "No task above the baseline of 3 but the 1 that is accepted was alive 1 s after the "
            "last response; 1 leaked task in 20,000 requests would have shown.");
  EXPECT_EQ(reason_of({repetition(
                0, {accepting(round_with(0, 0, 0), 500), accepting(round_with(0, 0, 0), 1000)})}),
            "In each of 2 rounds no task but accepted ones (1,000 in the last) was alive 1 s after "
            "the last response; 1 leaked task in 40,000 requests would have shown.");
}

TEST(ReasonSentence, OfAnyOtherCountSaysThatAcceptedTasksAreNotInIt) {
  EXPECT_EQ(reason_of({repetition(0, {accepting(round_with(12, 0, 0), 5)})}),
            "12 tasks were alive at the last response and none 1 s later; 1 leaked task in 20,000 "
            "requests would have shown; 5 tasks that are accepted are not counted.");
  EXPECT_EQ(reason_of({repetition(0, {accepting(round_with(20, 20, 20), 1)})}),
            "20 tasks were still alive 7 s after the last response, when the settle window closed; "
            "that is 1 task per 1,000 requests; this is suspected only, as growth takes 5 rounds "
            "to show; 1 task that is accepted is not counted.");
}

TEST(ReasonSentence, OfSeveralRepetitionsTakesTheAcceptedTasksInTheMiddle) {
  const auto of = [](std::int64_t accepted) {
    return repetition(0, {accepting(round_with(0, 0, 0), accepted)});
  };
  EXPECT_EQ(reason_of({of(10), of(12), of(90)}),
            "No task but the 12 that are accepted was alive 1 s after the last response; 1 leaked "
            "task in 20,000 requests would have shown (medians of 3 repetitions).");
}

TEST(ReasonSentence, OfALingeringVariantSaysHowManyAndHowLong) {
  EXPECT_EQ(reason_of({repetition(0, {drained_round(20000, 19000, milliseconds(5104))})}),
            "20,000 tasks were alive at the last response; all had ended 5.1 s later.");
  RoundEvidence above_baseline = drained_round(20002, 19002, milliseconds(5104));
  above_baseline.live_tasks_settled = 2;
  EXPECT_EQ(reason_of({repetition(2, {above_baseline})}),
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
            "closed; that is 1,000 tasks per 1,000 requests; this is suspected only, as growth "
            "takes 5 rounds to show.");
  EXPECT_EQ(reason_of({repetition(4, {round_with(9, 8, 5)})}),
            "1 task above the baseline of 4 was still alive 7 s after the last response, when the "
            "settle window closed; that is 0.05 tasks per 1,000 requests; this is suspected only, "
            "as growth takes 5 rounds to show.");
}

TEST(ReasonSentence, OfALeakingVariantOverRoundsGivesTheGrowth) {
  EXPECT_EQ(reason_of({growing_repetition(0, {300, 600, 900})}),
            "Tasks alive when the settle window closed grew by 300 per round over 3 rounds, to 900 "
            "tasks; that is 15 tasks per 1,000 requests; this is suspected only, as growth takes 5 "
            "rounds to show.");
  EXPECT_EQ(reason_of({growing_repetition(3, {303, 613, 903, 1203, 1503})}),
            "Tasks alive when the settle window closed grew by 300 per round (with 95 % confidence "
            "by 295 or more) over 5 rounds, to 1,500 tasks above the baseline of 3; that is 15 "
            "tasks per 1,000 requests.");
}

TEST(ReasonSentence, OfALeakingVariantSaysWhatEachTaskHolds) {
  RepetitionEvidence leak = growing_repetition(0, {20, 40, 60, 80, 100});
  for (RoundEvidence& round : leak.rounds) {
    round.heap_in_use_settled = 1'000'000 + 4096 * *round.live_tasks_settled;
  }
  EXPECT_EQ(reason_of({leak}),
            "Tasks alive when the settle window closed grew by 20 per round (with 95 % confidence "
            "by 20 or more) over 5 rounds, to 100 tasks; that is 1 task per 1,000 requests, of 4 "
            "KiB each.");
}

TEST(ReasonSentence, OfAProvenLeakSaysWhoHasProvenIt) {
  RepetitionEvidence leak = growing_repetition(0, {7});
  leak.rounds[0].sites = {{"a", 5, true}, {"b", 2, false}};
  EXPECT_EQ(reason_of({leak}),
            "7 tasks were still alive 7 s after the last response, when the settle window closed; "
            "that is 0.35 tasks per 1,000 requests; of 5 tasks the target has proven that nothing "
            "can ever wake them.");
}

TEST(ReasonSentence, WarnsWhenCountsFellBelowTheBaseline) {
  EXPECT_EQ(reason_of({growing_repetition(9, {2, 2, 2, 2, 2})}),
            "In each of 5 rounds no task above the baseline of 9 was alive 1 s after the last "
            "response; 1 leaked task in 20,000 requests would have shown; counts fell below the "
            "baseline of 9, which was thus too high.");
}

TEST(ReasonSentence, OfGrowthThatMayBeAPoolAsksForMoreRounds) {
  EXPECT_EQ(
      reason_of({growing_repetition(0, {14, 28, 42, 56, 64, 64})}),
      "Tasks alive when the settle window closed grew to 64 above the baseline over 6 rounds, "
      "too little, too unevenly or too slowly at the end to tell a leak from a pool that "
      "fills; more rounds tell.");
  EXPECT_EQ(reason_of({growing_repetition(100, {10, 20, 30, 40, 50})}),
            "Tasks alive when the settle window closed grew by 10 per round over 5 rounds, but are "
            "not above the baseline of 100 yet; more rounds tell.");
}

TEST(ReasonSentence, SaysThatOnePlaceGrowsWhileTheSumDoesNot) {
  RepetitionEvidence hidden = growing_repetition(0, {50, 50, 50, 50, 50});
  for (int i = 0; i < 5; ++i) hidden.rounds[i].sites = {{"a", 10 + 3 * i}, {"b", 40 - 3 * i}};
  EXPECT_EQ(reason_of({hidden}),
            "Live tasks did not grow in all over 5 rounds, but those of one place grew by 3 per "
            "round while others became fewer; more rounds tell.");
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
  EXPECT_EQ(reason_of({no_baseline}),
            "Nothing counted the live tasks before the load: the metrics source is none, or did "
            "not answer.");

  RoundEvidence no_linger_check = round_with(9, 0, 0);
  no_linger_check.live_tasks_at_linger_check.reset();
  EXPECT_EQ(reason_of({repetition(0, {round_with(9, 0, 0), no_linger_check, no_linger_check})}),
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
      "tasks; that is 10 tasks per 1,000 requests; this is suspected only, as growth takes 5 "
      "rounds to show (medians of 2 repetitions).");
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
