#include "harness/verdict/theil_sen.h"

#include <algorithm>
#include <vector>

#include "harness/verdict/kendall.h"
#include "harness/verdict/median.h"

namespace leakbench {
namespace {

constexpr double kOneSidedLevel = 0.05;

std::vector<double> slopes_of_pairs(std::span<const Point> points) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double run = points[j].x - points[i].x;
      if (run != 0) slopes.push_back((points[j].y - points[i].y) / run);
    }
  }
  return slopes;
}

}  // namespace

std::optional<double> theil_sen_slope(std::span<const Point> points) {
  return median(slopes_of_pairs(points));
}

std::optional<double> theil_sen_lower_bound(std::span<const double> series) {
  std::vector<Point> points;
  for (const double value : series) points.push_back({static_cast<double>(points.size()), value});
  std::vector<double> slopes = slopes_of_pairs(points);
  double level = 0;
  std::size_t refused = 0;  // the numbers of inversions that are that unlikely
  for (const double probability : inversion_probabilities(series.size())) {
    level += probability;
    if (level > kOneSidedLevel) break;
    ++refused;
  }
  // One value or none has one order, and thus nothing that is unlikely.
  if (refused == 0) return std::nullopt;
  const auto bound = slopes.begin() + static_cast<std::ptrdiff_t>(refused) - 1;
  std::nth_element(slopes.begin(), bound, slopes.end());
  return *bound;
}

}  // namespace leakbench
