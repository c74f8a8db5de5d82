// Durations as people write them on a command line and in a manifest.
#ifndef LEAKBENCH_RUNTIME_TIME_DURATION_H_
#define LEAKBENCH_RUNTIME_TIME_DURATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

// Parses a number with a unit: "250us", "100ms", "1.5s", "2m", "1h", "40ns". A bare number, a
// negative one, an unknown unit and anything beyond 292 years give nullopt.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

// The shortest text with at most three decimals that reads well: "5s", "1.5s", "100ms", "65.5us".
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TIME_DURATION_H_
