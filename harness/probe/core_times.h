// How busy the machine's cores have been.
#ifndef LEAKBENCH_HARNESS_PROBE_CORE_TIMES_H_
#define LEAKBENCH_HARNESS_PROBE_CORE_TIMES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace leakbench {

// Since the machine started, in steps of 10 ms.
struct CoreTimes {
  std::int64_t busy_ns = 0;    // of all processes and the kernel; stolen_ns is not in it
  std::int64_t stolen_ns = 0;  // the core was ready, and the hypervisor ran something else on it
};

// Of `cores` together; nullopt where the system does not say.
std::optional<CoreTimes> core_times(const std::vector<int>& cores);

// The same from the text of /proc/stat, with `ticks_per_second`. Pure.
std::optional<CoreTimes> parse_core_times(std::string_view stat, const std::vector<int>& cores,
                                          std::int64_t ticks_per_second);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_CORE_TIMES_H_
