#include "harness/cli/check_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/report/atomic_file.h"
#include "harness/report/run_check.h"
#include "harness/target/wording.h"
#include "harness/verdict/allowlist_file.h"

namespace leakbench {
namespace {

constexpr const char* kCheckFooter =
    "Examples:\n"
    "  leakbench check results/reference\n"
    "  leakbench check RUN --fail-if 'with-context:leaked_tasks_per_request>0' --strict\n"
    "  leakbench check RUN --fail-if 'with-context:memory_peak_bytes>50MiB'\n"
    "  leakbench check RUN --write-baseline known-leaks.json\n"
    "  leakbench check RUN --baseline known-leaks.json\n"
    "\n"
    "A --fail-if is about the median over the repetitions, of one arm or, without a name, of all.\n"
    "leaked_tasks_per_request is above what the idle server had; live_tasks_settled counts that,\n"
    "too, and is not 0 of a sound server that has jobs of its own.\n"
    "Exit status, of several the first: 2 usage, or a file that is broken or was changed; 7 a\n"
    "file of a newer major version; 6 the run is incomplete; 4 a verdict is not as expected;\n"
    "3 a --fail-if holds; 5 with --strict: a verdict or bound is inconclusive; 0 good.\n"
    "With --write-baseline: 0 once it is written, and nothing is of a run that is incomplete.";

class CheckCommand final : public Command {
 public:
  explicit CheckCommand(CLI::App& app) {
    CLI::App* check = app.add_subcommand(
        "check", "Says whether a finished run is good: its verdicts, and bounds on its metrics");
    check->add_option("run", folder_, "Folder that leakbench run has written")
        ->type_name("RUN")
        ->required();
    check
        ->add_option("--fail-if", gates_,
                     "Bound to fail beyond, [ARM:]METRIC with >, >=, < or <= and a value, such as "
                     "'leaked_tasks_per_request>0' (may be given again)")
        ->type_name("BOUND")
        ->allow_extra_args(false);
    CLI::Option* baseline =
        check->add_option("--baseline", baseline_, "Allowlist of leaks that are known and accepted")
            ->type_name("FILE");
    check
        ->add_option("--write-baseline", write_baseline_,
                     "Writes such a file from the places of every arm that is not as expected")
        ->type_name("FILE")
        ->excludes(baseline);
    check->add_flag("--strict", strict_, "Fail also where nothing can be concluded");
    check->footer(kCheckFooter);
  }

  ExitCode run(const std::vector<std::string>&) override {
    RunCheck check;
    check.strict = strict_;
    for (const std::string& gate : gates_) check.gates.push_back(parse_metric_gate(gate));
    if (!baseline_.empty()) check.baseline = load_allowlist(baseline_);
    const RecordedRun run = read_run(folder_);
    // Refuses a summary that is not of its repetitions.
    const std::vector<RepetitionReport> complete = read_complete_repetitions(run);
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const Colour colour = choose_colour(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"));
    const CheckResult result = check_run(run, complete, check, today, colour);
    fmt::print("{}", result.text);
    if (write_baseline_.empty() || result.code == ExitCode::kIncomplete) return result.code;
    return write(baseline_of(*run.summary, today));
  }

 private:
  ExitCode write(const Allowlist& baseline) const {
    std::error_code ignored;
    if (std::filesystem::exists(write_baseline_, ignored)) {
      throw Error(ExitCode::kUsage,
                  fmt::format("{} is there already, perhaps with reasons that people wrote: remove "
                              "it first, or name another file",
                              in_quotes(write_baseline_)));
    }
    write_file_atomically(write_baseline_, to_json(baseline));
    const std::size_t places = baseline.entries.size();
    fmt::print("{}: {} {} known from now on; give each a reason of its own\n", write_baseline_,
               places, places == 1 ? "place" : "places");
    return ExitCode::kOk;
  }

  std::string folder_;
  std::vector<std::string> gates_;
  std::string baseline_;
  std::string write_baseline_;
  bool strict_ = false;
};

}  // namespace

std::unique_ptr<Command> add_check_command(CLI::App& app) {
  return std::make_unique<CheckCommand>(app);
}

}  // namespace leakbench
