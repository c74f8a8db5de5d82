#include "harness/probe/sample.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>

namespace leakbench {

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::kIdle:
      return "idle";
    case Phase::kWarmUp:
      return "warm-up";
    case Phase::kConnect:
      return "connect";
    case Phase::kLoad:
      return "load";
    case Phase::kDrain:
      return "drain";
    case Phase::kSettle:
      return "settle";
  }
  return "unknown";
}

namespace {

template <typename T>
void append_field(const std::optional<T>& value, std::string& csv) {
  csv += ',';
  if (value) fmt::format_to(std::back_inserter(csv), "{}", *value);
}

}  // namespace

std::string samples_to_csv(const std::vector<Sample>& samples,
                           const std::vector<std::string>& processes) {
  std::string csv =
      "t_ns,phase,round,live_tasks,requests_in_flight,connections_open,heap_in_use_bytes,rss_bytes,"
      "memory_peak_bytes,cpu_ns,threads,fds,voluntary_switches,involuntary_switches,"
      "run_queue_wait_ns,cpu_pressure_percent,memory_pressure_percent,io_pressure_percent,"
      "stolen_ns,generator_cpu_ns,responses_ok,response_time_p50_ns,response_time_p99_ns,"
      "response_time_max_ns";
  for (const std::string& name : processes) {
    csv += fmt::format(",live_tasks:{0},rss_bytes:{0},cpu_ns:{0}", name);
  }
  csv += '\n';
  for (const Sample& sample : samples) {
    fmt::format_to(std::back_inserter(csv), "{},{},{}", sample.t_ns, to_string(sample.phase),
                   sample.round);
    for (const std::optional<std::int64_t>& value :
         {sample.metrics.live_tasks, sample.metrics.requests_in_flight,
          sample.metrics.connections_open, sample.metrics.heap_in_use_bytes,
          sample.process.rss_bytes, sample.process.memory_peak_bytes, sample.process.cpu_ns,
          sample.process.threads, sample.process.fds, sample.scheduling.voluntary_switches,
          sample.scheduling.involuntary_switches, sample.scheduling.run_queue_wait_ns}) {
      append_field(value, csv);
    }
    for (const std::optional<double>& value :
         {sample.machine.cpu_pressure_percent, sample.machine.memory_pressure_percent,
          sample.machine.io_pressure_percent}) {
      append_field(value, csv);
    }
    for (const std::optional<std::int64_t>& value :
         {sample.machine.stolen_ns, sample.generator.cpu_ns, sample.generator.responses_ok,
          sample.generator.response_time_p50_ns, sample.generator.response_time_p99_ns,
          sample.generator.response_time_max_ns}) {
      append_field(value, csv);
    }
    for (const SamplePart& part : sample.parts) {
      append_field(part.live_tasks, csv);
      append_field(part.rss_bytes, csv);
      append_field(part.cpu_ns, csv);
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace leakbench
