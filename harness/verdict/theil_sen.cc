#include "harness/verdict/theil_sen.h"

#include <vector>

#include "harness/verdict/median.h"

namespace leakbench {

std::optional<double> theil_sen_slope(std::span<const Point> points) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double run = points[j].x - points[i].x;
      if (run != 0) slopes.push_back((points[j].y - points[i].y) / run);
    }
  }
  return median(std::move(slopes));
}

}  // namespace leakbench
