#include "harness/report/run_check.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::sys_days kToday = 2026y / 11 / 27;

FinishedArm arm(const std::string& name, VerdictClass found, VerdictClass expected) {
  FinishedArm arm;
  arm.name = name;
  arm.repetitions = 3;
  arm.verdict = {{found, "The reason."}, expected};
  arm.medians[Metric::kLiveTasksSettled] = 0;
  arm.settled_at_sites = 0;
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

FinishedArm leaking_arm() {
  FinishedArm leaking = arm("mine", VerdictClass::kLeaking, VerdictClass::kClean);
  leaking.settled_at_sites = 500;
  leaking.leak_sites = {leak("main.startMany", 400), leak("main.startOne", 100)};
  return leaking;
}

FinishedRun run_of(std::vector<FinishedArm> arms) {
  FinishedRun run;
  run.complete = true;
  run.arms = std::move(arms);
  return run;
}

FinishedRun good_run() {
  return run_of({arm("without-context", VerdictClass::kLeaking, VerdictClass::kLeaking),
                 arm("with-context", VerdictClass::kClean, VerdictClass::kClean)});
}

CheckResult check(const FinishedRun& run, const RunCheck& check = {}) {
  return check_run(run, check, kToday, Colour::kNever);
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
  const FinishedRun run = run_of({arm("x", VerdictClass::kInconclusive, VerdictClass::kClean)});
  EXPECT_EQ(check(run).code, ExitCode::kUnexpectedVerdict);
  EXPECT_EQ(check(run, gates({}, true)).code, ExitCode::kInconclusive);
}

TEST(CheckRun, ComparesTheMediansOfEveryArmOrOne) {
  FinishedRun run = good_run();
  run.arms[0].medians[Metric::kLiveTasksSettled] = 20'000;
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
  FinishedRun run = run_of({leaking_arm()});
  const RunCheck failing = gates({"live_tasks_settled>=0", "cpu_percent>1"}, true);
  EXPECT_EQ(check(run, failing).code, ExitCode::kUnexpectedVerdict);
  run.arms[0].verdict.expected = VerdictClass::kLeaking;
  EXPECT_EQ(check(run, failing).code, ExitCode::kGateFailed);
  run.complete = false;
  run.problems = {"the run is failed"};
  const CheckResult incomplete = check(run, failing);
  EXPECT_EQ(incomplete.code, ExitCode::kIncomplete);
  EXPECT_TRUE(incomplete.text.starts_with("incomplete: the run is failed\n"));
  run.problems.clear();
  run.arms[0].repetitions = 0;
  EXPECT_EQ(check(run).code, ExitCode::kIncomplete);
}

TEST(CheckRun, AcceptsPlacesOfTheBaselineAndFailsOnNewOnes) {
  FinishedRun run = run_of({leaking_arm()});
  const Allowlist baseline = baseline_of(run, kToday);
  const CheckResult known = check(run, with_baseline(baseline));
  EXPECT_EQ(known.code, ExitCode::kOk);
  EXPECT_NE(known.text.find("mine: accepted, since all of its places are in known.json\n"),
            std::string::npos)
      << known.text;

  run.arms[0].leak_sites.push_back(leak("main.startNew", 1));
  EXPECT_EQ(check(run, with_baseline(baseline)).code, ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, RemarksOnEntriesOfTheBaselineThatFitNothing) {
  FinishedRun run = run_of({leaking_arm()});
  const Allowlist baseline = baseline_of(run, kToday);
  run.arms[0].leak_sites.pop_back();
  run.arms[0].settled_at_sites = 400;
  const CheckResult result = check(run, with_baseline(baseline));
  EXPECT_EQ(result.code, ExitCode::kOk);
  EXPECT_NE(result.text.find("note: known.json: entry 2 (started_at main.startOne, waits_at "
                             "main.push) fits no task any more: remove it\n"),
            std::string::npos)
      << result.text;
}

TEST(CheckRun, AcceptsNoTasksThatNoPlaceIsKnownOf) {
  FinishedRun run = run_of({leaking_arm()});
  const RunCheck known = with_baseline(baseline_of(run, kToday));
  run.arms[0].settled_at_sites = 501;
  EXPECT_EQ(check(run, known).code, ExitCode::kUnexpectedVerdict);
  run.arms[0].leak_sites.clear();
  run.arms[0].settled_at_sites = 0;
  EXPECT_EQ(check(run, known).code, ExitCode::kUnexpectedVerdict);
}

TEST(CheckRun, DoesNotExcuseAControlThatDoesNotLeak) {
  FinishedRun run = run_of({arm("leaky", VerdictClass::kClean, VerdictClass::kLeaking)});
  EXPECT_EQ(check(run, with_baseline({})).code, ExitCode::kUnexpectedVerdict);
}

TEST(BaselineOf, NamesEachPlaceOfAnUnexpectedArmOnce) {
  FinishedRun run = run_of({leaking_arm(), leaking_arm()});
  run.arms[0].leak_sites.push_back(leak("main.gone", 0));
  run.arms[0].leak_sites.push_back(leak("f", 3));
  run.arms[1].name = "control";
  run.arms[1].verdict.expected = VerdictClass::kLeaking;
  run.arms[1].leak_sites = {leak("main.control", 7)};
  const Allowlist baseline = baseline_of(run, kToday);
  ASSERT_EQ(baseline.entries.size(), 3U);
  EXPECT_EQ(baseline.entries[0].started_at, "main.startMany");
  EXPECT_EQ(baseline.entries[0].waits_at, "main.push");
  EXPECT_EQ(baseline.entries[0].reason, "known since 2026-11-27");
  EXPECT_EQ(baseline.entries[0].most, std::nullopt);
  EXPECT_EQ(baseline.entries[2].started_at, "shop/main.go:64");
}

}  // namespace
}  // namespace leakbench
