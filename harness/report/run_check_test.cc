#include "harness/report/run_check.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::sys_days kToday = 2026y / 11 / 27;

ArmSummary arm(const std::string& name, VerdictClass found, VerdictClass expected) {
  ArmSummary arm;
  arm.name = name;
  arm.repetitions.resize(3);
  arm.verdict = {{found, "The reason."}, expected};
  arm.medians[Metric::kLiveTasksSettled] = 0;
  return arm;
}

LeakSite leak(const std::string& function, std::int64_t settled) {
  LeakSite site;
  site.name = "work";
  site.function = function;
  site.file = "shop/main.go";
  site.line = 64;
  site.live = settled;
  site.settled = settled;
  site.waits_at = SourcePlace{"main.push", "shop/queue.go", 29};
  return site;
}

ArmSummary leaking_arm() {
  ArmSummary leaking = arm("mine", VerdictClass::kLeaking, VerdictClass::kClean);
  leaking.leak_sites = {leak("main.startMany", 400), leak("main.startOne", 100)};
  return leaking;
}

RecordedRun run_of(std::vector<ArmSummary> arms) {
  RecordedRun run;
  run.report.status = RunStatus::kComplete;
  run.summary.emplace().arms = std::move(arms);
  return run;
}

RecordedRun good_run() {
  return run_of({arm("without-context", VerdictClass::kLeaking, VerdictClass::kLeaking),
                 arm("with-context", VerdictClass::kClean, VerdictClass::kClean)});
}

// A repetition of leaking_arm() in which so many tasks were alive after each round.
RepetitionReport repetition(std::int64_t baseline, const std::vector<double>& settled) {
  RepetitionReport repetition;
  repetition.arm = "mine";
  repetition.live_tasks_baseline = baseline;
  for (const double tasks : settled) {
    repetition.rounds.emplace_back().metrics[Metric::kLiveTasksSettled] = tasks;
  }
  return repetition;
}

CheckResult check(const RecordedRun& run, const RunCheck& check = {},
                  const std::vector<RepetitionReport>& complete = {repetition(0, {500})}) {
  return check_run(run, complete, check, kToday, Colour::kNever);
}

RunCheck gates(const std::vector<const char*>& texts, bool strict = false) {
  RunCheck check;
  for (const char* text : texts) check.gates.push_back(parse_metric_gate(text));
  check.strict = strict;
  return check;
}

RunCheck with_baseline(Allowlist baseline) {
  RunCheck check;
  check.baseline = std::move(baseline);
  check.baseline->origin = "known.json";
  return check;
}

TEST(CheckRun, OfExpectedVerdictsIsGood) {
  const CheckResult result = check(good_run());
  EXPECT_EQ(result.code, ExitCode::kOk);
  EXPECT_EQ(result.text,
            "without-context: leaking, as expected. The reason.\n"
            "with-context: clean, as expected. The reason.\n");
}

TEST(CheckRun, OfAnotherVerdictNamesThePlaces) {
  const CheckResult result = check(run_of({leaking_arm()}));
  EXPECT_EQ(result.code, ExitCode::kUnexpectedVerdict);
  EXPECT_NE(result.text.find("mine: leaking, but clean was expected. The reason.\nmine: 400 left "
                             "over, started at shop/main.go:64"),
            std::string::npos)
      << result.text;
}

TEST(CheckRun, OfAnInconclusiveVerdictIsUnexpectedOrIfStrictInconclusive) {
  const RecordedRun run = run_of({arm("x", VerdictClass::kInconclusive, VerdictClass::kClean)});
  EXPECT_EQ(check(run).code, ExitCode::kUnexpectedVerdict);
  EXPECT_EQ(check(run, gates({}, true)).code, ExitCode::kInconclusive);
}

TEST(CheckRun, ComparesTheMediansOfEveryArmOrOne) {
  RecordedRun run = good_run();
  run.summary->arms[0].medians[Metric::kLiveTasksSettled] = 20'000;
  EXPECT_EQ(check(run, gates({"live_tasks_settled>0"})).code, ExitCode::kGateFailed);
  const CheckResult kept = check(run, gates({"with-context:live_tasks_settled>0"}));
  EXPECT_EQ(kept.code, ExitCode::kOk);
  EXPECT_NE(kept.text.find("kept: with-context: live_tasks_settled is 0 "
                           "(with-context:live_tasks_settled>0)\n"),
            std::string::npos)
      << kept.text;
  const CheckResult failed = check(run, gates({"without-context:live_tasks_settled>=20000"}));
  EXPECT_NE(failed.text.find("failed: without-context: live_tasks_settled is 20,000 ("),
            std::string::npos)
      << failed.text;
}

