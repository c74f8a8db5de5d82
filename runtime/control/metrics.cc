#include "runtime/control/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "runtime/control/allocator.h"

namespace leakbench {
namespace {

prometheus::MetricFamily family(const std::string& name, const std::string& help,
                                prometheus::MetricType type, double value) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return {name, help, type, {metric}};
}

}  // namespace

std::string metrics_text(Scheduler& scheduler, const HttpServer& server, const Counters& counters) {
  std::int64_t live = 0, system = 0;
  std::uint64_t started = 0;
  for (const SiteProfile& site : scheduler.profile()) {
    (site.site.kind == TaskKind::kApplication ? live : system) += site.live;
    started += site.started;
  }
  const HttpServer::Counts counts = server.counts();
  using Type = prometheus::MetricType;
  std::vector<prometheus::MetricFamily> families{
      family("leakbench_live_tasks", "Live tasks of the service itself.", Type::Gauge,
             static_cast<double>(live)),
      family("leakbench_system_tasks",
             "Live tasks of the runtime: listener, connections, heartbeat.", Type::Gauge,
             static_cast<double>(system)),
      family("leakbench_requests_in_flight", "Requests whose handler has not returned.",
             Type::Gauge, static_cast<double>(counts.requests_in_flight)),
      family("leakbench_connections_open", "Open connections.", Type::Gauge,
             static_cast<double>(counts.connections_open)),
      family("leakbench_tasks_started_total", "Tasks started since the start of the process.",
             Type::Counter, static_cast<double>(started)),
      family("leakbench_requests_total", "Requests read whole since the start of the process.",
             Type::Counter, static_cast<double>(counts.requests_total)),
      family("leakbench_unhandled_exceptions_total", "Detached tasks that ended with an exception.",
             Type::Counter, static_cast<double>(scheduler.unhandled_exceptions())),
  };
  if (const auto bytes = heap_in_use_bytes()) {
    families.push_back(family("leakbench_heap_in_use_bytes", "Bytes allocated and not freed.",
                              Type::Gauge, static_cast<double>(*bytes)));
  }
  for (const auto& counter : counters) {
    families.push_back(family(counter->name(), counter->help(), Type::Counter,
                              static_cast<double>(counter->value())));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace leakbench
