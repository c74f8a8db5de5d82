#include "harness/probe/target_processes.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace leakbench {
namespace {

template <typename Reading, typename Value>
std::optional<Value> sum_of(const std::vector<Reading>& readings,
                            std::optional<Value> Reading::*field) {
  if (readings.empty()) return std::nullopt;
  Value sum = 0;
  for (const Reading& reading : readings) {
    if (!(reading.*field)) return std::nullopt;
    sum += *(reading.*field);
  }
  return sum;
}

}  // namespace

MetricsReading sum_of(const std::vector<MetricsReading>& readings) {
  MetricsReading sum;
  for (const auto field :
       {&MetricsReading::live_tasks, &MetricsReading::system_tasks,
        &MetricsReading::requests_in_flight, &MetricsReading::connections_open,
        &MetricsReading::tasks_started_total, &MetricsReading::requests_total,
        &MetricsReading::heap_in_use_bytes, &MetricsReading::unhandled_exceptions_total,
        &MetricsReading::gc_pause_total_ns, &MetricsReading::gc_cycles_total}) {
    sum.*field = sum_of(readings, field);
  }
  return sum;
}

ProcReading sum_of(const std::vector<ProcReading>& readings) {
  ProcReading sum;
  for (const auto field : {&ProcReading::rss_bytes, &ProcReading::memory_peak_bytes,
                           &ProcReading::cpu_ns, &ProcReading::threads, &ProcReading::fds}) {
    sum.*field = sum_of(readings, field);
  }
  return sum;
}

SchedulingReading sum_of(const std::vector<SchedulingReading>& readings) {
  SchedulingReading sum;
  for (const auto field :
       {&SchedulingReading::voluntary_switches, &SchedulingReading::involuntary_switches,
        &SchedulingReading::run_queue_wait_ns}) {
    sum.*field = sum_of(readings, field);
  }
  return sum;
}

TargetProcesses::TargetProcesses(std::vector<WatchedProcess> processes)
    : processes_(std::move(processes)) {}

MetricsReading TargetProcesses::read() { return sum_of(read_each()); }

std::vector<MetricsReading> TargetProcesses::read_each() {
  std::vector<MetricsReading> readings;
  for (const WatchedProcess& process : processes_) readings.push_back(process.source->read());
  return readings;
}

std::optional<TaskProfile> TargetProcesses::profile_of_all(
    std::optional<TaskProfile> (MetricsSource::*profile)()) {
  std::vector<TaskProfile> profiles;
  for (const WatchedProcess& process : processes_) {
    auto one = (process.source.get()->*profile)();
    if (!one) return std::nullopt;
    for (TaskSite& site : one->sites) {
      if (processes_.size() > 1) site.process = process.name;
    }
    profiles.push_back(std::move(*one));
  }
  TaskProfile all;
  all.live_tasks = sum_of(profiles, &TaskProfile::live_tasks);
  all.system_tasks = sum_of(profiles, &TaskProfile::system_tasks);
  all.started_total = sum_of(profiles, &TaskProfile::started_total);
  for (TaskProfile& one : profiles) {
    std::move(one.sites.begin(), one.sites.end(), std::back_inserter(all.sites));
  }
  return all;
}

std::optional<TaskProfile> TargetProcesses::task_profile() {
  return profile_of_all(&MetricsSource::task_profile);
}

std::optional<TaskProfile> TargetProcesses::full_task_profile() {
  return profile_of_all(&MetricsSource::full_task_profile);
}

std::optional<PauseSnapshot> TargetProcesses::pause() { return processes_.back().source->pause(); }

std::optional<PauseSnapshot> TargetProcesses::os_pause() {
  return processes_.back().source->os_pause();
}

SeriesValues TargetProcesses::series(const std::vector<std::string>& names) {
  // A counter that only some of the processes have, such as the services, is theirs alone.
  SeriesValues sums(names.size());
  for (const WatchedProcess& process : processes_) {
    const SeriesValues values = process.source->series(names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (values[i]) sums[i] = sums[i].value_or(0) + *values[i];
    }
  }
  return sums;
}

void TargetProcesses::collect_garbage() {
  for (const WatchedProcess& process : processes_) process.source->collect_garbage();
}

std::vector<std::string> TargetProcesses::take_problems() {
  std::vector<std::string> problems;
  for (const WatchedProcess& process : processes_) {
    for (std::string& problem : process.source->take_problems()) {
      problems.push_back(processes_.size() > 1 ? process.name + ": " + problem
                                               : std::move(problem));
    }
  }
  return problems;
}

std::vector<ProcReading> TargetProcesses::read_kernel_each() const {
  std::vector<ProcReading> readings;
  for (const WatchedProcess& process : processes_) {
    readings.push_back(process.probe ? process.probe->read() : ProcReading());
  }
  return readings;
}

SchedulingReading TargetProcesses::read_scheduling() const {
  std::vector<SchedulingReading> readings;
  for (const WatchedProcess& process : processes_) {
    readings.push_back(process.probe ? process.probe->read_scheduling() : SchedulingReading());
  }
  return sum_of(readings);
}

void TargetProcesses::reset_memory_peaks() const {
  for (const WatchedProcess& process : processes_) {
    if (process.probe) process.probe->reset_memory_peak();
  }
}

}  // namespace leakbench
