#ifndef LEAKBENCH_HARNESS_REPORT_SITES_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_SITES_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/report/leak_site.h"
#include "harness/report/summary.h"

namespace leakbench {

// The first places of an arm whose tasks outlived their requests, the gravest first, and how many
// more there are. Two lines each, of which the second is left out where nothing is known to say:
//   leaky: 500 left over (growing by 100 per round), started at shop/main.go:64 (main.startMany)
//       waiting for a receiver on a channel at shop/main.go:29 (main.push), the longest for 9
//       s
std::string sites_text(std::string_view arm, const std::vector<LeakSite>& sites);

// Of every arm of a run, in its order; empty when no task outlived its request.
std::string sites_text(const Summary& summary);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SITES_TEXT_H_
