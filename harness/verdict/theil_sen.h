// The Theil-Sen estimator (Theil 1950, Sen 1968): the median of the slopes of all pairs of points.
// Up to 29 % of the points may be arbitrarily wrong without moving it, so that a single round with
// an odd count neither makes nor hides a leak.
#ifndef LEAKBENCH_HARNESS_VERDICT_THEIL_SEN_H_
#define LEAKBENCH_HARNESS_VERDICT_THEIL_SEN_H_

#include <optional>
#include <span>

namespace leakbench {

struct Point {
  double x = 0;
  double y = 0;
};

// Slope in y per x. Pairs with the same x have no slope and are left out; nullopt when no pair is
// left. Quadratic in the number of points. Coordinates must be finite.
std::optional<double> theil_sen_slope(std::span<const Point> points);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_THEIL_SEN_H_