TEST(CheckRun, DoesNotTakeWhatWasNotMeasuredForKept) {
  const auto one = {"with-context:memory_peak_bytes>1GiB"};
  const CheckResult loose = check(good_run(), gates(one));
  EXPECT_EQ(loose.code, ExitCode::kOk);
  EXPECT_NE(loose.text.find("inconclusive: with-context: memory_peak_bytes was not measured"),
            std::string::npos);
  EXPECT_EQ(check(good_run(), gates(one, true)).code, ExitCode::kInconclusive);
}

TEST(CheckRun, RefusesABoundOnAnArmThatIsNotThere) {
  try {
    (void)check(good_run(), gates({"with-contxt:live_tasks_settled>0"}));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    EXPECT_NE(std::string(error.what()).find("did you mean \"with-context\"?"), std::string::npos);
  }
}

TEST(CheckRun, HasTheGravestExitCode) {
  RecordedRun run = run_of({leaking_arm()});
  const RunCheck failing = gates({"live_tasks_settled>=0", "cpu_percent>1"}, true);
  EXPECT_EQ(check(run, failing).code, ExitCode::kUnexpectedVerdict);
  run.summary->arms[0].verdict.expected = VerdictClass::kLeaking;
  EXPECT_EQ(check(run, failing).code, ExitCode::kGateFailed);
  run.report.status = RunStatus::kFailed;
  EXPECT_EQ(check(run, failing).code, ExitCode::kIncomplete);
  run.report.status = RunStatus::kComplete;
  run.summary->arms[0].repetitions.clear();
  EXPECT_EQ(check(run).code, ExitCode::kIncomplete);
}

TEST(CheckRun, SaysWhatIsMissingOfARunThatFailed) {
  RecordedRun run = good_run();
  run.report.status = RunStatus::kFailed;
  run.report.repetitions = {
      {1, 1, "with-context", RepetitionStatus::kComplete, "reps/001_with-context.json", {}},
      {2, 1, "without-context", RepetitionStatus::kFailed, {}, "the server exited with status 1"},
      {3, 2, "with-context", RepetitionStatus::kPlanned, {}, {}}};
  run.summary->arms[0].repetitions.clear();
  const CheckResult result = check(run);
  EXPECT_EQ(result.code, ExitCode::kIncomplete);
  EXPECT_EQ(result.text,
            "incomplete: the run is failed\n"
            "incomplete: repetition 2 (without-context) is failed: the server exited with status "
            "1\n"
            "incomplete: repetition 3 (with-context) is planned\n"
            "without-context: not measured, no repetition is complete\n"
            "with-context: clean, as expected. The reason.\n");
}

TEST(CheckRun, OfARunThatNeverEndedIsIncomplete) {
  RecordedRun run = good_run();
  run.folder = "results/run";
  run.report.status = RunStatus::kRunning;
  run.summary.reset();
  try {
    (void)check(run);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kIncomplete);
    EXPECT_STREQ(error.what(),
                 "results/run: the run is running and has no summary.json: nothing can be checked");
  }
}

TEST(CheckRun, OfAHarnessThatMissedAPlantedLeakIsUnexpected) {
  RecordedRun run = good_run();
  run.summary->control_failures = {"without-context leaks, and no place was found for it"};
  const CheckResult result = check(run, with_baseline({}));
  EXPECT_EQ(result.code, ExitCode::kUnexpectedVerdict);
  EXPECT_TRUE(result.text.ends_with(
      "\nharness broken: without-context leaks, and no place was found for it\n"))
      << result.text;
}

