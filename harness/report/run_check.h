// Whether a finished run is good: its verdicts, bounds on its metrics, and leaks that are known.
// Pure but for the text it makes.
#ifndef LEAKBENCH_HARNESS_REPORT_RUN_CHECK_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_CHECK_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/metric_gate.h"
#include "harness/report/run_reader.h"
#include "harness/report/text_style.h"
#include "harness/verdict/allowlist.h"

namespace leakbench {

struct RunCheck {
  std::vector<MetricGate> gates;
  std::optional<Allowlist> baseline;  // leaks that are known
  bool strict = false;                // what is inconclusive fails
};

struct CheckResult {
  // The gravest: kIncomplete, kUnexpectedVerdict, kGateFailed, kInconclusive (if strict), kOk.
  // Without --strict an inconclusive verdict is an unexpected one, as it is for leakbench run, and
  // a bound on what was not measured is only named.
  ExitCode code = ExitCode::kOk;
  std::string text;  // lines for a person
};

// `complete` as read_complete_repetitions() gives them, `today` in UTC, for entries that expire.
// Throws Error(kIncomplete) when the run ended before its summary was written, and Error(kUsage)
// when a gate names an arm that the run does not have.
CheckResult check_run(const RecordedRun& run, const std::vector<RepetitionReport>& complete,
                      const RunCheck& check, std::chrono::sys_days today, Colour colour);

// An allowlist that accepts the places of every arm that is not as expected. Their reason names the
// day and is there to be replaced by a better one.
Allowlist baseline_of(const Summary& summary, std::chrono::sys_days today);

// What an allowlist sees of a site: its tasks that were left over, where that is not known those at
// the last response.
AllowSite allow_site(const LeakSite& site);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_CHECK_H_
