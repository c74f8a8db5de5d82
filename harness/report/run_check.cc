#include "harness/report/run_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/report/sites_text.h"
#include "harness/report/verdict_text.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

std::int64_t tasks_that_count(const LeakSite& site, VerdictClass found) {
  return found == VerdictClass::kLeaking ? site.settled.value_or(site.live) : site.live;
}

// Of an arm, its sites as an allowlist sees them; those of no task that counts are left out.
std::vector<AllowSite> sites_that_count(const ArmSummary& arm) {
  std::vector<AllowSite> sites;
  for (const LeakSite& site : arm.leak_sites) {
    const std::int64_t tasks = tasks_that_count(site, arm.verdict.verdict.verdict_class);
    if (tasks <= 0 || site.allowed_because) continue;
    sites.push_back(allow_site(site));
    sites.back().live = tasks;
  }
  return sites;
}

// Tasks that no site is known of are nobody's to accept.
bool sites_account_for_all(const ArmSummary& arm) {
  if (arm.verdict.verdict.verdict_class != VerdictClass::kLeaking) return true;
  double tasks = 0;
  for (const LeakSite& site : arm.leak_sites) {
    tasks += static_cast<double>(tasks_that_count(site, VerdictClass::kLeaking));
  }
  // The sites are those of the last repetition.
  const MetricSet& measured = arm.repetitions.back();
  return tasks >= measured[Metric::kLiveTasksSettled].value_or(0);
}

const Summary& summary_of(const RecordedRun& run) {
  if (run.summary) return *run.summary;
  throw Error(ExitCode::kIncomplete,
              fmt::format("{}: the run is {} and has no summary.json: nothing can be checked",
                          one_line(run.folder.string()), status_name(run.report.status)));
}

// Why the run is not complete, one line each.
std::vector<std::string> problems_of(const RunReport& run) {
  std::vector<std::string> problems;
  if (run.status != RunStatus::kComplete) {
    problems.push_back(fmt::format("the run is {}", status_name(run.status)));
  }
  for (const PlannedRepetition& repetition : run.repetitions) {
    if (repetition.status == RepetitionStatus::kComplete) continue;
    problems.push_back(fmt::format("repetition {} ({}) is {}", repetition.index, repetition.arm,
                                   status_name(repetition.status)));
    if (repetition.error) problems.back() += ": " + *repetition.error;
  }
  return problems;
}

class Checker {
 public:
  Checker(const RecordedRun& run, const RunCheck& check, std::chrono::sys_days today, Colour colour)
      : run_(run.report),
        summary_(summary_of(run)),
        check_(check),
        today_(today),
        colour_(colour) {}

  CheckResult result() {
    for (const std::string& problem : problems_of(run_)) {
      add(ExitCode::kIncomplete, fmt::format("incomplete: {}", problem));
    }
    for (const ArmSummary& arm : summary_.arms) check_verdict(arm);
    for (const std::string& failure : summary_.control_failures) {
      add(ExitCode::kUnexpectedVerdict, control_failure_sentence(failure, colour_));
    }
    for (const MetricGate& gate : check_.gates) check_gate(gate);
    if (check_.baseline) {
      for (const auto& remark : allowlist_remarks(*check_.baseline, acceptances_, today_)) {
        add(ExitCode::kOk, "note: " + remark);
      }
    }
    return {gravest(), std::move(text_)};
  }

 private:
  void add(ExitCode code, const std::string& line) {
    codes_.insert(code);
    text_ += line + "\n";
  }

  ExitCode gravest() const {
    for (const ExitCode code : {ExitCode::kIncomplete, ExitCode::kUnexpectedVerdict,
                                ExitCode::kGateFailed, ExitCode::kInconclusive}) {
      if (codes_.contains(code)) return code;
    }
    return ExitCode::kOk;
  }

  void check_verdict(const ArmSummary& arm) {
    if (arm.repetitions.empty()) {
      add(ExitCode::kIncomplete, arm.name + ": not measured, no repetition is complete");
      return;
    }
    const bool known = accepted(arm);
    add(code_of(arm.verdict, known), verdict_sentence(arm.name, arm.verdict, colour_));
    if (known) {
      add(ExitCode::kOk, fmt::format("{}: accepted, since all of its places are in {}", arm.name,
                                     check_.baseline->origin));
    } else if (!arm.verdict.as_expected()) {
      text_ += sites_text(arm.name, arm.leak_sites);
    }
  }

