// Reports of an imagined run, for the tests of this folder.
#ifndef LEAKBENCH_HARNESS_REPORT_SAMPLE_REPORTS_H_
#define LEAKBENCH_HARNESS_REPORT_SAMPLE_REPORTS_H_

#include <string>
#include <vector>

#include "harness/report/repetition_report.h"
#include "harness/report/run_report.h"
#include "harness/report/summary.h"

namespace leakbench::sample {

inline const OptionList kOptions = {
    {"job-duration", "5s"}, {"step", "100ms"}, {"step-work", "1"}, {"payload", "4096"}};

inline std::vector<ProfileReport> profiles() {
  ProfileReport cpu{3, "without-context", ProfileKind::kCpu, RepetitionStatus::kComplete, {}, {}};
  cpu.profiles = {{ProfileMoment::kRound,
                   "profiles/003_without-context.cpu.prof",
                   "profiles/003_without-context.cpu.txt",
                   FunctionProfile{100'000'000,
                                   {{"crunch (inline)", 72'000'000, 72'000'000},
                                    {"expensive_work", 0, 76'000'000}}},
                   {}}};
  ProfileReport heap{4, "without-context", ProfileKind::kHeap, RepetitionStatus::kComplete, {}, {}};
  heap.profiles = {{ProfileMoment::kLastResponse,
                    "profiles/004_without-context.after.heap.prof",
                    {},
                    {},
                    "google-pprof is not installed"}};
  return {cpu, heap};
}

inline RunReport run() {
  RunReport run;
  run.id = "orphaned-task-20261122T200000Z-1a2b3c";
  run.tool_version = "0.1.0";
  run.started_utc = "2026-11-22T20:00:00Z";
  run.finished_utc = "2026-11-22T20:01:30Z";
  run.status = RunStatus::kComplete;
  run.argv = {"leakbench", "run", "orphaned-task"};
  run.seed = 42;
  run.scenario = {"orphaned-task", "The handler starts background work and answers",
                  "scenarios/orphaned-task/scenario.json"};
  run.plan.blocks = 1;
  run.plan.connections = 10000;
  run.plan.requests = 20000;
  run.plan.warmup_requests = 1000;
  run.plan.settle_ns = 7'000'000'000;
  run.plan.drain_limit_ns = 10'000'000'000;
  run.plan.linger_after_ns = 1'000'000'000;
  run.plan.sample_interval_ns = 50'000'000;
  run.plan.variants = {{"without-context", VerdictClass::kLingering, kOptions, "without-context"},
                       {"with-context", VerdictClass::kClean, kOptions, "with-context"}};
  for (PlannedVariant& variant : run.plan.variants) variant.manifest = run.scenario.manifest;
  run.plan.order = {{"with-context", "without-context"}};
  run.repetitions = {
      {1, 1, "with-context", RepetitionStatus::kComplete, "reps/001_with-context.json", {}},
      {2, 1, "without-context", RepetitionStatus::kComplete, "reps/002_without-context.json", {}}};
  run.profiles = profiles();
  run.environment.cpu_model = "AMD EPYC";
  run.environment.cores_online = 2;
  run.environment.cores_allowed = {0, 1};
  run.environment.kernel = "Linux 6.1.0";
  run.environment.memory_total_bytes = 8'589'934'592;
  run.environment.build = {"g++ 12.2.0", "Release",  "-O3 -DNDEBUG",
                           "",           "tcmalloc", "0123456789abcdef0123456789abcdef01234567",
                           false};
  run.environment.nofile_soft = 20000;
  run.environment.nofile_hard = 20000;
  run.environment.somaxconn = 4096;
  run.environment.port_range = PortRange{32768, 60999};
  run.environment.load_average_1m = 0.5;
  run.warnings = {{"somaxconn", "net.core.somaxconn is 4,096"}};
  return run;
}

inline MetricSet metrics_without_context() {
  MetricSet metrics;
  metrics[Metric::kResponseTimeMeanNs] = 1'934'000'000.5;
  metrics[Metric::kResponseTimeP99Ns] = 3'210'000'000;
  metrics[Metric::kMemoryPeakBytes] = 134'217'728;
  metrics[Metric::kLiveTasksAfter] = 19'990;
  metrics[Metric::kLiveTasksSettled] = 0;
  metrics[Metric::kDrainTimeNs] = 5'104'000'000;
  metrics[Metric::kCpuPercent] = 45.25;
  metrics[Metric::kCpuNsPerRequest] = 61'500;
  metrics[Metric::kPauseP99Ns] = 4'900'000;
  return metrics;
}

inline MetricSet metrics_with_context() {
  MetricSet metrics;
  metrics[Metric::kResponseTimeMeanNs] = 1'431'000'000;
  metrics[Metric::kResponseTimeP99Ns] = 2'110'000'000;
  metrics[Metric::kMemoryPeakBytes] = 65'326'285;
  metrics[Metric::kLiveTasksAfter] = 12;
  metrics[Metric::kLiveTasksSettled] = 0;
  metrics[Metric::kCpuPercent] = 32;
  metrics[Metric::kCpuNsPerRequest] = 40'100;
  return metrics;
}

// Complete, of one round.
inline RepetitionReport repetition(int index, const std::string& arm) {
  const bool without = arm == kWithoutContext;
  RepetitionReport report;
  report.run_id = "orphaned-task-20261122T200000Z-1a2b3c";
  report.index = index;
  report.block = 1;
  report.arm = arm;
  report.variant = arm;
  report.started_utc = "2026-11-22T20:00:10Z";
  report.duration_ns = 12'500'000'000;
  report.target.command = {"bin/leakbench-server", "orphaned-task", "--variant", arm};
  report.target.pid = 123;
  report.target.cores = {0};
  report.target.generator_cores = {1};
  report.target.exit_code = 0;
  report.target.stopped = StopKind::kGracefully;
  report.target.options = kOptions;
  report.load.connections = {10000, 10000, 10000};
  report.load.requests.sent = 20000;
  report.load.requests.ok = 20000;
  report.load.connect_times = ConnectTimes{210'000, 1'900'000, 8'100'000};
  report.load.generator_cpu_ns = 900'000'000;
  report.load.generator_memory_peak_bytes = 50'331'648;
  report.phases = {{"warm-up", 0, 50'000'000, 300'000'000},
                   {"connect", 1, 300'000'000, 1'300'000'000},
                   {"load", 1, 1'300'000'000, 3'300'000'000},
                   {"drain", 1, 3'300'000'000, 8'404'000'000},
                   {"settle", 1, 8'404'000'000, 10'300'000'000}};
  report.metrics = without ? metrics_without_context() : metrics_with_context();
  report.rounds = {{1, report.metrics, true, {}}};
  report.rounds[0].pauses.scheduler = HeartbeatReport{
      1'520, 310'000, 4'900'000, 12'000'000, {{50, 310'000}, {99, 4'900'000}, {99.9, 11'000'000}}};
  report.rounds[0].pauses.os_thread = HeartbeatReport{1'519, 66'000, 180'000, 3'100'000};
  report.live_tasks_baseline = 0;
  report.response_time = {20000,
                          {{50, 1'400'000'000}, {99, 2'110'000'000}, {99.99, 2'210'000'000}}};
  const std::int64_t live = without ? 19'990 : 12;
  report.leak_sites = {{"idle", "runtime/a.cc", 7, "a", 0, {}},
                       {"audit",
                        "scenarios/orphaned-task/server.cc",
                        60,
                        "audit",
                        live - 10,
                        {{"timer", live - 10}}},
                       {"expensive_work",
                        "scenarios/orphaned-task/server.cc",
                        41,
                        "expensive_work",
                        10,
                        {{"io", 0}, {"runnable", 2}, {"timer", 8}}}};
  report.samples_file =
      without ? "samples/002_without-context.csv" : "samples/001_with-context.csv";

  RoundEvidence round;
  round.live_tasks_at_last_response = live;
  round.live_tasks_at_linger_check = without ? live : 0;
  round.live_tasks_settled = 0;
  round.drained = true;
  if (without) round.drain_time = std::chrono::milliseconds(5104);
  round.requests_sent = 20000;
  round.requests_answered = 20000;
  report.evidence.live_tasks_baseline = 0;
  report.evidence.rounds = {round};
  report.verdict.expected = without ? VerdictClass::kLingering : VerdictClass::kClean;
  report.verdict.verdict = {report.verdict.expected,
                            without ? "19,990 tasks were alive." : "No task was alive."};
  return report;
}

// Started, and then the target failed: next to nothing is known.
inline RepetitionReport failed_repetition(int index, const std::string& arm) {
  RepetitionReport report;
  report.run_id = "orphaned-task-20261122T200000Z-1a2b3c";
  report.index = index;
  report.arm = arm;
  report.variant = arm;
  report.status = RepetitionStatus::kFailed;
  report.started_utc = "2026-11-22T20:00:10Z";
  report.target.command = {"bin/leakbench-server"};
  report.target.exit_signal = 9;
  report.verdict.verdict.reason = "The target failed.";
  return report;
}

inline std::vector<PublishedComparison> published() {
  return {{Metric::kResponseTimeMeanNs, 1.9e9, 1.4e9, -26, "1.9 s -> 1.4 s (-26 %)"},
          {Metric::kMemoryPeakBytes, 120e6, 78e6, -35, "120 MB -> 78 MB (-35 %)"},
          {Metric::kLiveTasksAfter, 1220, 64, -95, "1,220 -> 64 (-95 %)"},
          {Metric::kCpuPercent, 45, 32, -29, "45 % -> 32 % (-29 %)"},
          {Metric::kPauseP99Ns, 12e6, 6e6, -50, "GC pause 12 ms -> 6 ms (-50 %)"}};
}

inline const std::string kHeadline = "10,000 concurrent requests, each starts one 5 s task";

inline Summary summary() {
  return summarise(run(), {repetition(1, "with-context"), repetition(2, "without-context")},
                   kHeadline, published());
}

}  // namespace leakbench::sample

#endif  // LEAKBENCH_HARNESS_REPORT_SAMPLE_REPORTS_H_
