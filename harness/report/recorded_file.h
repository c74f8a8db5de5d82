#ifndef LEAKBENCH_HARNESS_REPORT_RECORDED_FILE_H_
#define LEAKBENCH_HARNESS_REPORT_RECORDED_FILE_H_

#include <filesystem>
#include <string>

namespace leakbench {

// All of a file. Throws Error(ExitCode::kUsage) with the reason when it cannot be read.
std::string read_recorded_text(const std::filesystem::path& file);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RECORDED_FILE_H_
