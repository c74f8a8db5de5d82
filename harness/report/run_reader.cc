#include "harness/report/run_reader.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/report/recorded_json.h"
#include "harness/report/run_agreement.h"
#include "harness/report/summary_reader.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 2'000;  // of a function: templates have long ones

template <typename Status>
Status recorded_status(const JsonView& view, std::initializer_list<Status> all) {
  const std::string word = view.line();
  std::vector<std::string> words;
  for (const Status status : all) {
    if (word == status_name(status)) return status;
    words.emplace_back(status_name(status));
  }
  view.fail(fmt::format("must be one of {}, is {}", listed(words), in_quotes(word)));
}

RepetitionStatus repetition_status(const JsonView& view) {
  using enum RepetitionStatus;
  return recorded_status(view, {kPlanned, kRunning, kComplete, kFailed, kInterrupted});
}

RunStatus run_status(const JsonView& view) {
  using enum RunStatus;
  return recorded_status(view, {kRunning, kComplete, kFailed, kInterrupted});
}

std::optional<std::string> known_line(const JsonView& object, const std::string& key) {
  const auto found = known(object, key);
  return found ? std::optional(found->line()) : std::nullopt;
}

// A path relative to the run's folder that does not lead out of it.
std::string inner_path(const JsonView& view) {
  const std::string path = view.line();
  const fs::path parts(path);
  bool leads_out = parts.is_absolute();
  for (const fs::path& part : parts) leads_out = leads_out || part == "..";
  if (leads_out) view.fail("must be a file in the run's folder, is " + in_quotes(path));
  return path;
}

PlannedVariant read_variant(const JsonView& view) {
  PlannedVariant variant;
  variant.name = view.at("name").line();
  variant.expected = recorded_class(view.at("expect"));
  variant.variant = known_line(view, "variant").value_or(variant.name);
  variant.runtime = known_line(view, "runtime").value_or("");
  variant.build = known_line(view, "build").value_or("");
  variant.manifest = known_line(view, "manifest").value_or("");
  return variant;
}

PlanReport read_plan(const JsonView& view) {
  PlanReport plan;
  plan.blocks = recorded_index(view.at("blocks"));
  plan.rounds = recorded_index(view.at("rounds"));
  plan.most_rounds = plan.rounds;
  if (const auto most = known(view, "most_rounds")) plan.most_rounds = recorded_index(*most);
  plan.connections = recorded_count(view.at("connections"));
  plan.requests = recorded_count(view.at("requests"));
  plan.warmup_requests = recorded_count(view.at("warmup_requests"));
  plan.settle_ns = recorded_count(view.at("settle_ns"));
  plan.drain_limit_ns = recorded_count(view.at("drain_limit_ns"));
  plan.linger_after_ns = recorded_count(view.at("linger_after_ns"));
  plan.sample_interval_ns = recorded_count(view.at("sample_interval_ns"));
  for (const JsonView& variant : view.at("variants").elements()) {
    plan.variants.push_back(read_variant(variant));
  }
  for (const JsonView& block : view.at("order").elements()) {
    plan.order.push_back(recorded_lines(block));
  }
  return plan;
}

PlannedRepetition read_planned(const JsonView& view) {
  PlannedRepetition planned;
  planned.index = recorded_index(view.at("index"));
  planned.block = recorded_index(view.at("block"));
  planned.arm = view.at("arm").line();
  planned.status = repetition_status(view.at("status"));
  if (const auto file = known(view, "file")) planned.file = inner_path(*file);
  planned.error = known_line(view, "error");
  return planned;
}

FunctionProfile read_functions(const JsonView& taken) {
  FunctionProfile profile;
  profile.total = recorded_count(taken.at("total"));
  for (const JsonView& view : taken.at("functions").elements()) {
    // A name is whatever the compiler made of it.
    profile.functions.push_back({one_line(view.at("name").raw_text(), kLongestName),
                                 recorded_count(view.at("self")),
                                 recorded_count(view.at("with_callees"))});
  }
  return profile;
}

TakenProfile read_taken(const JsonView& view) {
  TakenProfile taken;
  const JsonView moment = view.at("moment");
  const auto known_moment = profile_moment_by_name(moment.line());
  if (!known_moment) moment.fail("must be round, after or settled, is " + in_quotes(moment.line()));
  taken.moment = *known_moment;
  taken.file = inner_path(view.at("file"));
  if (const auto text = known(view, "text_file")) taken.text_file = inner_path(*text);
  if (known(view, "functions")) taken.top = read_functions(view);
  taken.problem = known_line(view, "problem");
  return taken;
}

ProfileReport read_profile(const JsonView& view) {
  ProfileReport report;
  report.index = recorded_index(view.at("index"));
  report.arm = view.at("arm").line();
  const JsonView kind = view.at("kind");
  const auto known_kind = profile_kind_by_name(kind.line());
  if (!known_kind) kind.fail("must be cpu or heap, is " + in_quotes(kind.line()));
  report.kind = *known_kind;
  report.status = repetition_status(view.at("status"));
  report.error = known_line(view, "error");
  for (const JsonView& taken : view.at("profiles").elements()) {
    report.profiles.push_back(read_taken(taken));
  }
  return report;
}

