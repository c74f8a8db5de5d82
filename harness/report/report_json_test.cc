// The report files, compared as a whole with the ones in testdata/.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/report/sample_reports.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

using nlohmann::json;

std::string golden(const std::string& name) {
  return test_files::read_file(std::filesystem::path(LEAKBENCH_REPORT_TESTDATA) / name);
}

TEST(ReportJson, OfARunIsThisFile) { EXPECT_EQ(to_json(sample::run()), golden("run.json")); }

TEST(ReportJson, OfARunThatFailedIsThisFile) {
  RunReport run = sample::run();
  run.status = RunStatus::kFailed;
  run.repetitions[1].status = RepetitionStatus::kFailed;
  run.repetitions[1].file.reset();
  run.repetitions[1].error = "the server exited with status 1";
  EXPECT_EQ(to_json(run), golden("run_failed.json"));
}

TEST(ReportJson, OfARepetitionIsThisFile) {
  EXPECT_EQ(to_json(sample::repetition(1, "with-context")), golden("repetition.json"));
}

TEST(ReportJson, OfARepetitionThatMeasuredNothingIsThisFile) {
  EXPECT_EQ(to_json(sample::failed_repetition(2, "without-context")),
            golden("repetition_failed.json"));
}

TEST(ReportJson, OfASummaryIsThisFile) {
  EXPECT_EQ(to_json(sample::summary()), golden("summary.json"));
}

TEST(ReportJson, OfARunOnAMachineThatTellsNothingHasNulls) {
  RunReport run = sample::run();
  run.finished_utc.reset();
  run.environment = Environment();
  const json parsed = json::parse(to_json(run));
  EXPECT_TRUE(parsed.at("finished_utc").is_null());
  const json& environment = parsed.at("environment");
  for (const char* key :
       {"cpu_model", "cores_online", "kernel", "memory_total_bytes", "git_commit", "git_dirty",
        "nofile_soft", "nofile_hard", "somaxconn", "port_range", "load_average_1m"}) {
    EXPECT_TRUE(environment.at(key).is_null()) << key;
  }
  EXPECT_EQ(environment.at("cores_allowed"), json::array());
}

TEST(ReportJson, WritesNullForWhatIsNotFinite) {
  RepetitionReport report = sample::repetition(1, "with-context");
  report.metrics[Metric::kThroughputRps] = std::nan("");
  report.metrics[Metric::kCpuPercent] = std::numeric_limits<double>::infinity();
  report.metrics[Metric::kMemoryPeakBytes] = -std::numeric_limits<double>::infinity();
  const json metrics = json::parse(to_json(report)).at("metrics");
  EXPECT_TRUE(metrics.at("throughput_rps").is_null());
  EXPECT_TRUE(metrics.at("cpu_percent").is_null());
  EXPECT_TRUE(metrics.at("memory_peak_bytes").is_null());
}

TEST(ReportJson, WritesWholeNumbersWithoutAFraction) {
  RepetitionReport report = sample::repetition(1, "with-context");
  report.metrics[Metric::kLiveTasksAfter] = 20000;
  report.metrics[Metric::kLiveTasksSettled] = 0.5;  // the median of two rounds
  report.metrics[Metric::kDrainTimeNs] = 1234.5;    // but nanoseconds are whole
  report.metrics[Metric::kMemoryPeakBytes] = 1e15;
  const json metrics = json::parse(to_json(report)).at("metrics");
  EXPECT_EQ(metrics.at("live_tasks_after").dump(), "20000");
  EXPECT_EQ(metrics.at("live_tasks_settled").dump(), "0.5");
  EXPECT_EQ(metrics.at("drain_time_ns").dump(), "1235");
  EXPECT_EQ(metrics.at("memory_peak_bytes").dump(), "1000000000000000");
}

TEST(ReportJson, KeepsASeedThatNeedsAll64Bits) {
  RunReport run = sample::run();
  run.seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(json::parse(to_json(run)).at("seed").get<std::uint64_t>(), run.seed);
}

TEST(ReportJson, SurvivesAnArgumentThatIsNotUtf8) {
  RunReport run = sample::run();
  run.argv = {"leakbench", "run", "--out", "caf\xe9"};
  EXPECT_EQ(json::parse(to_json(run)).at("argv").at(3), "caf\xef\xbf\xbd");
}

