#include "harness/report/read_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/target/json_file.h"
#include "harness/target/wording.h"
#include "harness/verdict/median.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytesOfAFile = 256u << 20;
constexpr std::int64_t kMostCount = std::numeric_limits<std::int64_t>::max();

// A document with the names that its complaints carry.
struct File {
  std::string origin;
  nlohmann::json document;

  JsonView view() const { return {document, origin}; }
};

File read(const fs::path& path, std::string_view kind) {
  File file{one_line(path.string()), read_json_file(path, kMostBytesOfAFile)};
  check_schema(file.view(), kind, file.origin);
  return file;
}

[[noreturn]] void disagree(const JsonView& view, std::string_view with) {
  view.fail(fmt::format("does not agree with {}: this file or that one was changed", with));
}

// null, and in a file of an older version missing, is not measured.
std::optional<double> number_or_null(const std::optional<JsonView>& view) {
  if (!view || view->is_null()) return std::nullopt;
  return view->number();
}

std::string text_or_empty(const std::optional<JsonView>& view) {
  return !view || view->is_null() ? "" : view->text();
}

VerdictClass class_of(const JsonView& view) {
  const auto found = verdict_class_by_name(view.text());
  if (!found) view.fail("is no class of verdict: " + in_quotes(view.text()));
  return *found;
}

EvidenceStrength strength_of(const std::optional<JsonView>& view) {
  if (!view) return EvidenceStrength::kNone;  // written before there was one
  for (const auto strength : {EvidenceStrength::kNone, EvidenceStrength::kSuspected,
                              EvidenceStrength::kGrowing, EvidenceStrength::kProven}) {
    if (view->text() == evidence_strength_name(strength)) return strength;
  }
  view->fail("is no strength of evidence: " + in_quotes(view->text()));
}

VerdictReport verdict_of(const JsonView& view) {
  VerdictReport report;
  report.verdict.verdict_class = class_of(view.at("class"));
  report.verdict.reason = view.at("reason").text();
  report.verdict.strength = strength_of(view.find("strength"));
  report.expected = class_of(view.at("expected"));
  if (view.at("as_expected").boolean() != report.as_expected()) {
    disagree(view.at("as_expected"), "the class and what is expected");
  }
  return report;
}

std::optional<SourcePlace> place_of(const std::optional<JsonView>& view) {
  if (!view || view->is_null()) return std::nullopt;
  return SourcePlace{
      view->at("function").raw_text(), view->at("file").raw_text(),
      static_cast<int>(view->at("line").whole_number(0, std::numeric_limits<int>::max()))};
}

LeakSite site_of(const JsonView& view) {
  LeakSite site;
  site.name = view.at("name").raw_text();
  site.file = view.at("file").raw_text();
  site.line = static_cast<int>(view.at("line").whole_number(0, std::numeric_limits<int>::max()));
  site.function = view.at("function").raw_text();
  site.live = view.at("live").whole_number(0, kMostCount);
  for (const auto& [reason, count] : view.at("waits").members()) {
    site.waits[reason] = count.whole_number(0, kMostCount);
  }
  site.process = text_or_empty(view.find("process"));
  const auto settled = view.find("settled");
  if (settled && !settled->is_null()) site.settled = settled->whole_number(0, kMostCount);
  site.growth_per_round = number_or_null(view.find("growth_per_round"));
  site.waits_at = place_of(view.find("waits_at"));
  const auto wait = view.find("longest_wait_ns");
  if (wait && !wait->is_null()) site.longest_wait_ns = wait->whole_number(0, kMostCount);
  if (const auto proven = view.find("proven")) site.proven = proven->boolean();
  if (const auto example = view.find("example")) {
    for (const JsonView& call : example->elements()) site.example.push_back(call.raw_text());
  }
  const std::string because = text_or_empty(view.find("allowed_because"));
  if (!because.empty()) site.allowed_because = because;
  return site;
}

// Of reps/NNN_ARM.json.
struct Measured {
  std::string arm;
  MetricSet metrics;
  VerdictClass verdict_class = VerdictClass::kInconclusive;
};

Measured measured_of(const File& file, const JsonView& entry, const std::string& run_id) {
  const JsonView view = file.view();
  if (view.at("run_id").text() != run_id) disagree(view.at("run_id"), "run.json");
  if (view.at("index").whole_number(1, kMostCount) !=
      entry.at("index").whole_number(1, kMostCount)) {
    disagree(view.at("index"), "run.json");
  }
  for (const char* key : {"arm", "status"}) {
    if (view.at(key).text() != entry.at(key).text()) disagree(view.at(key), "run.json");
  }
  Measured measured;
  measured.arm = view.at("arm").text();
  for (const MetricInfo& info : all_metrics()) {
    measured.metrics[info.metric] = number_or_null(view.at("metrics").find(std::string(info.name)));
  }
  measured.verdict_class = class_of(view.at("verdict").at("class"));
  return measured;
}

// A name in run.json that leads out of the folder is not followed: a run may come from elsewhere.
fs::path inside(const fs::path& folder, const JsonView& name) {
  const fs::path relative = fs::path(name.line()).lexically_normal();
  if (relative.is_absolute() || *relative.begin() == "..")
    name.fail("leads out of the run's folder");
  return folder / relative;
}

