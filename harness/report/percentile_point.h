#ifndef LEAKBENCH_HARNESS_REPORT_PERCENTILE_POINT_H_
#define LEAKBENCH_HARNESS_REPORT_PERCENTILE_POINT_H_

namespace leakbench {

struct PercentilePoint {
  double percentile = 0;  // 0 to 100
  double value_ns = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_PERCENTILE_POINT_H_
