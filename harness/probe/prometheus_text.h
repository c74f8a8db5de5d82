// The Prometheus text exposition format, as far as a reader of single values needs it.
#ifndef LEAKBENCH_HARNESS_PROBE_PROMETHEUS_TEXT_H_
#define LEAKBENCH_HARNESS_PROBE_PROMETHEUS_TEXT_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace leakbench {

// By series as it is written: `requests_total`, `requests_total{code="200",method="GET"}`. Values
// may be infinite or NaN, as in the text.
using PrometheusSeries = std::map<std::string, double, std::less<>>;

// Reads what can be read: comments, timestamps and lines that make no sense are skipped; of a
// series that comes twice the last value counts; behind `most_series` different ones reading ends.
// Never throws anything but std::bad_alloc.
PrometheusSeries parse_prometheus_text(std::string_view text, std::size_t most_series = 10'000);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PROMETHEUS_TEXT_H_
