#ifndef LEAKBENCH_HARNESS_REPORT_LEAK_SITE_H_
#define LEAKBENCH_HARNESS_REPORT_LEAK_SITE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leakbench {

// Where in the source something is; `file` as the target was built.
struct SourcePlace {
  std::string function;
  std::string file;
  int line = 0;
};

// Tasks that were started at one place, and what they waited for.
struct LeakSite {
  std::string name;
  std::string file;  // where they were started, relative to the project
  int line = 0;
  std::string function;
  std::int64_t live = 0;                      // at the last response of the last round
  std::map<std::string, std::int64_t> waits;  // wait reason -> tasks: {"timer", 19990}

  std::string process = {};                     // of a target of several, the one they live in
  std::optional<std::int64_t> settled = {};     // alive when the last round's settle window closed
  std::optional<double> growth_per_round = {};  // of `settled`
  std::optional<SourcePlace> waits_at = {};
  std::optional<std::int64_t> longest_wait_ns = {};  // of Go a lower bound
  // Of their own frames or stacks, not of what these refer to.
  std::optional<std::int64_t> bytes = {};
  bool proven = false;                              // by the target: nothing can ever wake them
  std::vector<std::string> example = {};            // calls of one of them, the innermost first
  std::optional<std::string> allowed_because = {};  // the reason of the entry that accepts it
};

// The order of reports: the fastest growing first, then those with the most tasks left over, then
// those with the most tasks at the last response.
inline bool graver(const LeakSite& a, const LeakSite& b) {
  const double growth_a = a.growth_per_round.value_or(0);
  const double growth_b = b.growth_per_round.value_or(0);
  if (growth_a != growth_b) return growth_a > growth_b;
  const std::int64_t left_a = a.settled.value_or(0);
  const std::int64_t left_b = b.settled.value_or(0);
  return left_a != left_b ? left_a > left_b : a.live > b.live;
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LEAK_SITE_H_
