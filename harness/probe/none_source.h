// The source of a target that is only looked at from outside.
#ifndef LEAKBENCH_HARNESS_PROBE_NONE_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_NONE_SOURCE_H_

#include "harness/probe/metrics_source.h"

namespace leakbench {

class NoneSource : public MetricsSource {
 public:
  MetricsReading read() override { return {}; }
  std::optional<TaskProfile> task_profile() override { return std::nullopt; }
  std::optional<PauseSnapshot> pause() override { return std::nullopt; }
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_NONE_SOURCE_H_
