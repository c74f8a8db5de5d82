// Which series of an exposition a person means.
#ifndef LEAKBENCH_HARNESS_PROBE_PROMETHEUS_SELECTOR_H_
#define LEAKBENCH_HARNESS_PROBE_PROMETHEUS_SELECTOR_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/probe/prometheus_text.h"

namespace leakbench {

// A series as it is written: `name`, or `name{label="value",...}` in any order.
struct PrometheusSelector {
  std::string name;
  std::map<std::string, std::string> labels;
};

// nullopt for anything else, the name's characters included.
std::optional<PrometheusSelector> parse_prometheus_selector(std::string_view text);

// The sum of all series of that name that carry at least the selector's labels, with these values:
// `jvm_memory_used_bytes{area="heap"}` is all pools of the heap together, a bare name all series of
// it. nullopt when there is none, or the sum is no number.
std::optional<double> sum_of_series(const PrometheusSeries& series,
                                    const PrometheusSelector& selector);

// The same of a selector's text; nullopt also for one that is none.
std::optional<double> sum_of_series(const PrometheusSeries& series, std::string_view selector);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PROMETHEUS_SELECTOR_H_
