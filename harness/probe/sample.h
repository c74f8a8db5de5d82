// One look at the target, and the timeline of a repetition as a table of them.
#ifndef LEAKBENCH_HARNESS_PROBE_SAMPLE_H_
#define LEAKBENCH_HARNESS_PROBE_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/machine_probe.h"
#include "harness/probe/metrics_source.h"
#include "harness/probe/proc_probe.h"

namespace leakbench {

enum class Phase { kIdle, kWarmUp, kConnect, kLoad, kDrain, kSettle };
std::string_view to_string(Phase phase);  // "idle", "warm-up", "connect", "load", ...

// Of one process of a target of several.
struct SamplePart {
  std::optional<std::int64_t> live_tasks;
  std::optional<std::int64_t> rss_bytes;
  std::optional<std::int64_t> cpu_ns;
};

// What the load generator has to show for itself at one moment. Response times are from when a
// request was due to the last byte of its answer with a status of 200 to 299, of the answers that
// came since the reading before; nullopt where too few came to support the percentile.
struct GeneratorReading {
  std::optional<std::int64_t> cpu_ns;        // of the generator's process, since its start
  std::optional<std::int64_t> responses_ok;  // nullopt while no load is measured
  std::optional<std::int64_t> response_time_p50_ns;
  std::optional<std::int64_t> response_time_p99_ns;
  std::optional<std::int64_t> response_time_max_ns;
};

struct Sample {
  std::int64_t t_ns = 0;  // since the start of the timeline
  Phase phase = Phase::kIdle;
  int round = 0;  // 0 is the warm-up
  MetricsReading metrics;
  ProcReading process;
  SchedulingReading scheduling;
  MachineReading machine;
  GeneratorReading generator = {};
  // By process; empty for a target of a single one. All of the above are the target's as a whole.
  std::vector<SamplePart> parts = {};
};

// A header line and one line per sample, newer columns behind the older ones; what was not measured
// is an empty field. The processes of a target of several have three columns each at the end:
// "live_tasks:NAME", "rss_bytes:NAME", "cpu_ns:NAME".
std::string samples_to_csv(const std::vector<Sample>& samples,
                           const std::vector<std::string>& processes = {});

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_SAMPLE_H_
