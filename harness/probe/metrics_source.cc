#include "harness/probe/metrics_source.h"

#include "harness/probe/leakbench_source.h"
#include "harness/probe/none_source.h"

namespace leakbench {

std::unique_ptr<MetricsSource> make_metrics_source(const std::vector<MetricsSourceSpec>& specs,
                                                   std::uint16_t control_port, ReadingPace) {
  for (const MetricsSourceSpec& spec : specs) {
    if (spec.kind == MetricsSourceKind::kLeakbench) {
      return std::make_unique<LeakbenchSource>(control_port);
    }
  }
  return std::make_unique<NoneSource>();
}

}  // namespace leakbench
