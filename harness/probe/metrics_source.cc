#include "harness/probe/metrics_source.h"

#include <utility>

#include "harness/probe/combined_source.h"
#include "harness/probe/go_source.h"
#include "harness/probe/leakbench_source.h"
#include "harness/probe/none_source.h"
#include "harness/probe/prometheus_source.h"

namespace leakbench {
namespace {

const SteadyClock kClock;

std::unique_ptr<MetricsSource> make_one(const MetricsSourceSpec& spec, std::uint16_t control_port,
                                        ReadingPace pace) {
  switch (spec.kind) {
    case MetricsSourceKind::kLeakbench:
      return std::make_unique<LeakbenchSource>(control_port);
    case MetricsSourceKind::kGo:
      return std::make_unique<GoSource>(control_port, spec, pace, kClock, GoSource::Limits());
    case MetricsSourceKind::kPrometheus:
      return std::make_unique<PrometheusSource>(control_port, spec, pace, kClock,
                                                GoSource::Limits().reading);
    case MetricsSourceKind::kNone:
      break;
  }
  return std::make_unique<NoneSource>();
}

}  // namespace

std::unique_ptr<MetricsSource> make_metrics_source(const std::vector<MetricsSourceSpec>& specs,
                                                   std::uint16_t control_port, ReadingPace pace) {
  std::vector<std::unique_ptr<MetricsSource>> sources;
  for (const MetricsSourceSpec& spec : specs) {
    sources.push_back(make_one(spec, control_port, pace));
  }
  if (sources.size() == 1) return std::move(sources.front());
  return std::make_unique<CombinedSource>(std::move(sources));
}

}  // namespace leakbench