TEST(ReportJson, SortsLeakSitesAndTheirWaitsMostFirst) {
  RepetitionReport report = sample::repetition(1, "with-context");
  report.leak_sites = {{"few", "a.cc", 1, "f", 2, {}},
                       {"none", "a.cc", 2, "g", 0, {}},
                       {"many", "a.cc", 3, "h", 9, {{"io", 2}, {"select", 0}, {"timer", 7}}}};
  const auto sites = nlohmann::ordered_json::parse(to_json(report)).at("leak_sites");
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[0].at("name"), "many");
  EXPECT_EQ(sites[0].at("waits").dump(), R"({"timer":7,"io":2})");
  EXPECT_EQ(sites[1].at("name"), "few");
  EXPECT_EQ(sites[1].at("waits").dump(), "{}");
}

TEST(ReportJson, HasAllThatIsKnownOfALeakSite) {
  RepetitionReport report = sample::repetition(1, "with-context");
  LeakSite site;
  site.name = "main.startMany";
  site.process = "payment";
  site.settled = 500;
  site.growth_per_round = 99.5;
  site.waits_at = SourcePlace{"main.push", "shop/queue.go", 29};
  site.longest_wait_ns = 12'300'000'000;
  site.bytes = 4096;
  site.proven = true;
  site.example = {"main.push shop/queue.go:29", "main.startMany.func1 shop/main.go:64"};
  site.allowed_because = "known since 2026-11-01";
  report.leak_sites = {site};
  EXPECT_EQ(
      nlohmann::ordered_json::parse(to_json(report)).at("leak_sites").dump(),
      R"([{"name":"main.startMany","file":"","line":0,"function":"","live":0,"waits":{},)"
      R"("process":"payment","settled":500,"growth_per_round":99.5,"waits_at":{"function":)"
      R"("main.push","file":"shop/queue.go","line":29},"longest_wait_ns":12300000000,"bytes":4096,)"
      R"("proven":true,"example":["main.push shop/queue.go:29",)"
      R"("main.startMany.func1 shop/main.go:64"],"allowed_because":"known since 2026-11-01"}])");
}

TEST(ReportJson, SortsLeakSitesByGrowthBeforeTasks) {
  RepetitionReport report = sample::repetition(1, "with-context");
  report.leak_sites = {{"many", "a.cc", 1, "f", 9, {}}, {"grows", "a.cc", 2, "g", 1, {}}};
  report.leak_sites[1].growth_per_round = 0.5;
  const json sites = json::parse(to_json(report)).at("leak_sites");
  EXPECT_EQ(sites.at(0).at("name"), "grows");
}

TEST(ReportJson, HasTheNumbersOfAVerdict) {
  RepetitionReport report = sample::repetition(1, "with-context");
  Verdict& verdict = report.verdict.verdict;
  verdict.strength = EvidenceStrength::kGrowing;
  verdict.growth_per_round = 100;
  verdict.growth_per_round_lower_bound = 99.5;
  verdict.growth_p = 0.25;
  verdict.leaked_tasks_per_request = 0.005;
  verdict.bytes_per_leaked_task = 4096;
  verdict.smallest_visible_rate = 0.0001;
  const json written = json::parse(to_json(report)).at("verdict");
  EXPECT_EQ(written.at("strength"), "growing");
  EXPECT_EQ(written.at("growth_per_round"), 100);
  EXPECT_EQ(written.at("growth_per_round_lower_bound"), 99.5);
  EXPECT_EQ(written.at("growth_p"), 0.25);
  EXPECT_EQ(written.at("leaked_tasks_per_request"), 0.005);
  EXPECT_EQ(written.at("bytes_per_leaked_task"), 4096);
  EXPECT_EQ(written.at("smallest_visible_rate"), 0.0001);
}

TEST(ReportJson, TellsATargetThatWasStoppedByForceFromOneThatEndedByItself) {
  RepetitionReport report = sample::repetition(1, "with-context");
  report.target.exit_code.reset();
  report.target.exit_signal = 9;
  report.target.stopped = StopKind::kByForce;
  const json forced = json::parse(to_json(report)).at("target");
  EXPECT_TRUE(forced.at("exit_code").is_null());
  EXPECT_EQ(forced.at("exit_signal"), 9);
  EXPECT_EQ(forced.at("stopped"), "by-force");
  report.target.stopped.reset();
  EXPECT_TRUE(json::parse(to_json(report)).at("target").at("stopped").is_null());
}

}  // namespace
}  // namespace leakbench
