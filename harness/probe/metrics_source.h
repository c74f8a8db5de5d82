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
  std::optional<std::int64_t> gc_pause_total_ns;           // since the start of the server
  std::optional<std::int64_t> gc_cycles_total;
};

struct CodePlace {
  std::string function;
  std::string file;
  std::int64_t line = 0;
};

// All tasks that one line of code has started; where they are told apart by it, those of them that
// wait at one place.
struct TaskSite {
  std::string name;
  // Where they were started; of a Go server that does not say, the function that was started.
  std::string file;
  std::int64_t line = 0;
  std::string function;
  bool system = false;  // the server's own, not the application's
  std::int64_t live = 0;
  std::int64_t started = 0;                     // 0 where the server does not count them
  std::map<std::string, std::int64_t> waits;    // what the live ones wait for: {"timer", 12}
  std::optional<CodePlace> waits_at;            // where most of the live ones wait
  std::optional<std::int64_t> longest_wait_ns;  // of Go a lower bound
  // Of the live ones' own frames or stacks, not of what these refer to; nullopt where not told.
  std::optional<std::int64_t> bytes;
  bool proven = false;               // the server itself has proven that nothing can ever wake them
  std::vector<std::string> example;  // of one of them, a call a line, the innermost first
  std::string process;               // of a target of several processes, the one they live in
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

// By the series that were asked for; nullopt for one that the server does not have.
using SeriesValues = std::vector<std::optional<double>>;

// Every call returns within a bounded time and throws nothing but std::bad_alloc: a server that is
// gone, hangs or talks nonsense gives nullopt.
class MetricsSource {
 public:
  virtual ~MetricsSource() = default;

  virtual MetricsReading read() = 0;
  virtual std::optional<TaskProfile> task_profile() = 0;
  // The same with all that the server can say: where they wait, how long, an example, proof. May
  // stop the server for a while, so it is for after the load.
  virtual std::optional<TaskProfile> full_task_profile() { return task_profile(); }
  virtual std::optional<PauseSnapshot> pause() = 0;
  // Values of the server's Prometheus text, each by its series as it is written: the scenario's own
  // counters. All of one reading, so that they can be held against one another.
  virtual SeriesValues series(const std::vector<std::string>& names) {
    return SeriesValues(names.size());
  }
  // Has the server collect its garbage, so that what is read next is what lives.
  virtual void collect_garbage() {}
  // What went wrong since the last call, each kind of problem once, one line each: an endpoint that
  // is missing, hangs or answers nonsense.
  virtual std::vector<std::string> take_problems() { return {}; }
  // Which of several possible places the figures come from, in words; empty where there is but one.
  virtual std::string description() const { return {}; }
  // The same of a thread of the server that only the kernel schedules. Few kinds of target have it.
  virtual std::optional<PauseSnapshot> os_pause() { return std::nullopt; }
};

// Of a source that is read for the timeline, twenty times a second: what would cost the server more
// than a hundredth of a core is then read more seldom, and nullopt in between.
enum class ReadingPace { kEveryTime, kSparing };

// A source of its own connection to the process's control port. Of several specs the first that
// knows a figure gives it.
std::unique_ptr<MetricsSource> make_metrics_source(const std::vector<MetricsSourceSpec>& specs,
                                                   std::uint16_t control_port,
                                                   ReadingPace pace = ReadingPace::kEveryTime);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_METRICS_SOURCE_H_
