#include "harness/run/generator_watch.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "harness/target/cores.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

constexpr double kMostCpuPercent = 95;
constexpr double kMostWaitedPercent = 5;

// The second number of schedstat, over all threads: nanoseconds on a run queue. nullopt where the
// kernel does not count them.
std::optional<std::int64_t> waited_ns() {
  std::optional<std::int64_t> sum;
  std::error_code error;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    std::ifstream file(thread.path() / "schedstat");
    std::int64_t ran = 0;
    std::int64_t waited = 0;
    if (file >> ran >> waited) sum = sum.value_or(0) + waited;
  }
  return sum;
}

// Of all threads: turns that ended because another thread was to have the core.
std::int64_t involuntary_switches() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nivcsw;
}

std::optional<double> percent(std::optional<std::int64_t> part, Duration whole) {
  if (!part || whole <= Duration::zero()) return std::nullopt;
  return static_cast<double>(*part) * 100 / static_cast<double>(whole.count());
}

}  // namespace

GeneratorWatch::GeneratorWatch(std::size_t threads)
    : threads_(threads),
      cores_(allowed_cores()),
      probe_(::getpid()),
      began_(clock_.now()),
      before_(probe_.read()),
      waited_before_(waited_ns()),
      cores_before_(core_times(cores_)),
      switches_before_(involuntary_switches()) {}

GeneratorUse GeneratorWatch::use() const {
  GeneratorUse use;
  use.elapsed = clock_.now() - began_;
  use.threads = threads_;
  use.cores = std::max<std::size_t>(cores_.size(), 1);
  const ProcReading now = probe_.read();
  const auto waited = waited_ns();
  if (now.cpu_ns && before_.cpu_ns) use.cpu_ns = *now.cpu_ns - *before_.cpu_ns;
  if (waited && waited_before_) use.waited_ns = *waited - *waited_before_;
  use.memory_peak_bytes = now.memory_peak_bytes;
  use.involuntary_switches = involuntary_switches() - switches_before_;
  const auto cores = core_times(cores_);
  if (cores && cores_before_) {
    use.stolen_ns = cores->stolen_ns - cores_before_->stolen_ns;
    const std::int64_t busy = cores->busy_ns - cores_before_->busy_ns;
    // The cores are counted in ticks, the process to the nanosecond.
    if (use.cpu_ns) use.foreign_cpu_ns = std::max<std::int64_t>(busy - *use.cpu_ns, 0);
  }
  return use;
}

GeneratorReport report_of(const GeneratorUse& use, std::uint64_t requests) {
  GeneratorReport report;
  report.memory_peak_bytes = use.memory_peak_bytes;
  report.cpu_percent = percent(use.cpu_ns, use.elapsed);
  report.foreign_cpu_percent = percent(use.foreign_cpu_ns, use.elapsed);
  report.stolen_percent = percent(use.stolen_ns, use.elapsed);
  report.waited_percent = percent(use.waited_ns, use.elapsed);
  report.involuntary_switches = use.involuntary_switches;
  report.threads = static_cast<std::int64_t>(use.threads);
  if (use.cpu_ns && requests > 0) {
    report.cpu_ns_per_request = static_cast<double>(*use.cpu_ns) / static_cast<double>(requests);
  }
  const auto cores = static_cast<double>(std::min(use.threads, use.cores));
  if (report.cpu_percent && *report.cpu_percent > kMostCpuPercent * cores) {
    report.doubts.push_back(
        fmt::format("the generator used {} % of a core{}, so the figures may show its limit "
                    "instead of the server's",
                    humanise_number(*report.cpu_percent),
                    use.threads > 1 ? fmt::format(" with {} threads", use.threads) : ""));
  }
  const auto& waited = report.waited_percent;
  if (waited && *waited > kMostWaitedPercent * static_cast<double>(use.threads)) {
    report.doubts.push_back(
        fmt::format("the generator waited for a core for {} % of the time, while others used it",
                    humanise_number(*waited / static_cast<double>(use.threads))));
  }
  return report;
}

}  // namespace leakbench
