#include "harness/probe/leakbench_source.h"

#include <cmath>

#include "harness/probe/control_json.h"
#include "harness/probe/prometheus_text.h"

namespace leakbench {
namespace {

std::optional<std::int64_t> count_in(const PrometheusSeries& series, const char* name) {
  const auto found = series.find(name);
  if (found == series.end()) return std::nullopt;
  const double value = found->second;
  constexpr double kLargestExact = 9007199254740992.0;  // 2^53
  if (!(value >= 0 && value <= kLargestExact) || value != std::floor(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

MetricsReading LeakbenchSource::read() {
  const ControlReply reply = client_.get("/metrics");
  if (reply.status != 200) return {};
  const PrometheusSeries series = parse_prometheus_text(reply.body);
  MetricsReading reading;
  reading.live_tasks = count_in(series, "leakbench_live_tasks");
  reading.system_tasks = count_in(series, "leakbench_system_tasks");
  reading.requests_in_flight = count_in(series, "leakbench_requests_in_flight");
  reading.connections_open = count_in(series, "leakbench_connections_open");
  reading.tasks_started_total = count_in(series, "leakbench_tasks_started_total");
  reading.requests_total = count_in(series, "leakbench_requests_total");
  reading.heap_in_use_bytes = count_in(series, "leakbench_heap_in_use_bytes");
  reading.unhandled_exceptions_total = count_in(series, "leakbench_unhandled_exceptions_total");
  return reading;
}

std::optional<TaskProfile> LeakbenchSource::task_profile() {
  const ControlReply reply = client_.get("/debug/tasks");
  return reply.status == 200 ? parse_task_profile(reply.body) : std::nullopt;
}

std::optional<PauseSnapshot> LeakbenchSource::pause() {
  const ControlReply reply = client_.get("/debug/pause");
  return reply.status == 200 ? parse_pause_snapshot(reply.body) : std::nullopt;
}

std::optional<PauseSnapshot> LeakbenchSource::os_pause() {
  const ControlReply reply = client_.get("/debug/pause");
  return reply.status == 200 ? parse_os_pause_snapshot(reply.body) : std::nullopt;
}

std::optional<double> LeakbenchSource::series(const std::string& name) {
  const ControlReply reply = client_.get("/metrics");
  if (reply.status != 200) return std::nullopt;
  const PrometheusSeries all = parse_prometheus_text(reply.body);
  const auto found = all.find(name);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace leakbench