PhaseReport read_phase(const JsonView& view) {
  PhaseReport phase;
  phase.name = view.at("name").line();
  phase.round = static_cast<int>(view.at("round").whole_number(0, 1'000'000'000));
  phase.start_ns = recorded_count(view.at("start_ns"));
  phase.end_ns = view.at("end_ns").whole_number(phase.start_ns, kMostWhole);
  return phase;
}

RoundReport read_round(const JsonView& view) {
  RoundReport round;
  round.round = recorded_index(view.at("round"));
  round.metrics = recorded_metrics(view.at("metrics"));
  if (const auto drained = known(view, "drained")) round.drained = drained->boolean();
  return round;
}

CounterReport read_counter(const JsonView& view) {
  return {view.at("label").line(), recorded_unit(view.at("unit")),
          known_number(view, "per_request")};
}

// That this is the repetition which run.json lists in its place.
void check_identity(const JsonView& view, const RepetitionReport& found,
                    const PlannedRepetition& planned, const std::string& run_id) {
  const auto require = [&](const std::string& key, bool agrees) {
    if (!agrees) view.at(key).fail("is not what run.json says of this file");
  };
  require("run_id", found.run_id == run_id);
  require("index", found.index == planned.index);
  require("block", found.block == planned.block);
  require("arm", found.arm == planned.arm);
  require("status", found.status == planned.status);
}

}  // namespace

RunReport read_run_report(const fs::path& folder) {
  std::error_code ignored;
  const std::string name = one_line(folder.string());
  if (!fs::is_directory(folder, ignored)) {
    throw Error(
        ExitCode::kUsage,
        fmt::format("no run folder {}: give a folder that leakbench run has written", name));
  }
  const fs::path file = folder / "run.json";
  if (!fs::exists(file, ignored)) {
    throw Error(ExitCode::kUsage, fmt::format("{} is not a run folder: it has no run.json", name));
  }
  const nlohmann::json document = read_recorded(file, "run");
  const JsonView view(document, one_line(file.string()));
  RunReport run;
  run.id = view.at("id").line();
  run.tool_version = view.at("tool_version").line();
  run.started_utc = view.at("started_utc").line();
  run.finished_utc = known_line(view, "finished_utc");
  run.status = run_status(view.at("status"));
  const JsonView scenario = view.at("scenario");
  run.scenario = {scenario.at("name").line(), scenario.at("title").line(),
                  scenario.at("manifest").line()};
  run.plan = read_plan(view.at("plan"));
  for (const JsonView& repetition : view.at("repetitions").elements()) {
    run.repetitions.push_back(read_planned(repetition));
  }
  if (const auto profiles = known(view, "profiles")) {
    for (const JsonView& profile : profiles->elements()) {
      run.profiles.push_back(read_profile(profile));
    }
  }
  for (const JsonView& warning : view.at("warnings").elements()) {
    run.warnings.push_back({warning.at("id").line(), warning.at("message").line()});
  }
  return run;
}

RecordedRun read_run(const fs::path& folder) {
  RecordedRun run;
  run.folder = folder;
  run.report = read_run_report(folder);
  const fs::path summary = folder / "summary.json";
  if (std::error_code ignored; fs::exists(summary, ignored)) {
    run.summary = read_summary(summary, run.report);
  } else if (run.report.status == RunStatus::kComplete) {
    throw Error(ExitCode::kUsage,
                fmt::format("{} is complete but has no summary.json", one_line(folder.string())));
  }
  return run;
}

std::optional<RepetitionReport> read_repetition(const RecordedRun& run,
                                                const PlannedRepetition& planned) {
  if (!planned.file) return std::nullopt;
  const fs::path file = run.folder / *planned.file;
  const nlohmann::json document = read_recorded(file, "repetition");
  const JsonView view(document, one_line(file.string()));
  RepetitionReport report;
  report.run_id = view.at("run_id").line();
  report.index = recorded_index(view.at("index"));
  report.block = recorded_index(view.at("block"));
  report.arm = view.at("arm").line();
  report.variant = view.at("variant").line();
  report.status = repetition_status(view.at("status"));
  check_identity(view, report, planned, run.report.id);
  report.started_utc = view.at("started_utc").line();
  report.duration_ns = recorded_count(view.at("duration_ns"));
  for (const JsonView& phase : view.at("phases").elements()) {
    report.phases.push_back(read_phase(phase));
  }
  for (const JsonView& round : view.at("rounds").elements()) {
    report.rounds.push_back(read_round(round));
  }
  report.metrics = recorded_metrics(view.at("metrics"));
  if (const auto counters = known(view, "counters")) {
    for (const JsonView& counter : counters->elements()) {
      report.counters.push_back(read_counter(counter));
    }
  }
  if (const auto warnings = known(view, "warnings")) report.warnings = recorded_lines(*warnings);
  report.live_tasks_baseline = known_count(view, "live_tasks_baseline");
  const JsonView times = view.at("response_time");
  report.response_time = {recorded_count(times.at("count")),
                          recorded_percentiles(times.at("percentiles"))};
  report.leak_sites = recorded_leak_sites(view.at("leak_sites"));
  report.verdict = recorded_verdict(view.at("verdict"));
  if (const auto samples = known(view, "samples_file")) report.samples_file = inner_path(*samples);
  return report;
}

std::vector<RepetitionReport> read_complete_repetitions(const RecordedRun& run) {
  std::vector<RepetitionReport> complete;
  for (const PlannedRepetition& planned : run.report.repetitions) {
    if (planned.status != RepetitionStatus::kComplete) continue;
    auto repetition = read_repetition(run, planned);
    if (!repetition) {
      throw Error(ExitCode::kUsage,
                  fmt::format("{}: repetition {} is complete but has no file",
                              one_line((run.folder / "run.json").string()), planned.index));
    }
    complete.push_back(std::move(*repetition));
  }
  if (run.summary) check_agreement(run.folder / "summary.json", *run.summary, complete);
  return complete;
}

}  // namespace leakbench
