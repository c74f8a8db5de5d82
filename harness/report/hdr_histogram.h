// A histogram in the two forms that HdrHistogram's tools read: the blob that every port decodes,
// and the .hgrm text that its plotters draw.
//
// Both say what HdrHistogram with 3 significant digits and a lowest value of 1 would hold, had it
// recorded the same values. It has a bucket for each value below 2,048 and cuts each power of two
// above into 1,024 buckets. Ours with p precision bits does so below 2^(p+1) and into 2^p, so that
// with 10 bits the buckets are the same, and with 11 each of HdrHistogram's above 2,048 is exactly
// two of ours. Nothing moves into a neighbour: counts are exact, and a value is known within 2^-10
// (0.1 %) of its size. With fewer bits than 10, all that is in one of our buckets counts at its
// upper bound.
#ifndef LEAKBENCH_HARNESS_REPORT_HDR_HISTOGRAM_H_
#define LEAKBENCH_HARNESS_REPORT_HDR_HISTOGRAM_H_

#include <string>

#include "runtime/stats/histogram.h"

namespace leakbench {

// HdrHistogram's V2 encoding, deflated, in base64. The highest trackable value is 2^42 - 1 (73
// minutes of nanoseconds), so that tools which add only histograms of the same range add up those
// of several loads; for larger values it is the next 2^n - 1 that holds them.
std::string hdr_blob(const Histogram& histogram);

// What HdrHistogram's outputPercentileDistribution() writes of that blob with 5 ticks per half
// distance: the values times `scale`, which is 1e-6 for milliseconds of nanoseconds.
std::string hgrm(const Histogram& histogram, double scale);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_HDR_HISTOGRAM_H_
