// What the generator costs, and whether it had the core that it needs.
#ifndef LEAKBENCH_HARNESS_RUN_GENERATOR_WATCH_H_
#define LEAKBENCH_HARNESS_RUN_GENERATOR_WATCH_H_

#include <cstdint>
#include <optional>

#include "harness/probe/proc_probe.h"
#include "harness/report/load_report.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Of a stretch of time.
struct GeneratorUse {
  Duration elapsed{};
  std::optional<std::int64_t> cpu_ns;
  std::optional<std::int64_t> waited_ns;  // ready to run, while others had the core
  std::optional<std::int64_t> memory_peak_bytes;
};

// Of this process, whose one busy thread is the generator. All threads count.
class GeneratorWatch {
 public:
  GeneratorWatch();

  // Since it was made.
  GeneratorUse use() const;

 private:
  const SteadyClock clock_;
  const ProcProbe probe_;
  const TimePoint began_;
  const ProcReading before_;
  const std::optional<std::int64_t> waited_before_;
};

// Pure. Doubtful are a generator that was itself at its limit, and one that others kept from its
// core.
GeneratorReport report_of(const GeneratorUse& use, std::uint64_t requests);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_GENERATOR_WATCH_H_