std::vector<Measured> read_repetitions(const fs::path& folder, const File& run,
                                       FinishedRun& result) {
  std::vector<Measured> repetitions;
  for (const JsonView& entry : run.view().at("repetitions").elements()) {
    const std::string status = entry.at("status").text();
    if (status == "complete") {
      repetitions.push_back(
          measured_of(read(inside(folder, entry.at("file")), "repetition"), entry, result.id));
      continue;
    }
    const std::string error = text_or_empty(entry.find("error"));
    result.problems.push_back(fmt::format("repetition {} ({}) is {}{}{}",
                                          entry.at("index").whole_number(1, kMostCount),
                                          one_line(entry.at("arm").text()), one_line(status),
                                          error.empty() ? "" : ": ", one_line(error)));
  }
  return repetitions;
}

// The file has whole nanoseconds and bytes.
bool same_but_for_rounding(Metric metric, const std::optional<double>& a,
                           const std::optional<double>& b) {
  if (!a || !b) return a == b;
  const MetricUnit unit = metric_info(metric).unit;
  const bool whole = unit == MetricUnit::kNanoseconds || unit == MetricUnit::kBytes;
  return std::abs(*a - *b) <= (whole ? 1 : 1e-9 * std::abs(*b));
}

void read_metric(const JsonView& arm, const MetricInfo& info,
                 const std::vector<MetricSet>& measured, MetricSet& medians) {
  const auto view = arm.at("metrics").find(std::string(info.name));
  if (!view) return;  // of an older version
  std::vector<double> known;
  const auto values = view->at("values").elements();
  if (values.size() != measured.size()) disagree(view->at("values"), "the complete repetitions");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = number_or_null(values[i]);
    if (value != measured[i][info.metric]) disagree(values[i], "its repetition");
    if (value) known.push_back(*value);
  }
  const auto median_there = number_or_null(view->at("median"));
  if (!same_but_for_rounding(info.metric, median_there, median(std::move(known)))) {
    disagree(view->at("median"), "the values beside it");
  }
  medians[info.metric] = median_there;
}

void check_class(const JsonView& view, VerdictClass found,
                 const std::vector<Measured>& repetitions) {
  if (found == VerdictClass::kInconclusive) return;  // which repetitions that disagree make it, too
  for (const Measured& repetition : repetitions) {
    if (repetition.verdict_class != found) disagree(view, "the verdicts of the repetitions");
  }
}

FinishedArm arm_of(const JsonView& view, const std::vector<Measured>& all) {
  FinishedArm arm;
  arm.name = view.at("name").line();
  std::vector<Measured> own;
  std::copy_if(all.begin(), all.end(), std::back_inserter(own),
               [&](const Measured& measured) { return measured.arm == arm.name; });
  arm.repetitions = own.size();
  if (view.at("repetitions").whole_number(0, kMostCount) != static_cast<std::int64_t>(own.size())) {
    disagree(view.at("repetitions"), "run.json");
  }
  std::vector<MetricSet> measured;
  for (const Measured& repetition : own) measured.push_back(repetition.metrics);
  for (const MetricInfo& info : all_metrics()) read_metric(view, info, measured, arm.medians);
  arm.verdict = verdict_of(view.at("verdict"));
  check_class(view.at("verdict").at("class"), arm.verdict.verdict.verdict_class, own);
  for (const JsonView& site : view.at("leak_sites").elements()) {
    arm.leak_sites.push_back(site_of(site));
  }
  if (!measured.empty()) arm.settled_at_sites = measured.back()[Metric::kLiveTasksSettled];
  return arm;
}

void check_expectations(const JsonView& plan, const File& summary, const FinishedRun& run) {
  const auto variants = plan.at("variants").elements();
  if (variants.size() != run.arms.size()) disagree(summary.view().at("arms"), "run.json");
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const JsonView arm = summary.view().at("arms").elements()[i];
    if (variants[i].at("name").text() != run.arms[i].name) disagree(arm.at("name"), "run.json");
    if (class_of(variants[i].at("expect")) != run.arms[i].verdict.expected) {
      disagree(arm.at("verdict").at("expected"), "run.json");
    }
  }
}

}  // namespace

FinishedRun read_run(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ExitCode::kUsage,
                fmt::format("there is no folder {}: give one that leakbench run has written",
                            in_quotes(folder.string())));
  }
  const File run = read(folder / "run.json", "run");
  FinishedRun result;
  result.id = run.view().at("id").text();
  result.scenario = run.view().at("scenario").at("name").text();
  const std::string status = run.view().at("status").text();
  result.complete = status == "complete";
  if (!result.complete) result.problems.push_back("the run is " + one_line(status));
  if (!result.complete && !fs::exists(folder / "summary.json", ignored)) {
    throw Error(ExitCode::kIncomplete,
                fmt::format("{}: the run is {} and has no summary.json: nothing can be checked",
                            one_line(folder.string()), one_line(status)));
  }
  const std::vector<Measured> repetitions = read_repetitions(folder, run, result);
  const File summary = read(folder / "summary.json", "summary");
  const JsonView view = summary.view();
  if (view.at("run_id").text() != result.id) disagree(view.at("run_id"), "run.json");
  if (view.at("status").text() != status) disagree(view.at("status"), "run.json");
  for (const JsonView& arm : view.at("arms").elements()) {
    result.arms.push_back(arm_of(arm, repetitions));
  }
  check_expectations(run.view().at("plan"), summary, result);
  return result;
}

}  // namespace leakbench
