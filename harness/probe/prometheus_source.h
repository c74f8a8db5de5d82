// The source of servers that publish Prometheus text, whatever they are written in.
#ifndef LEAKBENCH_HARNESS_PROBE_PROMETHEUS_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_PROMETHEUS_SOURCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/probe/prometheus_selector.h"
#include "harness/probe/reading_pacer.h"
#include "harness/probe/source_problems.h"
#include "harness/target/control_client.h"

namespace leakbench {

// Live tasks and the heap are those of the manifest's series, or of the first known one that the
// server has (the lists are in the source file). Figures that bear the names
// of our own servers are taken under these names, and Go's collector under its own. Profiles there
// are none. For one thread at a time.
class PrometheusSource : public MetricsSource {
 public:
  // The clock is the pace's and must outlive the source.
  PrometheusSource(std::uint16_t control_port, const MetricsSourceSpec& spec, ReadingPace pace,
                   const Clock& clock, ControlClient::Limits limits);

  MetricsReading read() override;
  std::optional<TaskProfile> task_profile() override { return std::nullopt; }
  std::optional<PauseSnapshot> pause() override { return std::nullopt; }
  // Of series with these labels, summed: see prometheus_selector.h.
  SeriesValues series(const std::vector<std::string>& names) override;
  std::vector<std::string> take_problems() override { return problems_.take(); }
  // "live tasks from go_goroutines, heap in use from go_memstats_heap_alloc_bytes"
  std::string description() const override;

 private:
  // One figure: which series it may be, and which it is.
  struct Figure {
    const char* what;    // to a person
    const char* option;  // of the manifest
    std::vector<std::string> candidates;
    bool configured = false;
    std::optional<std::size_t> taken = std::nullopt;  // for good, so that no two meanings are mixed
  };

  static Figure figure(const char* what, const char* option, const std::string& configured,
                       std::vector<std::string> known);
  PrometheusSeries all_series();  // empty after the problem was added
  std::optional<std::int64_t> read_figure(Figure& figure, const PrometheusSeries& series);

  const std::string path_;
  ReadingPacer pacer_;
  ControlClient client_;
  SourceProblems problems_;
  Figure live_tasks_;
  Figure heap_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PROMETHEUS_SOURCE_H_
