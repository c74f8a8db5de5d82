// reps/NNN_ARM.json: one fresh target, its load and everything measured. Plain data that the runner
// fills. Times on the timeline are nanoseconds since the sampler started; nullopt is not measured.
#ifndef LEAKBENCH_HARNESS_REPORT_REPETITION_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_REPETITION_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/counter_report.h"
#include "harness/report/leak_site.h"
#include "harness/report/load_counts.h"
#include "harness/report/metric_set.h"
#include "harness/report/option_list.h"
#include "harness/report/percentile_point.h"
#include "harness/report/status.h"
#include "harness/report/verdict_report.h"
#include "harness/verdict/evidence.h"

namespace leakbench {

enum class StopKind { kGracefully, kByForce };

struct TargetReport {
  std::vector<std::string> command;
  std::optional<std::int64_t> pid;  // nullopt: it did not start
  std::vector<int> cores;           // empty: not bound
  std::vector<int> generator_cores;
  std::optional<int> exit_code;  // nullopt: a signal ended it, or it was not seen to end
  std::optional<int> exit_signal;
  std::optional<StopKind> stopped;  // nullopt: it ended by itself
  OptionList options;
};

struct ConnectTimes {
  double p50_ns = 0;
  double p99_ns = 0;
  double max_ns = 0;
};

struct LoadSummary {
  std::string model = "burst";
  ConnectionCounts connections;
  RequestCounts requests;
  std::optional<ConnectTimes> connect_times;
  std::optional<std::int64_t> generator_cpu_ns;
  std::optional<std::int64_t> generator_memory_peak_bytes;
};

struct PhaseReport {
  std::string name;  // "warm-up", "connect", "load", "drain", "settle"
  int round = 0;     // 0 for the warm-up
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
};

// One process of a target of several, at the end of the last round.
struct ProcessReport {
  std::string name;  // a service's of the manifest; the target's own is "main"
  std::optional<std::int64_t> pid;
  std::optional<std::int64_t> live_tasks_after;  // at the last response
  std::optional<std::int64_t> live_tasks_settled;
  std::optional<std::int64_t> memory_peak_bytes;  // over the round
  std::optional<std::int64_t> cpu_ns;             // of the round
};

// How late the beats of a 1 ms heartbeat came.
struct HeartbeatReport {
  std::int64_t count = 0;
  std::int64_t p50_ns = 0;
  std::int64_t p99_ns = 0;
  std::int64_t max_ns = 0;
  // Ascending, as far as at least one beat lies beyond: what one long pause does to many beats is
  // not chance.
  std::vector<PercentilePoint> percentiles = {};
};

// Of one load window, side by side. They are not to be subtracted: percentiles cannot be.
struct PausesReport {
  std::optional<HeartbeatReport> scheduler;     // in the server's scheduler
  std::optional<HeartbeatReport> os_thread;     // in a thread of the server
  std::optional<HeartbeatReport> idle_process;  // in a process that does nothing else
};

struct RoundReport {
  int round = 1;
  MetricSet metrics;
  std::optional<bool> drained;
  PausesReport pauses;
  std::vector<CounterReport> counters = {};
};

struct ResponseTimes {
  std::int64_t count = 0;
  std::vector<PercentilePoint> percentiles;  // ascending, as many as the count supports
};

struct RepetitionReport {
  std::string run_id;
  int index = 1;
  int block = 1;
  std::string arm;
  std::string variant;
  RepetitionStatus status = RepetitionStatus::kComplete;
  std::string started_utc;
  std::int64_t duration_ns = 0;
  TargetReport target;
  LoadSummary load;
  std::vector<PhaseReport> phases;
  std::vector<RoundReport> rounds;
  MetricSet metrics;                     // median_of() the rounds'
  std::vector<CounterReport> counters;   // medians over the rounds
  std::vector<ProcessReport> processes;  // empty for a target of a single one
  std::vector<std::string> warnings;     // one line each
  std::optional<std::int64_t> live_tasks_baseline;
  ResponseTimes response_time;
  std::vector<LeakSite> leak_sites;
  VerdictReport verdict;
  std::optional<std::string> samples_file;  // relative to the run's folder

  // What the verdict rests on. Not written: summarise() judges all repetitions of an arm together.
  RepetitionEvidence evidence;
};

// The text of the file. Leak sites come the gravest first, those without a task are left out.
std::string to_json(const RepetitionReport& report);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_REPETITION_REPORT_H_
