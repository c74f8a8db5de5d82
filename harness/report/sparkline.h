// A line of a terminal that shows how something went over time.
#ifndef LEAKBENCH_HARNESS_REPORT_SPARKLINE_H_
#define LEAKBENCH_HARNESS_REPORT_SPARKLINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/sample_file.h"

namespace leakbench {

// The most live tasks in each of `cells` equal stretches from `from_ns` to `to_ns`, so that no peak
// is lost. A stretch without a sample goes on with the last before it, and so does a sample without
// a count that is at most a second behind one that has it; nullopt where nothing was measured.
std::vector<std::optional<std::int64_t>> most_in_stretches(
    const std::vector<LiveTasksSample>& samples, std::int64_t from_ns, std::int64_t to_ns,
    std::size_t cells);

// A block character for each value, higher with it: the lowest is 0 and nothing else, the full one
// reached only near `top`, the greatest value that there can be; a blank where nothing was
// measured.
std::string sparkline(const std::vector<std::optional<std::int64_t>>& values, std::int64_t top);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SPARKLINE_H_
