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

// The one-sided lower bound of the slope of a series, in its values per step: with a confidence of
// 95 % it rises by at least so much. nullopt of fewer than four values, where no bound is that
// sure.
//
// Sen 1968: the slopes that Kendall's test of (value - slope * step) does not reject, so that it
// holds for noise of any distribution. Exact: a slope is refused when so few of those of all pairs
// lie below it as a random order has inversions in 5 % of cases at most; the bound is the least one
// that is not. Equal values make it more careful, never less.
std::optional<double> theil_sen_lower_bound(std::span<const double> series);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_THEIL_SEN_H_
