#include "scenarios/cascading-timeout/latency.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace leakbench {
namespace {

// SplitMix64's output function (Steele, Lea, Flood 2014).
std::uint64_t mix(std::uint64_t state) {
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
  return state ^ (state >> 31);
}

// Between 0 and 1, and neither.
double uniform(std::uint64_t seed, std::uint64_t index) {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
  const std::uint64_t bits = mix(mix(seed) + (index + 1) * kGolden) >> 11;
  return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

}  // namespace

Duration LatencyModel::of(std::uint64_t request) const {
  const bool slow = uniform(seed, 3 * request) < slow_share;
  // Box and Muller 1958.
  const double normal = std::sqrt(-2 * std::log(uniform(seed, 3 * request + 1))) *
                        std::cos(2 * std::numbers::pi * uniform(seed, 3 * request + 2));
  const double typical = static_cast<double>((slow ? slow_median : median).count());
  const double drawn = std::round(typical * std::exp(spread * normal));
  return Duration(static_cast<std::int64_t>(std::min(drawn, static_cast<double>(longest.count()))));
}

}  // namespace leakbench
