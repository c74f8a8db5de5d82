#include "harness/report/recorded_json.h"

#include <fmt/format.h>

#include "harness/target/json_file.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::int64_t kMostIndex = 1'000'000'000;

SourcePlace recorded_place(const JsonView& view) {
  SourcePlace place;
  if (const auto function = known(view, "function")) place.function = function->line_or_empty();
  place.file = view.at("file").line();
  place.line = static_cast<int>(view.at("line").whole_number(0, kMostIndex));
  return place;
}

LeakSite recorded_leak_site(const JsonView& view) {
  LeakSite site;
  site.name = view.at("name").line_or_empty();
  site.file = view.at("file").line_or_empty();
  site.line = static_cast<int>(view.at("line").whole_number(0, kMostIndex));
  site.function = view.at("function").line_or_empty();
  site.live = recorded_count(view.at("live"));
  for (const auto& [reason, tasks] : view.at("waits").members()) {
    site.waits[reason] = recorded_count(tasks);
  }
  if (const auto process = known(view, "process")) site.process = process->line_or_empty();
  site.settled = known_count(view, "settled");
  site.growth_per_round = known_number(view, "growth_per_round");
  if (const auto place = known(view, "waits_at")) site.waits_at = recorded_place(*place);
  site.longest_wait_ns = known_count(view, "longest_wait_ns");
  site.bytes = known_count(view, "bytes");
  if (const auto proven = known(view, "proven")) site.proven = proven->boolean();
  if (const auto calls = known(view, "example")) site.example = recorded_lines(*calls);
  if (const auto reason = known(view, "allowed_because")) site.allowed_because = reason->line();
  return site;
}

EvidenceStrength recorded_strength(const JsonView& view) {
  const std::string word = view.line();
  for (const auto strength : {EvidenceStrength::kNone, EvidenceStrength::kSuspected,
                              EvidenceStrength::kGrowing, EvidenceStrength::kProven}) {
    if (word == evidence_strength_name(strength)) return strength;
  }
  view.fail("must be none, suspected, growing or proven, is " + in_quotes(word));
}

}  // namespace

nlohmann::json read_recorded(const std::filesystem::path& file, std::string_view kind) {
  nlohmann::json document = read_json_file(file, kMostBytes);
  const std::string origin = one_line(file.string());
  check_schema(JsonView(document, origin), kind, origin);
  return document;
}

std::optional<JsonView> known(const JsonView& object, const std::string& key) {
  auto found = object.find(key);
  return found && !found->is_null() ? found : std::nullopt;
}

std::optional<double> known_number(const JsonView& object, const std::string& key) {
  const auto found = known(object, key);
  return found ? std::optional(found->number()) : std::nullopt;
}

std::optional<std::int64_t> known_count(const JsonView& object, const std::string& key) {
  const auto found = known(object, key);
  return found ? std::optional(recorded_count(*found)) : std::nullopt;
}

std::int64_t recorded_count(const JsonView& view) { return view.whole_number(0, kMostWhole); }

int recorded_index(const JsonView& view) {
  return static_cast<int>(view.whole_number(1, kMostIndex));
}

VerdictClass recorded_class(const JsonView& view) {
  const std::string word = view.line();
  const auto found = verdict_class_by_name(word);
  if (!found) {
    view.fail("must be clean, lingering, leaking or inconclusive, is " + in_quotes(word));
  }
  return *found;
}

std::vector<std::string> recorded_lines(const JsonView& view) {
  std::vector<std::string> lines;
  for (const JsonView& element : view.elements()) lines.push_back(element.line_or_empty());
  return lines;
}

MetricUnit recorded_unit(const JsonView& view) {
  const auto unit = unit_by_name(view.line());
  if (!unit) view.fail("names no unit that this leakbench knows: " + in_quotes(view.line()));
  return *unit;
}

MetricSet recorded_metrics(const JsonView& view) {
  MetricSet metrics;
  for (const MetricInfo& info : all_metrics()) {
    metrics[info.metric] = known_number(view, std::string(info.name));
  }
  return metrics;
}

VerdictReport recorded_verdict(const JsonView& view) {
  VerdictReport report;
  Verdict& verdict = report.verdict;
  verdict.verdict_class = recorded_class(view.at("class"));
  report.expected = recorded_class(view.at("expected"));
  verdict.reason = view.at("reason").line();
  if (view.at("as_expected").boolean() != report.as_expected()) {
    view.at("as_expected").fail("contradicts \"class\" and \"expected\" beside it");
  }
  if (const auto strength = known(view, "strength")) {
    verdict.strength = recorded_strength(*strength);
  }
  verdict.growth_per_round = known_number(view, "growth_per_round");
  verdict.growth_per_round_lower_bound = known_number(view, "growth_per_round_lower_bound");
  verdict.growth_p = known_number(view, "growth_p");
  verdict.leaked_tasks_per_request = known_number(view, "leaked_tasks_per_request");
  verdict.bytes_per_leaked_task = known_number(view, "bytes_per_leaked_task");
  verdict.smallest_visible_rate = known_number(view, "smallest_visible_rate");
  return report;
}

std::vector<PercentilePoint> recorded_percentiles(const JsonView& view) {
  std::vector<PercentilePoint> points;
  for (const JsonView& pair : view.elements()) {
    const auto parts = pair.elements();
    if (parts.size() != 2) pair.fail("must be a percentile and its value");
    points.push_back({parts[0].number(), parts[1].number()});
  }
  return points;
}

std::vector<LeakSite> recorded_leak_sites(const JsonView& view) {
  std::vector<LeakSite> sites;
  for (const JsonView& site : view.elements()) sites.push_back(recorded_leak_site(site));
  return sites;
}

std::string in_words(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "not measured";
}

}  // namespace leakbench