TEST(CheckRun, AcceptsPlacesOfTheBaselineAndFailsOnNewOnes) {
  RecordedRun run = run_of({leaking_arm()});
  const Allowlist baseline = baseline_of(*run.summary, kToday);
  const CheckResult known = check(run, with_baseline(baseline));
  EXPECT_EQ(known.code, ExitCode::kOk);
  EXPECT_NE(known.text.find("mine: accepted, since all of its places are in known.json\n"),
            std::string::npos)
      << known.text;

  run.summary->arms[0].leak_sites.push_back(leak("main.startNew", 1));
  EXPECT_EQ(check(run, with_baseline(baseline)).code, ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, RemarksOnEntriesOfTheBaselineThatFitNothing) {
  RecordedRun run = run_of({leaking_arm()});
  const Allowlist baseline = baseline_of(*run.summary, kToday);
  run.summary->arms[0].leak_sites.pop_back();
  const CheckResult result = check(run, with_baseline(baseline), {repetition(0, {400})});
  EXPECT_EQ(result.code, ExitCode::kOk);
  EXPECT_NE(
      result.text.find("note: known.json: entry 2 (started_at main.startOne, waits_at "
                       "main.push) fits no task here: remove it, unless it is for another arm "
                       "or service\n"),
      std::string::npos)
      << result.text;
}

TEST(CheckRun, AcceptsNoTasksThatNoPlaceIsKnownOf) {
  RecordedRun run = run_of({leaking_arm()});
  const RunCheck known = with_baseline(baseline_of(*run.summary, kToday));
  const CheckResult one_more = check(run, known, {repetition(0, {501})});
  EXPECT_EQ(one_more.code, ExitCode::kUnexpectedVerdict);
  EXPECT_NE(one_more.text.find("mine: not accepted: the accepted places hold 500 of 501 tasks\n"),
            std::string::npos)
      << one_more.text;
  run.summary->arms[0].leak_sites.clear();
  EXPECT_EQ(check(run, known, {repetition(0, {0})}).code, ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, CountsTheTasksOfTheIdleServerForNoLeak) {
  const RecordedRun run = run_of({leaking_arm()});
  const RunCheck known = with_baseline(baseline_of(*run.summary, kToday));
  EXPECT_EQ(check(run, known, {repetition(100, {600})}).code, ExitCode::kOk);
  EXPECT_EQ(check(run, known, {repetition(100, {601})}).code, ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, HoldsThePlacesAgainstTheLastRoundThatTheyAreOf) {
  const RecordedRun run = run_of({leaking_arm()});
  const RunCheck known = with_baseline(baseline_of(*run.summary, kToday));
  const std::vector<double> rounds = {100, 200, 300, 400, 500};
  EXPECT_EQ(check(run, known, {repetition(0, {9'000}), repetition(0, rounds)}).code, ExitCode::kOk);
  EXPECT_EQ(check(run, known, {repetition(0, rounds), repetition(0, {100, 501})}).code,
            ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, SaysHowManyTasksOfALeakTheBaselineAccepts) {
  RecordedRun run = run_of({leaking_arm()});
  Allowlist baseline = baseline_of(*run.summary, kToday);
  baseline.entries.pop_back();
  const CheckResult result = check(run, with_baseline(baseline));
  EXPECT_TRUE(
      result.text.ends_with("mine: not accepted: the accepted places hold 400 of 500 tasks\n"))
      << result.text;
  run.summary->arms[0].leak_sites.clear();
  const CheckResult unknown = check(run, with_baseline(baseline), {repetition(5, {5})});
  EXPECT_NE(unknown.text.find("mine: not accepted: where its tasks were started is not known\n"),
            std::string::npos)
      << unknown.text;
}

TEST(CheckRun, AcceptsTheRestOfALeakOfWhichTheRunHasAcceptedAPart) {
  RecordedRun run = run_of({leaking_arm()});
  run.summary->arms[0].leak_sites[0].allowed_because = "a cache";
  const RunCheck known = with_baseline(baseline_of(*run.summary, kToday));
  ASSERT_EQ(known.baseline->entries.size(), 1U);
  EXPECT_EQ(check(run, known).code, ExitCode::kOk);
  EXPECT_EQ(check(run, known, {repetition(0, {501})}).code, ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, TakesAnEntryThatTheRunHasAcceptedTasksByForFitting) {
  ArmSummary clean = arm("mine", VerdictClass::kClean, VerdictClass::kClean);
  clean.leak_sites = {leak("main.startMany", 400)};
  RecordedRun run = run_of({leaking_arm()});
  const RunCheck known = with_baseline(baseline_of(*run.summary, kToday));
  clean.leak_sites[0].allowed_because = known.baseline->entries[0].reason;
  const CheckResult result = check(run_of({clean}), known, {repetition(0, {400})});
  EXPECT_EQ(result.code, ExitCode::kOk);
  EXPECT_EQ(result.text.find("entry 1"), std::string::npos) << result.text;
  EXPECT_NE(result.text.find("entry 2"), std::string::npos) << result.text;
}

TEST(CheckRun, DoesNotExcuseAControlThatDoesNotLeak) {
  RecordedRun run = run_of({arm("leaky", VerdictClass::kClean, VerdictClass::kLeaking)});
  EXPECT_EQ(check(run, with_baseline({})).code, ExitCode::kUnexpectedVerdict);
}

TEST(BaselineOf, NamesEachPlaceOfAnUnexpectedArmOnce) {
  RecordedRun run = run_of({leaking_arm(), leaking_arm()});
  run.summary->arms[0].leak_sites.push_back(leak("main.gone", 0));
  run.summary->arms[0].leak_sites.push_back(leak("f", 3));
  run.summary->arms[1].name = "control";
  run.summary->arms[1].verdict.expected = VerdictClass::kLeaking;
  run.summary->arms[1].leak_sites = {leak("main.control", 7)};
  const Allowlist baseline = baseline_of(*run.summary, kToday);
  ASSERT_EQ(baseline.entries.size(), 3U);
  EXPECT_EQ(baseline.entries[0].started_at, "main.startMany");
  EXPECT_EQ(baseline.entries[0].waits_at, "main.push");
  EXPECT_EQ(baseline.entries[0].reason, "known since 2026-11-27");
  EXPECT_EQ(baseline.entries[0].most, std::nullopt);
  EXPECT_EQ(baseline.entries[2].started_at, "shop/main.go:64");
}

}  // namespace
}  // namespace leakbench
