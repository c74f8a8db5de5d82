// run.json: plan, environment and the state of every repetition. Written first and again as
// repetitions end. Plain data that the runner fills.
#ifndef LEAKBENCH_HARNESS_REPORT_RUN_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/environment.h"
#include "harness/report/option_list.h"
#include "harness/report/profile_report.h"
#include "harness/report/status.h"
#include "harness/report/warnings.h"
#include "harness/verdict/verdict.h"

namespace leakbench {

struct ScenarioReport {
  std::string name;
  std::string title;
  std::string manifest;  // path
};

struct PlannedVariant {
  std::string name;
  VerdictClass expected = VerdictClass::kClean;
  OptionList options;
  std::string variant = {};   // of which the arm is one
  std::string runtime = {};   // empty in a manifest that names none
  std::string build = {};     // empty: this one
  std::string manifest = {};  // path; empty: not recorded
};

struct PlanReport {
  int blocks = 1;
  int rounds = 1;
  int most_rounds = 1;  // where the planned ones cannot tell whether the tasks still grow
  std::int64_t connections = 0;
  std::int64_t requests = 0;
  std::int64_t warmup_requests = 0;
  std::int64_t settle_ns = 0;
  std::int64_t drain_limit_ns = 0;
  std::int64_t linger_after_ns = 0;
  std::int64_t sample_interval_ns = 0;
  std::vector<PlannedVariant> variants;         // the arms, in the manifest's order
  std::vector<std::vector<std::string>> order;  // arms of each block, as they are run
};

struct PlannedRepetition {
  int index = 1;
  int block = 1;
  std::string arm;
  RepetitionStatus status = RepetitionStatus::kPlanned;
  std::optional<std::string> file;   // relative to the run's folder, once it is written
  std::optional<std::string> error;  // one line
};

struct RunReport {
  std::string id;  // RunFolder::id()
  std::string tool_version;
  std::string started_utc;
  std::optional<std::string> finished_utc;
  RunStatus status = RunStatus::kRunning;
  std::vector<std::string> argv;
  std::uint64_t seed = 0;
  ScenarioReport scenario;
  PlanReport plan;
  std::vector<PlannedRepetition> repetitions;
  std::vector<ProfileReport> profiles;  // those asked for, each a repetition that is not timed
  Environment environment;
  std::vector<Warning> warnings;
};

// The text of the file.
std::string to_json(const RunReport& report);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_REPORT_H_
