#include "harness/probe/prometheus_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/probe/prometheus_count.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

// What the usual exporters publish, the most telling first where one server may have several.
//
// Python's has neither a count of tasks nor of what its heap holds: of an asyncio server a gauge of
// one's own (len(asyncio.all_tasks())) is named in the manifest.
std::vector<std::string> known_live_tasks() {
  return {
      "leakbench_live_tasks",
      "go_goroutines",                  // Go's client, and process collectors
      "go_goroutine_count",             // Go, OpenTelemetry
      "process_runtime_go_goroutines",  // the same before its names were settled
      "tokio_live_tasks_count",         // tokio-metrics
      "tokio_num_alive_tasks",          // by the name of tokio's own method
      "tokio_active_tasks_count",       // the same before tokio 1.29
      "jvm_threads_live_threads",       // Micrometer
      "jvm_threads_current",            // JVM, Prometheus' own client
      "jvm_thread_count",               // JVM, OpenTelemetry: a series per state
      "nodejs_active_resources_total",  // prom-client: timers, sockets and requests
      "nodejs_active_handles_total",    // prom-client before 14.2: no timers
  };
}

std::vector<std::string> known_heap() {
  return {
      "leakbench_heap_in_use_bytes",
      "go_memstats_heap_alloc_bytes",
      "jvm_memory_used_bytes{area=\"heap\"}",             // Micrometer, and Prometheus' own client
      "jvm_memory_bytes_used{area=\"heap\"}",             // that client before 1.0
      "jvm_memory_used_bytes{jvm_memory_type=\"heap\"}",  // OpenTelemetry
      "nodejs_heap_size_used_bytes",
  };
}

// A server with a large exposition has some ten thousand series.
constexpr std::size_t kMostSeries = 200'000;

}  // namespace

PrometheusSource::PrometheusSource(std::uint16_t control_port, const MetricsSourceSpec& spec,
                                   ReadingPace pace, const Clock& clock,
                                   ControlClient::Limits limits)
    : path_(spec.metrics_path),
      pacer_(pace, clock),
      client_(control_port, limits),
      live_tasks_(figure("live tasks", "live_tasks", spec.live_tasks_series, known_live_tasks())),
      heap_(figure("heap in use", "heap_in_use", spec.heap_in_use_series, known_heap())) {}

PrometheusSource::Figure PrometheusSource::figure(const char* what, const char* option,
                                                  const std::string& configured,
                                                  std::vector<std::string> known) {
  if (configured.empty()) return {what, option, std::move(known)};
  return {what, option, {configured}, /*configured=*/true};
}

MetricsReading PrometheusSource::read() {
  if (!pacer_.may_read()) return {};
  pacer_.begin();
  const PrometheusSeries series = all_series();
  pacer_.end();
  if (series.empty()) return {};
  MetricsReading reading = leakbench_reading(series);
  reading.live_tasks = read_figure(live_tasks_, series);
  reading.heap_in_use_bytes = read_figure(heap_, series);
  if (!reading.gc_pause_total_ns) {
    reading.gc_pause_total_ns = seconds_as_ns(sum_of_series(series, "go_gc_duration_seconds_sum"));
    reading.gc_cycles_total = as_whole_count(sum_of_series(series, "go_gc_duration_seconds_count"));
  }
  return reading;
}

SeriesValues PrometheusSource::series(const std::vector<std::string>& names) {
  return values_of(all_series(), names);
}

PrometheusSeries PrometheusSource::all_series() {
  const ControlReply reply = client_.get(path_);
  if (reply.status != 200) {
    problems_.add(path_, reply);
    return {};
  }
  PrometheusSeries series = parse_prometheus_text(reply.body, kMostSeries);
  if (series.empty()) {
    problems_.add(path_, fmt::format("no Prometheus text: it starts with {}",
                                     in_quotes(reply.body.substr(0, 40))));
  }
  return series;
}

std::optional<std::int64_t> PrometheusSource::read_figure(Figure& figure,
                                                          const PrometheusSeries& series) {
  for (std::size_t i = 0; !figure.taken && i < figure.candidates.size(); ++i) {
    if (sum_of_series(series, figure.candidates[i])) figure.taken = i;
  }
  const std::string where = fmt::format("{} ({})", path_, figure.what);
  if (!figure.taken) {
    if (!figure.configured) {
      problems_.add(
          where, fmt::format("none of the series that are known; name one with {}", figure.option));
    } else if (!parse_prometheus_selector(figure.candidates[0])) {
      problems_.add(where, fmt::format("{} is no series: it is written as name or "
                                       "name{{label=\"value\"}}",
                                       in_quotes(figure.candidates[0])));
    } else {
      problems_.add(where, fmt::format("no series {}", in_quotes(figure.candidates[0])));
    }
    return std::nullopt;
  }
  const std::string& taken = figure.candidates[*figure.taken];
  const auto value = sum_of_series(series, taken);
  const auto count = as_whole_count(value);
  if (value && !count) {
    problems_.add(where, fmt::format("{} is {}, which is no count", in_quotes(taken), *value));
  }
  return count;
}

std::string PrometheusSource::description() const {
  std::string text;
  for (const Figure* figure : {&live_tasks_, &heap_}) {
    if (!figure->taken) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} from {}", figure->what, one_line(figure->candidates[*figure->taken]));
  }
  return text;
}

}  // namespace leakbench
