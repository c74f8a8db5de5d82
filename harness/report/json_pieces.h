// The parts that several report files share. Inside this module only: its public functions take and
// give text, so that no other module needs the JSON library for reports.
#ifndef LEAKBENCH_HARNESS_REPORT_JSON_PIECES_H_
#define LEAKBENCH_HARNESS_REPORT_JSON_PIECES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/leak_site.h"
#include "harness/report/load_counts.h"
#include "harness/report/metric_set.h"
#include "harness/report/option_list.h"
#include "harness/report/percentile_point.h"
#include "harness/report/profile_report.h"
#include "harness/report/verdict_report.h"

namespace leakbench {

// Keeps keys in the order they are written, which is the order of the documentation.
using Json = nlohmann::ordered_json;

// {"schema": "leakbench/KIND", "schema_version": ...}, to be continued. A kind that has gained
// fields has a later minor version.
Json json_header(std::string_view kind, std::string_view version = "1.0.0");

// A whole number without a fraction; null for what JSON cannot say.
Json json_number(double value);
Json json_number(const std::optional<double>& value);

// A metric's value. Nanoseconds and bytes are whole: the half of a median is rounded up.
Json json_value(MetricUnit unit, const std::optional<double>& value);
Json json_value(Metric metric, const std::optional<double>& value);

// {NAME: number or null}, every metric.
Json json_metrics(const MetricSet& metrics);

Json json_options(const OptionList& options);
Json json_percentiles(const std::vector<PercentilePoint>& points);
Json json_verdict(const VerdictReport& report);

Json json_connections(const ConnectionCounts& counts);
Json json_requests(const RequestCounts& counts);

Json json_profiles(const std::vector<ProfileReport>& reports);

// The gravest first, only those with a task at the last response or left over; the waits of each
// most first.
Json json_leak_sites(std::vector<LeakSite> sites);

template <typename T>
Json json_optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// Two spaces per level, a line feed at the end. A byte that is not UTF-8 (an argument, a path)
// becomes U+FFFD: a report with a replaced byte is better than none.
std::string dump_json(const Json& json);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_JSON_PIECES_H_
