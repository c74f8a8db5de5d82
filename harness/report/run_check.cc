#include "harness/report/run_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/report/sites_text.h"
#include "harness/report/verdict_text.h"
#include "harness/target/wording.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

std::int64_t tasks_that_count(const LeakSite& site, VerdictClass found) {
  return found == VerdictClass::kLeaking ? site.settled.value_or(site.live) : site.live;
}

struct CountedSite {
  AllowSite site;
  bool known = false;  // the run itself was told to accept it
};

// Of an arm, its sites as an allowlist sees them; those of no task that counts are left out.
std::vector<CountedSite> sites_that_count(const ArmSummary& arm) {
  std::vector<CountedSite> sites;
  for (const LeakSite& site : arm.leak_sites) {
    CountedSite counted{allow_site(site), site.allowed_because.has_value()};
    if (!counted.known) {
      counted.site.live = tasks_that_count(site, arm.verdict.verdict.verdict_class);
    }
    if (counted.site.live > 0) sites.push_back(std::move(counted));
  }
  return sites;
}

// Tasks that the last round of a repetition has left over. Its sites are of these: without the
// tasks of the idle server, and of no earlier round alone.
std::int64_t left_over(const RepetitionReport& repetition) {
  if (repetition.rounds.empty()) return 0;
  const auto settled = repetition.rounds.back().metrics[Metric::kLiveTasksSettled];
  return static_cast<std::int64_t>(settled.value_or(0)) -
         repetition.live_tasks_baseline.value_or(0);
}

// Of the tasks that make an arm unexpected, those whose places are accepted.
struct Excuse {
  std::int64_t accepted = 0;
  std::int64_t of = 0;

  bool suffices() const { return of > 0 && accepted >= of; }
};

std::string refusal_text(const Excuse& excuse) {
  if (excuse.of <= 0) return "not accepted: where its tasks were started is not known";
  return fmt::format("not accepted: the accepted places hold {} of {}",
                     humanise_count(static_cast<double>(excuse.accepted)),
                     humanise_tasks(static_cast<double>(excuse.of)));
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
                                   status_with_error(repetition.status, repetition.error)));
  }
  return problems;
}

class Checker {
 public:
  Checker(const RecordedRun& run, const std::vector<RepetitionReport>& complete,
          const RunCheck& check, std::chrono::sys_days today, Colour colour)
      : run_(run.report),
        summary_(summary_of(run)),
        complete_(complete),
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
    const std::optional<Excuse> excuse = excuse_of(arm);
    const bool known = excuse && excuse->suffices();
    add(code_of(arm.verdict, known), verdict_sentence(arm.name, arm.verdict, colour_));
    if (known) {
      add(ExitCode::kOk, fmt::format("{}: accepted, since all of its places are in {}", arm.name,
                                     check_.baseline->origin));
      return;
    }
    if (arm.verdict.as_expected()) return;
    text_ += sites_text(arm.name, arm.leak_sites);
    if (excuse) text_ += arm.name + ": " + refusal_text(*excuse) + "\n";
  }

  ExitCode code_of(const VerdictReport& report, bool known) const {
    if (report.as_expected() || known) return ExitCode::kOk;
    const bool inconclusive = report.verdict.verdict_class == VerdictClass::kInconclusive;
    return inconclusive && check_.strict ? ExitCode::kInconclusive : ExitCode::kUnexpectedVerdict;
  }

  // What the baseline accepts of an arm that leaves more behind than expected; nullopt of any
  // other.
  std::optional<Excuse> excuse_of(const ArmSummary& arm) {
    if (!check_.baseline) return std::nullopt;
    const std::vector<CountedSite> counted = sites_that_count(arm);
    std::vector<AllowSite> sites;
    for (const CountedSite& each : counted) sites.push_back(each.site);
    const Acceptance acceptance = accept(*check_.baseline, sites, today_);
    acceptances_.push_back(acceptance);
    const VerdictClass found = arm.verdict.verdict.verdict_class;
    const bool too_much = found == VerdictClass::kLeaking || found == VerdictClass::kLingering;
    if (arm.verdict.as_expected() || arm.verdict.expected == VerdictClass::kLeaking || !too_much) {
      return std::nullopt;
    }
    Excuse excuse;
    for (std::size_t i = 0; i < counted.size(); ++i) {
      excuse.of += sites[i].live;
      if (counted[i].known || acceptance.by_site[i]) excuse.accepted += sites[i].live;
    }
    // Tasks that no site is known of are nobody's to accept.
    if (found == VerdictClass::kLeaking) excuse.of = std::max(excuse.of, left_over_by(arm));
    return excuse;
  }

  // In the repetition that the sites of the arm are of.
  std::int64_t left_over_by(const ArmSummary& arm) const {
    const auto last =
        std::find_if(complete_.rbegin(), complete_.rend(),
                     [&](const RepetitionReport& report) { return report.arm == arm.name; });
    return last == complete_.rend() ? 0 : left_over(*last);
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
  const std::vector<RepetitionReport>& complete_;
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

CheckResult check_run(const RecordedRun& run, const std::vector<RepetitionReport>& complete,
                      const RunCheck& check, std::chrono::sys_days today, Colour colour) {
  return Checker(run, complete, check, today, colour).result();
}

Allowlist baseline_of(const Summary& summary, std::chrono::sys_days today) {
  Allowlist baseline;
  std::set<std::pair<std::string, std::string>> seen;
  for (const ArmSummary& arm : summary.arms) {
    if (arm.verdict.as_expected() || arm.verdict.expected == VerdictClass::kLeaking) continue;
    for (const auto& [site, known] : sites_that_count(arm)) {
      if (known) continue;
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
