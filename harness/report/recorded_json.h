// The parts that several report files share, read back: what json_pieces.h writes. Inside this
// module only.
//
// A value of another type than the schema's, a word that the format does not have, and a number out
// of range end in Error(ExitCode::kUsage) with the file and the JSON path. A field that is not
// there was not measured by the version that wrote the file: minor versions only add fields, and
// those that this version does not know are passed over.
#ifndef LEAKBENCH_HARNESS_REPORT_RECORDED_JSON_H_
#define LEAKBENCH_HARNESS_REPORT_RECORDED_JSON_H_

#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/leak_site.h"
#include "harness/report/metric_set.h"
#include "harness/report/percentile_point.h"
#include "harness/report/verdict_report.h"
#include "harness/target/json_view.h"

namespace leakbench {

inline constexpr std::int64_t kMostWhole = std::numeric_limits<std::int64_t>::max();

// The document in `file`, a report of `kind` ("run", "repetition", "summary"). Throws
// Error(kUsage) when it cannot be read, is not whole or of another kind, and Error(kNotComparable)
// when its major version is newer than ours.
nlohmann::json read_recorded(const std::filesystem::path& file, std::string_view kind);

// nullopt where the field is missing or null.
std::optional<JsonView> known(const JsonView& object, const std::string& key);
std::optional<double> known_number(const JsonView& object, const std::string& key);
std::optional<std::int64_t> known_count(const JsonView& object, const std::string& key);

std::int64_t recorded_count(const JsonView& view);  // a whole number from 0
int recorded_index(const JsonView& view);           // a whole number from 1
VerdictClass recorded_class(const JsonView& view);
std::vector<std::string> recorded_lines(const JsonView& view);

MetricUnit recorded_unit(const JsonView& view);
MetricSet recorded_metrics(const JsonView& view);
VerdictReport recorded_verdict(const JsonView& view);
std::vector<PercentilePoint> recorded_percentiles(const JsonView& view);
std::vector<LeakSite> recorded_leak_sites(const JsonView& view);

// For complaints: "not measured" of nullopt.
std::string in_words(const std::optional<double>& value);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RECORDED_JSON_H_
