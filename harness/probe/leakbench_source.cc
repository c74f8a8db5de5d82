#include "harness/probe/leakbench_source.h"

#include <fmt/format.h>

#include <utility>

#include "harness/probe/control_json.h"
#include "harness/probe/prometheus_count.h"
#include "harness/probe/prometheus_text.h"
#include "harness/probe/task_profile_json.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr const char* kMetrics = "/metrics";

// Not every server has both.
struct Pauses {
  std::optional<PauseSnapshot> scheduler;
  std::optional<PauseSnapshot> os_thread;
};

std::optional<Pauses> parse_pauses(const std::string& text) {
  Pauses pauses{parse_pause_snapshot(text), parse_os_pause_snapshot(text)};
  if (!pauses.scheduler && !pauses.os_thread) return std::nullopt;
  return pauses;
}

}  // namespace

MetricsReading LeakbenchSource::read() {
  const auto text = metrics_text();
  if (!text) return {};
  const MetricsReading reading = leakbench_reading(parse_prometheus_text(*text));
  if (!reading.live_tasks) {
    problems_.add(kMetrics, fmt::format("no count in leakbench_live_tasks; it starts with {}",
                                        in_quotes(text->substr(0, 40))));
  }
  return reading;
}

std::optional<TaskProfile> LeakbenchSource::task_profile() {
  return ask("/debug/tasks", limits_, &parse_task_profile);
}

std::optional<TaskProfile> LeakbenchSource::full_task_profile() {
  ControlClient::Limits limits = limits_;
  limits.time *= 10;
  limits.body_bytes *= 4;
  return ask(fmt::format("/debug/tasks?full=1&limit={}", kMostListedTasks), limits,
             &parse_full_task_profile);
}

std::optional<PauseSnapshot> LeakbenchSource::pause() {
  return ask("/debug/pause", limits_, &parse_pauses).value_or(Pauses{}).scheduler;
}

std::optional<PauseSnapshot> LeakbenchSource::os_pause() {
  return ask("/debug/pause", limits_, &parse_pauses).value_or(Pauses{}).os_thread;
}

template <typename Value>
std::optional<Value> LeakbenchSource::ask(const std::string& path, ControlClient::Limits limits,
                                          std::optional<Value> (*parse)(const std::string&)) {
  const ControlReply reply = client_.get(path, limits);
  if (reply.status == 404) return std::nullopt;
  if (reply.status != 200) {
    problems_.add(path, reply);
    return std::nullopt;
  }
  std::optional<Value> value = parse(reply.body);
  if (!value) {
    problems_.add(path, fmt::format("not the JSON that was expected; it starts with {}",
                                    in_quotes(reply.body.substr(0, 40))));
  }
  return value;
}

SeriesValues LeakbenchSource::series(const std::vector<std::string>& names) {
  const auto text = metrics_text();
  return text ? values_of(parse_prometheus_text(*text), names) : SeriesValues(names.size());
}

std::optional<std::string> LeakbenchSource::metrics_text() {
  ControlReply reply = client_.get(kMetrics);
  if (reply.status == 200) return std::move(reply.body);
  problems_.add(kMetrics, reply);
  return std::nullopt;
}

}  // namespace leakbench
