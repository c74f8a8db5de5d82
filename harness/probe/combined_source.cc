#include "harness/probe/combined_source.h"

#include <iterator>
#include <utility>

namespace leakbench {
namespace {

constexpr std::optional<std::int64_t> MetricsReading::*kFigures[] = {
    &MetricsReading::live_tasks,          &MetricsReading::system_tasks,
    &MetricsReading::requests_in_flight,  &MetricsReading::connections_open,
    &MetricsReading::tasks_started_total, &MetricsReading::requests_total,
    &MetricsReading::heap_in_use_bytes,   &MetricsReading::unhandled_exceptions_total,
    &MetricsReading::gc_pause_total_ns,   &MetricsReading::gc_cycles_total,
};
static_assert(sizeof(MetricsReading) == std::size(kFigures) * sizeof(MetricsReading::live_tasks),
              "a figure is missing here");

}  // namespace

CombinedSource::CombinedSource(std::vector<std::unique_ptr<MetricsSource>> sources)
    : sources_(std::move(sources)), figures_(std::size(kFigures)) {}

MetricsReading CombinedSource::read() {
  std::vector<MetricsReading> readings;
  for (const auto& source : sources_) readings.push_back(source->read());
  MetricsReading combined;
  for (std::size_t i = 0; i < std::size(kFigures); ++i) {
    const auto figure = kFigures[i];
    for (std::size_t source = 0; !figures_[i] && source < readings.size(); ++source) {
      if (readings[source].*figure) figures_[i] = source;
    }
    if (figures_[i]) combined.*figure = readings[*figures_[i]].*figure;
  }
  return combined;
}

template <typename Value>
std::optional<Value> CombinedSource::from_owner(Owner& owner,
                                                std::optional<Value> (MetricsSource::*ask)()) {
  if (owner) return ((*sources_[*owner]).*ask)();
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (auto value = ((*sources_[source]).*ask)()) {
      owner = source;
      return value;
    }
  }
  return std::nullopt;
}

std::optional<TaskProfile> CombinedSource::task_profile() {
  return from_owner(profile_, &MetricsSource::task_profile);
}

std::optional<TaskProfile> CombinedSource::full_task_profile() {
  return from_owner(profile_, &MetricsSource::full_task_profile);
}

std::optional<PauseSnapshot> CombinedSource::pause() {
  return from_owner(pause_, &MetricsSource::pause);
}

std::optional<PauseSnapshot> CombinedSource::os_pause() {
  return from_owner(os_pause_, &MetricsSource::os_pause);
}

SeriesValues CombinedSource::series(const std::vector<std::string>& names) {
  SeriesValues values(names.size());
  for (const auto& source : sources_) {
    const SeriesValues own = source->series(names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!values[i]) values[i] = own[i];
    }
  }
  return values;
}

void CombinedSource::collect_garbage() {
  for (const auto& source : sources_) source->collect_garbage();
}

std::vector<std::string> CombinedSource::take_problems() {
  std::vector<std::string> problems;
  for (const auto& source : sources_) {
    auto more = source->take_problems();
    problems.insert(problems.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  }
  return problems;
}

std::string CombinedSource::description() const {
  std::string all;
  for (const auto& source : sources_) {
    const std::string one = source->description();
    if (one.empty()) continue;
    if (!all.empty()) all += "; ";
    all += one;
  }
  return all;
}

}  // namespace leakbench
