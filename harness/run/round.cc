#include "harness/run/round.h"

#include <algorithm>

#include "harness/probe/pause_window.h"
#include "harness/verdict/median.h"

namespace leakbench {
namespace {

// Beyond a percentile with fewer values than this lies chance, not the server.
constexpr double kValuesBeyond = 10;

constexpr double kCurve[] = {1.0,  5.0,  10.0, 25.0, 50.0, 60.0, 70.0, 75.0, 80.0,  85.0, 90.0,
                             92.5, 95.0, 97.0, 98.0, 99.0, 99.5, 99.7, 99.9, 99.95, 99.99};

std::optional<double> as_double(std::optional<std::int64_t> value) {
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

std::optional<double> difference(std::optional<std::int64_t> after,
                                 std::optional<std::int64_t> before) {
  return after && before ? std::optional(static_cast<double>(*after - *before)) : std::nullopt;
}

void add_response_times(const Histogram& times, MetricSet& metrics) {
  metrics[Metric::kResponseTimeMeanNs] = times.mean();
  metrics[Metric::kResponseTimeP50Ns] = supported_percentile(times, 50);
  metrics[Metric::kResponseTimeP90Ns] = supported_percentile(times, 90);
  metrics[Metric::kResponseTimeP99Ns] = supported_percentile(times, 99);
  metrics[Metric::kResponseTimeP999Ns] = supported_percentile(times, 99.9);
  metrics[Metric::kResponseTimeMaxNs] = as_double(times.max());
}

// Of a bucket across the bound, all or none: the histogram tells times no finer.
std::uint64_t count_up_to(const Histogram& times, std::int64_t most) {
  std::uint64_t count = 0;
  for (const Histogram::Bucket& bucket : times.buckets()) {
    if (bucket.upper_bound <= most) count += bucket.count;
  }
  return count;
}

std::optional<PauseWindow> window_of(const std::optional<PauseSnapshot>& before,
                                     const std::optional<PauseSnapshot>& after) {
  return before && after ? PauseWindow::between(*before, *after) : std::nullopt;
}

// How many of `count` values lie beyond a percentile; what multiplying has rounded away is mended.
double beyond(double percentile, double count) {
  return count * (100 - percentile) / 100 * (1 + 1e-9);
}

// What one long pause does to many beats is not chance: one beat beyond suffices.
std::optional<double> pause_percentile(const PauseWindow& window, double percentile) {
  if (beyond(percentile, static_cast<double>(window.count())) < 1) return std::nullopt;
  return as_double(window.percentile_ns(percentile));
}

// The points of kCurve up to the first that `value_at` has no value for.
template <typename ValueAt>
std::vector<PercentilePoint> curve_of(const ValueAt& value_at) {
  std::vector<PercentilePoint> points;
  for (const double percentile : kCurve) {
    const std::optional<double> value = value_at(percentile);
    if (!value) break;
    points.push_back({percentile, *value});
  }
  return points;
}

std::vector<PercentilePoint> pause_curve(const PauseWindow& window) {
  return curve_of([&](double percentile) { return pause_percentile(window, percentile); });
}

std::optional<HeartbeatReport> heartbeat_report(const std::optional<PauseSnapshot>& before,
                                                const std::optional<PauseSnapshot>& after) {
  const auto window = window_of(before, after);
  if (!window || window->count() == 0) return std::nullopt;
  return HeartbeatReport{window->count(), *window->percentile_ns(50), *window->percentile_ns(99),
                         *window->max_ns(), pause_curve(*window)};
}

}  // namespace

MetricSet round_metrics(const RoundReadings& r) {
  MetricSet metrics;
  const ProcReading at_first_request = sum_of(r.kernel_at_first_request);
  const ProcReading at_last_response = sum_of(r.kernel_at_last_response);
  const ProcReading at_settled = sum_of(r.kernel_settled);
  const MetricsReading settled = r.settled();
  const Histogram& times = r.load.response_time.of(Outcome::kOk);
  add_response_times(times, metrics);

  if (r.load.first_sent && r.load.last_response) {
    const auto load_ns = static_cast<double>((*r.load.last_response - *r.load.first_sent).count());
    if (load_ns > 0) {
      metrics[Metric::kThroughputRps] =
          static_cast<double>(r.load.outcomes.of(Outcome::kOk)) * 1e9 / load_ns;
      if (const auto cpu = difference(at_last_response.cpu_ns, at_first_request.cpu_ns)) {
        metrics[Metric::kCpuPercent] = *cpu / load_ns * 100;
      }
    }
  }
  const auto round_cpu = difference(at_settled.cpu_ns, at_first_request.cpu_ns);
  if (round_cpu && r.load.sent > 0) {
    metrics[Metric::kCpuNsPerRequest] = *round_cpu / static_cast<double>(r.load.sent);
  }

  metrics[Metric::kMemoryPeakBytes] = as_double(at_settled.memory_peak_bytes);
  metrics[Metric::kMemorySettledBytes] = as_double(r.rss_after_collection);
  metrics[Metric::kHeapInUseSettledBytes] = as_double(settled.heap_in_use_bytes);

  metrics[Metric::kLiveTasksAfter] = as_double(r.inside_at_last_response().live_tasks);
  metrics[Metric::kLiveTasksSettled] = as_double(settled.live_tasks);
  if (settled.live_tasks && r.load.sent > 0) {
    const auto leaked = std::max<std::int64_t>(*settled.live_tasks - r.baseline, 0);
    metrics[Metric::kLeakedTasksPerRequest] =
        static_cast<double>(leaked) / static_cast<double>(r.load.sent);
  }
  if (r.answer_within && times.count() > 0) {
    metrics[Metric::kAnsweredInTimePercent] =
        static_cast<double>(count_up_to(times, r.answer_within->count())) * 100 /
        static_cast<double>(times.count());
  }
  metrics[Metric::kGcPauseTotalNs] =
      difference(settled.gc_pause_total_ns, r.inside_at_first_request.gc_pause_total_ns);
  if (r.drain.drain_time) {
    metrics[Metric::kDrainTimeNs] = static_cast<double>(r.drain.drain_time->count());
  }

  if (const auto window = window_of(r.pauses_before.scheduler, r.pauses_after_load.scheduler)) {
    metrics[Metric::kPauseP99Ns] = pause_percentile(*window, 99);
    metrics[Metric::kPauseMaxNs] = as_double(window->max_ns());
  }
  return metrics;
}

RoundEvidence round_evidence(const RoundReadings& r, std::int64_t accepted) {
  const MetricsReading settled = r.settled();
  RoundEvidence evidence;
  evidence.live_tasks_at_last_response = r.inside_at_last_response().live_tasks;
  evidence.live_tasks_at_linger_check = r.drain.live_at_linger_check;
  evidence.live_tasks_settled = settled.live_tasks;
  // What is accepted and left over was there all the time.
  for (auto* count : {&evidence.live_tasks_at_last_response, &evidence.live_tasks_at_linger_check,
                      &evidence.live_tasks_settled}) {
    if (*count) *count = std::max<std::int64_t>(**count - accepted, 0);
  }
  evidence.accepted = accepted;
  evidence.drained = r.drain.drained;
  evidence.drain_time = r.drain.drain_time;
  evidence.requests_sent = static_cast<std::int64_t>(r.load.sent);
  evidence.requests_answered = static_cast<std::int64_t>(r.load.outcomes.of(Outcome::kOk));
  evidence.unhandled_exceptions = settled.unhandled_exceptions_total;
  evidence.heap_in_use_settled = settled.heap_in_use_bytes;
  return evidence;
}

std::vector<CounterReport> round_counters(const RoundReadings& r,
                                          const std::vector<CounterSpec>& counters) {
  std::vector<CounterReport> reports;
  for (std::size_t i = 0; i < counters.size(); ++i) {
    CounterReport report{counters[i].label, *unit_by_name(counters[i].unit), std::nullopt};
    if (r.counters_before[i] && r.counters_after[i] && r.load.sent > 0) {
      report.per_request =
          (*r.counters_after[i] - *r.counters_before[i]) / static_cast<double>(r.load.sent);
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

std::vector<CounterReport> median_counters(const std::vector<RoundReport>& rounds) {
  if (rounds.empty()) return {};
  std::vector<CounterReport> medians = rounds.front().counters;
  for (std::size_t i = 0; i < medians.size(); ++i) {
    std::vector<double> values;
    for (const RoundReport& round : rounds) {
      if (round.counters[i].per_request) values.push_back(*round.counters[i].per_request);
    }
    medians[i].per_request = median(std::move(values));
  }
  return medians;
}

void fill_processes(const RoundReadings& r, std::vector<ProcessReport>& processes) {
  for (std::size_t i = 0; i < processes.size(); ++i) {
    ProcessReport& process = processes[i];
    process.live_tasks_after = r.inside_each_at_last_response[i].live_tasks;
    process.live_tasks_settled = r.inside_each_settled[i].live_tasks;
    process.memory_peak_bytes = r.kernel_settled[i].memory_peak_bytes;
    const auto before = r.kernel_at_first_request[i].cpu_ns;
    const auto after = r.kernel_settled[i].cpu_ns;
    if (before && after) process.cpu_ns = *after - *before;
  }
}

PausesReport round_pauses(const RoundReadings& r) {
  const PauseSnapshots& before = r.pauses_before;
  const PauseSnapshots& after = r.pauses_after_load;
  return {heartbeat_report(before.scheduler, after.scheduler),
          heartbeat_report(before.os_thread, after.os_thread),
          heartbeat_report(before.idle_process, after.idle_process)};
}

std::optional<double> supported_percentile(const Histogram& histogram, double percentile) {
  if (beyond(percentile, static_cast<double>(histogram.count())) < kValuesBeyond) {
    return std::nullopt;
  }
  return as_double(histogram.percentile(percentile));
}

std::vector<PercentilePoint> percentile_curve(const Histogram& histogram) {
  return curve_of([&](double percentile) { return supported_percentile(histogram, percentile); });
}

}  // namespace leakbench
