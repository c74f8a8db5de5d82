#include "harness/run/round.h"

#include <algorithm>

#include "harness/probe/pause_window.h"

namespace leakbench {
namespace {

// Beyond a percentile with fewer values than this lies chance, not the server.
constexpr double kValuesBeyond = 10;

std::optional<double> as_double(std::optional<std::int64_t> value) {
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

std::optional<double> difference(std::optional<std::int64_t> after,
                                 std::optional<std::int64_t> before) {
  return after && before ? std::optional(static_cast<double>(*after - *before)) : std::nullopt;
}

void add_response_times(const Histogram& times, MetricSet& metrics) {
  metrics[Metric::kResponseTimeMeanNs] = times.mean();
  metrics[Metric::kResponseTimeP50Ns] = as_double(times.percentile(50));
  metrics[Metric::kResponseTimeP90Ns] = as_double(times.percentile(90));
  metrics[Metric::kResponseTimeP99Ns] = as_double(times.percentile(99));
  metrics[Metric::kResponseTimeP999Ns] = as_double(times.percentile(99.9));
  metrics[Metric::kResponseTimeMaxNs] = as_double(times.max());
}

std::optional<PauseWindow> window_of(const std::optional<PauseSnapshot>& before,
                                     const std::optional<PauseSnapshot>& after) {
  return before && after ? PauseWindow::between(*before, *after) : std::nullopt;
}

std::optional<HeartbeatReport> heartbeat_report(const std::optional<PauseSnapshot>& before,
                                                const std::optional<PauseSnapshot>& after) {
  const auto window = window_of(before, after);
  if (!window || window->count() == 0) return std::nullopt;
  return HeartbeatReport{window->count(), *window->percentile_ns(50), *window->percentile_ns(99),
                         *window->max_ns()};
}

}  // namespace

MetricSet round_metrics(const RoundReadings& r) {
  MetricSet metrics;
  add_response_times(r.load.response_time.of(Outcome::kOk), metrics);

  if (r.load.first_sent && r.load.last_response) {
    const auto load_ns = static_cast<double>((*r.load.last_response - *r.load.first_sent).count());
    if (load_ns > 0) {
      metrics[Metric::kThroughputRps] =
          static_cast<double>(r.load.outcomes.of(Outcome::kOk)) * 1e9 / load_ns;
      if (const auto cpu = difference(r.at_last_response.cpu_ns, r.at_first_request.cpu_ns)) {
        metrics[Metric::kCpuPercent] = *cpu / load_ns * 100;
      }
    }
  }
  const auto round_cpu = difference(r.at_settled.cpu_ns, r.at_first_request.cpu_ns);
  if (round_cpu && r.load.sent > 0) {
    metrics[Metric::kCpuNsPerRequest] = *round_cpu / static_cast<double>(r.load.sent);
  }

  metrics[Metric::kMemoryPeakBytes] = as_double(r.at_settled.memory_peak_bytes);
  metrics[Metric::kMemorySettledBytes] = as_double(r.at_settled.rss_bytes);
  metrics[Metric::kHeapInUseSettledBytes] = as_double(r.settled.heap_in_use_bytes);

  if (r.profile_at_last_response) {
    metrics[Metric::kLiveTasksAfter] = as_double(r.profile_at_last_response->live_tasks);
  }
  metrics[Metric::kLiveTasksSettled] = as_double(r.settled.live_tasks);
  if (r.settled.live_tasks && r.load.sent > 0) {
    const auto leaked = std::max<std::int64_t>(*r.settled.live_tasks - r.baseline, 0);
    metrics[Metric::kLeakedTasksPerRequest] =
        static_cast<double>(leaked) / static_cast<double>(r.load.sent);
  }
  if (r.drain.drain_time) {
    metrics[Metric::kDrainTimeNs] = static_cast<double>(r.drain.drain_time->count());
  }

  if (const auto window = window_of(r.pauses_before.scheduler, r.pauses_after_load.scheduler)) {
    metrics[Metric::kPauseP99Ns] = as_double(window->percentile_ns(99));
    metrics[Metric::kPauseMaxNs] = as_double(window->max_ns());
  }
  return metrics;
}

PausesReport round_pauses(const RoundReadings& r) {
  const PauseSnapshots& before = r.pauses_before;
  const PauseSnapshots& after = r.pauses_after_load;
  return {heartbeat_report(before.scheduler, after.scheduler),
          heartbeat_report(before.os_thread, after.os_thread),
          heartbeat_report(before.idle_process, after.idle_process)};
}

std::optional<double> supported_percentile(const Histogram& histogram, double percentile) {
  const double beyond = static_cast<double>(histogram.count()) * (100 - percentile) / 100;
  if (beyond < kValuesBeyond * (1 - 1e-9)) return std::nullopt;
  return as_double(histogram.percentile(percentile));
}

std::vector<PercentilePoint> percentile_curve(const Histogram& histogram) {
  std::vector<PercentilePoint> points;
  for (const double percentile : {1.0,  5.0,  10.0, 25.0, 50.0, 60.0, 70.0, 75.0, 80.0,  85.0, 90.0,
                                  92.5, 95.0, 97.0, 98.0, 99.0, 99.5, 99.7, 99.9, 99.95, 99.99}) {
    const std::optional<double> value = supported_percentile(histogram, percentile);
    if (!value) break;
    points.push_back({percentile, *value});
  }
  return points;
}

}  // namespace leakbench