  ExitCode code_of(const VerdictReport& report, bool known) const {
    if (report.as_expected() || known) return ExitCode::kOk;
    const bool inconclusive = report.verdict.verdict_class == VerdictClass::kInconclusive;
    return inconclusive && check_.strict ? ExitCode::kInconclusive : ExitCode::kUnexpectedVerdict;
  }

  // Whether the arm leaves more behind than expected, and all of it is known.
  bool accepted(const ArmSummary& arm) {
    if (!check_.baseline) return false;
    const std::vector<AllowSite> sites = sites_that_count(arm);
    const Acceptance acceptance = accept(*check_.baseline, sites, today_);
    acceptances_.push_back(acceptance);
    const VerdictClass found = arm.verdict.verdict.verdict_class;
    const bool too_much = found == VerdictClass::kLeaking || found == VerdictClass::kLingering;
    if (arm.verdict.as_expected() || arm.verdict.expected == VerdictClass::kLeaking || !too_much) {
      return false;
    }
    return !sites.empty() && sites_account_for_all(arm) &&
           std::all_of(acceptance.by_site.begin(), acceptance.by_site.end(),
                       [](const auto& entry) { return entry.has_value(); });
  }

  void check_gate(const MetricGate& gate) {
    bool found = false;
    for (const ArmSummary& arm : summary_.arms) {
      if (!gate.arm.empty() && gate.arm != arm.name) continue;
      found = true;
      const auto& value = arm.medians[gate.metric];
      const std::string text = gate_text(gate, arm.name, value);
      switch (outcome_of(gate, value)) {
        case GateOutcome::kKept:
          add(ExitCode::kOk, "kept: " + text);
          break;
        case GateOutcome::kFailed:
          add(ExitCode::kGateFailed, styled("failed", kRed, colour_) + ": " + text);
          break;
        case GateOutcome::kInconclusive:
          add(check_.strict ? ExitCode::kInconclusive : ExitCode::kOk,
              styled("inconclusive", kYellow, colour_) + ": " + text);
      }
    }
    if (found) return;
    std::vector<std::string> names;
    for (const ArmSummary& arm : summary_.arms) names.push_back(arm.name);
    throw Error(ExitCode::kUsage,
                fmt::format("--fail-if {}: the run has no arm {}; {}", in_quotes(gate.text),
                            in_quotes(gate.arm), suggestion(gate.arm, names)));
  }

  const RunReport& run_;
  const Summary& summary_;
  const RunCheck& check_;
  const std::chrono::sys_days today_;
  const Colour colour_;
  std::set<ExitCode> codes_;
  std::string text_;
  std::vector<Acceptance> acceptances_;
};

// What names the place for the longest time: lines move with every edit, functions seldom do.
std::string pattern_of_place(const AllowPlace& place) {
  constexpr std::size_t kLongEnough = 3;
  if (place.function.size() >= kLongEnough) return place.function;
  if (place.line > 0) return fmt::format("{}:{}", place.file, place.line);
  return place.name;
}

}  // namespace

CheckResult check_run(const RecordedRun& run, const RunCheck& check, std::chrono::sys_days today,
                      Colour colour) {
  return Checker(run, check, today, colour).result();
}

Allowlist baseline_of(const Summary& summary, std::chrono::sys_days today) {
  Allowlist baseline;
  std::set<std::pair<std::string, std::string>> seen;
  for (const ArmSummary& arm : summary.arms) {
    if (arm.verdict.as_expected() || arm.verdict.expected == VerdictClass::kLeaking) continue;
    for (const AllowSite& site : sites_that_count(arm)) {
      AllowEntry entry;
      entry.started_at = pattern_of_place(site.started_at);
      if (site.waits_at) entry.waits_at = pattern_of_place(*site.waits_at);
      entry.reason = "known since " + date_text(today);
      if (!seen.emplace(*entry.started_at, entry.waits_at.value_or("")).second) continue;
      baseline.entries.push_back(std::move(entry));
    }
  }
  return baseline;
}

AllowSite allow_site(const LeakSite& site) {
  AllowSite seen;
  seen.started_at = {site.name, site.function, site.file, site.line};
  if (site.waits_at) {
    seen.waits_at =
        AllowPlace{"", site.waits_at->function, site.waits_at->file, site.waits_at->line};
  }
  seen.example = site.example;
  seen.live = site.settled.value_or(site.live);
  return seen;
}

}  // namespace leakbench
