#ifndef LEAKBENCH_HARNESS_REPORT_UTC_TIME_H_
#define LEAKBENCH_HARNESS_REPORT_UTC_TIME_H_

#include <chrono>
#include <string>

namespace leakbench {

// "2026-11-22T20:00:00Z", whole seconds, rounded down.
std::string format_utc(std::chrono::system_clock::time_point time);

// "20261122T200000Z": the same for names of files.
std::string format_utc_compact(std::chrono::system_clock::time_point time);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_UTC_TIME_H_
