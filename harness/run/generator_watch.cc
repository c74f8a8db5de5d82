#include "harness/run/generator_watch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

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

std::optional<double> percent(std::optional<std::int64_t> part, Duration whole) {
  if (!part || whole <= Duration::zero()) return std::nullopt;
  return static_cast<double>(*part) * 100 / static_cast<double>(whole.count());
}

}  // namespace

GeneratorWatch::GeneratorWatch()
    : probe_(::getpid()),
      began_(clock_.now()),
      before_(probe_.read()),
      waited_before_(waited_ns()) {}

GeneratorUse GeneratorWatch::use() const {
  GeneratorUse use;
  use.elapsed = clock_.now() - began_;
  const ProcReading now = probe_.read();
  const auto waited = waited_ns();
  if (now.cpu_ns && before_.cpu_ns) use.cpu_ns = *now.cpu_ns - *before_.cpu_ns;
  if (waited && waited_before_) use.waited_ns = *waited - *waited_before_;
  use.memory_peak_bytes = now.memory_peak_bytes;
  return use;
}

GeneratorReport report_of(const GeneratorUse& use, std::uint64_t requests) {
  GeneratorReport report;
  report.memory_peak_bytes = use.memory_peak_bytes;
  report.cpu_percent = percent(use.cpu_ns, use.elapsed);
  if (use.cpu_ns && requests > 0) {
    report.cpu_ns_per_request = static_cast<double>(*use.cpu_ns) / static_cast<double>(requests);
  }
  if (report.cpu_percent && *report.cpu_percent > kMostCpuPercent) {
    report.doubts.push_back(
        fmt::format("the generator used {} % of a core, so the figures may show its limit instead "
                    "of the server's",
                    humanise_number(*report.cpu_percent)));
  }
  const auto waited = percent(use.waited_ns, use.elapsed);
  if (waited && *waited > kMostWaitedPercent) {
    report.doubts.push_back(
        fmt::format("the generator waited for a core for {} % of the time, while others used it",
                    humanise_number(*waited)));
  }
  return report;
}

}  // namespace leakbench
