// What the generator costs, and whether it had the core that it needs.
#ifndef LEAKBENCH_HARNESS_RUN_GENERATOR_WATCH_H_
#define LEAKBENCH_HARNESS_RUN_GENERATOR_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/probe/core_times.h"
#include "harness/probe/proc_probe.h"
#include "harness/report/load_report.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Of a stretch of time.
struct GeneratorUse {
  Duration elapsed{};
  std::size_t threads = 1;  // that make the load
  std::size_t cores = 1;    // that they may use
  std::optional<std::int64_t> cpu_ns;
  std::optional<std::int64_t> waited_ns;       // ready to run, while others had the core
  std::optional<std::int64_t> foreign_cpu_ns;  // others', the server's included, on those cores
  std::optional<std::int64_t> stolen_ns;       // the hypervisor's, on those cores
  std::int64_t involuntary_switches = 0;
  std::optional<std::int64_t> memory_peak_bytes;
};

// Of this process, which does nothing but make the load. All its threads count.
class GeneratorWatch {
 public:
  explicit GeneratorWatch(std::size_t threads);

  // Since it was made.
  GeneratorUse use() const;

 private:
  const SteadyClock clock_;
  const std::size_t threads_;
  const std::vector<int> cores_;
  const ProcProbe probe_;
  const TimePoint began_;
  const ProcReading before_;
  const std::optional<std::int64_t> waited_before_;
  const std::optional<CoreTimes> cores_before_;
  const std::int64_t switches_before_;
};

// Pure. Doubtful are a generator that was itself at its limit, and one that others kept from its
// core.
GeneratorReport report_of(const GeneratorUse& use, std::uint64_t requests);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_GENERATOR_WATCH_H_
