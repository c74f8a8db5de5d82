// Where counts from inside a server come from. One implementation per kind of target.
#ifndef LEAKBENCH_HARNESS_PROBE_METRICS_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_METRICS_SOURCE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/target/manifest.h"

namespace leakbench {

// nullopt means not measured, never zero.
struct MetricsReading {
  std::optional<std::int64_t> live_tasks;    // the application's
  std::optional<std::int64_t> system_tasks;  // the server's own, such as one per connection
  std::optional<std::int64_t> requests_in_flight;
  std::optional<std::int64_t> connections_open;
  std::optional<std::int64_t> tasks_started_total;
  std::optional<std::int64_t> requests_total;
  std::optional<std::int64_t> heap_in_use_bytes;
  std::optional<std::int64_t> unhandled_exceptions_total;  // tasks that died of one
};

// All tasks that one line of code has started.
struct TaskSite {
  std::string name;
  std::string file;
  std::int64_t line = 0;
  std::string function;
  bool system = false;  // the server's own, not the application's
  std::int64_t live = 0;
  std::int64_t started = 0;
  std::map<std::string, std::int64_t> waits;  // what the live ones wait for: {"timer", 12}
};

struct TaskProfile {
  std::optional<std::int64_t> live_tasks;
  std::optional<std::int64_t> system_tasks;
  std::optional<std::int64_t> started_total;
  std::vector<TaskSite> sites;
};

struct PauseBucket {
  std::int64_t upper_bound_ns = 0;
  std::int64_t count = 0;
};

// How late the beats of one heartbeat came (the scheduler's unless said otherwise), since the start
// of the server. Two of them make a PauseWindow.
struct PauseSnapshot {
  std::int64_t interval_ns = 0;
  std::int64_t count = 0;
  std::int64_t max_ns = 0;
  std::vector<PauseBucket> buckets;  // each with its own count, ascending by bound
};

// Every call returns within a bounded time and throws nothing but std::bad_alloc: a server that is
// gone, hangs or talks nonsense gives nullopt.
class MetricsSource {
 public:
  virtual ~MetricsSource() = default;

  virtual MetricsReading read() = 0;
  virtual std::optional<TaskProfile> task_profile() = 0;
  virtual std::optional<PauseSnapshot> pause() = 0;
  // The same of a thread of the server that only the kernel schedules. Few kinds of target have it.
  virtual std::optional<PauseSnapshot> os_pause() { return std::nullopt; }
};

// A source of its own connection to the target's control port.
std::unique_ptr<MetricsSource> make_metrics_source(MetricsSourceKind kind,
                                                   std::uint16_t control_port);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_METRICS_SOURCE_H_
