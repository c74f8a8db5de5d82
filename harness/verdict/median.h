#ifndef LEAKBENCH_HARNESS_VERDICT_MEDIAN_H_
#define LEAKBENCH_HARNESS_VERDICT_MEDIAN_H_

#include <optional>
#include <vector>

namespace leakbench {

// The middle value, or the mean of the two middle ones; nullopt of nothing. Values must be finite.
std::optional<double> median(std::vector<double> values);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_MEDIAN_H_
