// Several sources of one process as one.
#ifndef LEAKBENCH_HARNESS_PROBE_COMBINED_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_COMBINED_SOURCE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"

namespace leakbench {

// Each figure comes from one source for good: from the first in order of those that knew it when
// somebody knew it for the first time. Two sources may count different things under one name, and
// if one of them fails now and then, or is read more seldom, a mixture of both would look like
// growth. For one thread at a time.
class CombinedSource : public MetricsSource {
 public:
  explicit CombinedSource(std::vector<std::unique_ptr<MetricsSource>> sources);

  MetricsReading read() override;
  std::optional<TaskProfile> task_profile() override;
  std::optional<TaskProfile> full_task_profile() override;
  std::optional<PauseSnapshot> pause() override;
  std::optional<PauseSnapshot> os_pause() override;
  // Each of the first that has it.
  SeriesValues series(const std::vector<std::string>& names) override;
  void collect_garbage() override;  // of all
  std::vector<std::string> take_problems() override;
  std::string description() const override;

 private:
  using Owner = std::optional<std::size_t>;  // in sources_; nullopt until somebody has known it

  template <typename Value>
  std::optional<Value> from_owner(Owner& owner, std::optional<Value> (MetricsSource::*ask)());

  std::vector<std::unique_ptr<MetricsSource>> sources_;
  std::vector<Owner> figures_;
  Owner profile_;  // also of the full one, whose sites must be the same
  Owner pause_;
  Owner os_pause_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_COMBINED_SOURCE_H_
