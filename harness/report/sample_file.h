// samples/NNN_ARM.csv read back.
#ifndef LEAKBENCH_HARNESS_REPORT_SAMPLE_FILE_H_
#define LEAKBENCH_HARNESS_REPORT_SAMPLE_FILE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leakbench {

struct LiveTasksSample {
  std::int64_t t_ns = 0;                   // since the sampler started
  std::optional<std::int64_t> live_tasks;  // nullopt was not measured
};

// The columns `t_ns` and `live_tasks` of a file's text; `origin` names the file to a person. Throws
// Error(ExitCode::kUsage) with the line where a row is cut short, is not a number or goes back in
// time.
std::vector<LiveTasksSample> parse_live_tasks(std::string_view csv, const std::string& origin);

// Of a file; throws Error(ExitCode::kUsage) also when it cannot be read.
std::vector<LiveTasksSample> read_live_tasks(const std::filesystem::path& file);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SAMPLE_FILE_H_
