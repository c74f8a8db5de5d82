#include "harness/cli/run_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string_view>
#include <utility>

#include "harness/cli/duration_value.h"
#include "harness/cli/progress_style.h"
#include "harness/cli/scenario_files.h"
#include "harness/cli/show_command.h"
#include "harness/cli/whole_number.h"
#include "harness/report/profile_text.h"
#include "harness/report/sites_text.h"
#include "harness/report/table_text.h"
#include "harness/report/text_style.h"
#include "harness/report/verdict_text.h"
#include "harness/run/interrupt.h"
#include "harness/run/planted.h"
#include "harness/run/run_plan.h"
#include "harness/run/runner.h"
#include "harness/target/wording.h"
#include "harness/verdict/allowlist_file.h"

namespace leakbench {
namespace {

Options parse_options(const std::vector<std::string>& words) {
  Options options;
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error(
          ExitCode::kUsage,
          fmt::format("--set takes NAME=VALUE, such as job-duration=2s, not {}", in_quotes(word)));
    }
    options[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return options;
}

std::vector<Build> parse_builds(const std::vector<std::string>& words) {
  constexpr std::string_view kInNames =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::vector<Build> builds;
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos || name.empty() || equals + 1 == word.size() ||
        name.find_first_not_of(kInNames) != std::string::npos) {
      throw Error(ExitCode::kUsage,
                  fmt::format("--arm takes NAME=FOLDER, such as head=build/release/bin, or "
                              "NAME=FILE.json, a manifest, with letters, digits, '.', '_' and '-' "
                              "in the name, not {}",
                              in_quotes(word)));
    }
    const std::string value = word.substr(equals + 1);
    if (value.ends_with(".json")) {
      builds.push_back({name, {}, load_manifest(value)});
    } else {
      builds.push_back({name, std::filesystem::absolute(value)});
    }
  }
  return builds;
}

bool all_have_manifests(const std::vector<Build>& builds) {
  return !builds.empty() && std::all_of(builds.begin(), builds.end(), [](const Build& build) {
    return build.manifest.has_value();
  });
}

// Each kind once, in the order given.
std::vector<ProfileKind> parse_profiles(const std::vector<std::string>& words) {
  std::vector<ProfileKind> kinds;
  for (const std::string& word : words) {
    const auto kind = profile_kind_by_name(word);
    if (!kind) {
      throw Error(ExitCode::kUsage,
                  fmt::format("--profile takes cpu or heap, not {}", in_quotes(word)));
    }
    if (std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) kinds.push_back(*kind);
  }
  return kinds;
}

class RunCommand final : public Command {
 public:
  explicit RunCommand(CLI::App& app) {
    CLI::App* run = app.add_subcommand(
        "run", "Measures every variant of a scenario and says which of them leak");
    CLI::Option* scenario = run->add_option(
        "scenario", scenario_,
        "Name of a scenario (see `leakbench list`), or path of a manifest (*.json); where every "
        "--arm has a manifest of its own, the first of these without it");
    CLI::Option* all = run->add_flag(
        "--all", all_,
        "Every scenario, those with planted leaks first: a leakbench that does not find exactly "
        "what was planted is broken, and the others are not run");
    constexpr std::uint64_t kMostConnections = 1'000'000;
    constexpr std::uint64_t kMostRequests = 1'000'000'000;
    constexpr std::uint64_t kMostRepetitions = 10'000;
    constexpr std::uint64_t kLastPort = 65'535;
    run->add_option("--requests", request_.requests,
                    "Requests per round, over all connections (default: the scenario's)")
        ->check(whole_number(1, kMostRequests));
    run->add_option("--concurrency,--connections", request_.connections,
                    "Connections, all open at once before the first request (default: the "
                    "scenario's)")
        ->check(whole_number(1, kMostConnections));
    pairs_ = run->add_option("--pairs", request_.blocks,
                             "Blocks: how often each variant is measured, in a fresh server each "
                             "time (with --calibrate 10 without it)")
                 ->check(whole_number(1, kMostRepetitions))
                 ->capture_default_str();
    run->add_option("--budget", budget_,
                    "Start no block that would not end within this time, such as 300s; the first "
                    "is always measured")
        ->check(duration_value());
    run->add_flag("--calibrate", request_.calibrate,
                  "Measure each variant twice in each block, as VARIANT@base and VARIANT@control "
                  "of this build: what differs is what this machine cannot tell apart");
    run->add_option("--rounds", request_.rounds,
                    "Rounds of load in one server; 5 or more show growth (default: the scenario's)")
        ->check(whole_number(1, kMostRepetitions));
    run->add_option("--variant", request_.variants, "Only this variant (may be given again)");
    run->add_option("--runtime", request_.runtime,
                    "Servers in which language: a runtime of the scenario, such as cpp or go, or "
                    "both, which must all be there (default: the scenario's first)");
    run->add_option("--arm", builds_,
                    "Build of the servers to compare as NAME=FOLDER, the folder with its binaries, "
                    "or as NAME=FILE.json, a manifest that starts its servers for the same work; "
                    "each variant is measured of every build (may be given again)")
        ->allow_extra_args(false);
    run->add_option("--profile", profiles_,
                    "cpu or heap: after all blocks takes such a profile of each arm, in a "
                    "repetition that is not timed, and prints its first ten functions (may be "
                    "given again)")
        ->allow_extra_args(false);
    run->add_option("--set", options_, "Option of the server as NAME=VALUE (may be given again)");
    run->add_option("--seed", request_.seed, "Seed of the order of the variants (default: random)")
        ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
    run->add_option("--port", request_.port, "Port of the server (default: a free one)")
        ->check(whole_number(1, kLastPort));
    run->add_option("--control-port", request_.control_port,
                    "Control port of the server (default: a free one)")
        ->check(whole_number(1, kLastPort));
    run->add_option("--out", out_, "Folder to make the run's folder of results in")
        ->capture_default_str();
    run->add_option("--baseline", baseline_,
                    "File of leaks that are known and accepted (see docs/verdict.md), so that only "
                    "new ones fail");
    scenario->excludes(all);
    for (const char* of_one : {"--requests", "--concurrency", "--variant", "--arm", "--set",
                               "--port", "--control-port", "--calibrate"}) {
      all->excludes(run->get_option(of_one));
    }
    run->add_flag("--quiet", quiet_, "No progress, only results and errors");
    run->footer(
        "Results go to stdout, everything else to stderr. Exit status: 0 verdicts as expected,\n"
        "1 internal error, 2 usage or configuration, 4 unexpected verdict, 6 server failed or run\n"
        "incomplete, 7 a file of a newer major version, 8 machine unfit, 129, 130 or 143\n"
        "interrupted (finished repetitions are kept).");
  }

  ExitCode run(const std::vector<std::string>& argv) override {
    request_.options = parse_options(options_);
    request_.builds = parse_builds(builds_);
    if (!all_ && scenario_.empty() && !all_have_manifests(request_.builds)) {
      throw Error(ExitCode::kUsage,
                  "which scenario? give the name of one (see leakbench list), the path of a "
                  "manifest (*.json), or --all; see leakbench run --help");
    }
    request_.profiles = parse_profiles(profiles_);
    if (!baseline_.empty()) request_.baseline = load_allowlist(baseline_);
    if (request_.calibrate && pairs_->count() == 0) request_.blocks = kCalibrationBlocks;
    if (!budget_.empty()) request_.budget = accepted_duration(budget_);
    settings_ = {.out = out_,
                 .argv = argv,
                 .tool_version = LEAKBENCH_VERSION,
                 .progress = progress_style(quiet_)};
    const Interrupt interrupt;
    return all_ ? run_suite(interrupt) : run_one(interrupt);
  }

 private:
  // One scenario of a suite, once it has been run.
  struct SuiteEntry {
    std::string name;
    ExitCode code = ExitCode::kOk;
    std::filesystem::path folder;
  };

  ExitCode run_one(const Interrupt& interrupt) {
    const RunOutcome outcome =
        measure(scenario_.empty() ? *request_.builds.front().manifest
                                  : load_manifest(find_manifest(scenario_, scenarios_folder())),
                interrupt);
    if (request_.calibrate) {
      fmt::print(stderr, "what this machine can see: scripts/compare.py {} --calibrate\n",
                 outcome.folder.string());
    }
    if (outcome.failure) throw *outcome.failure;
    return code_of(outcome);
  }

  // The table and the verdicts go to stdout, whatever came of the run. Throws Error when it was
  // interrupted.
  RunOutcome measure(Manifest manifest, const Interrupt& interrupt) {
    const RunPlan plan = make_plan(std::move(manifest), request_);
    RunOutcome outcome = run_plan(plan, settings_, interrupt.context());
    print(outcome);
    if (const auto signal = interrupt.signal()) {
      throw Error(static_cast<ExitCode>(128 + *signal),
                  fmt::format("interrupted; what was finished is in {}", outcome.folder.string()));
    }
    return outcome;
  }

  static ExitCode code_of(const RunOutcome& outcome) {
    if (outcome.failure) return outcome.failure->exit_code();
    return outcome.summary.as_expected ? ExitCode::kOk : ExitCode::kUnexpectedVerdict;
  }

  ExitCode run_suite(const Interrupt& interrupt) {
    std::vector<Manifest> manifests = suite_manifests();
    std::vector<SuiteEntry> entries;
    for (Manifest& manifest : manifests) {
      const std::string name = manifest.name;
      const RunOutcome outcome = measure(std::move(manifest), interrupt);
      if (outcome.failure) fmt::print(stderr, "leakbench: {}\n", outcome.failure->what());
      entries.push_back({name, code_of(outcome), outcome.folder});
      fmt::print("\n");
      if (!outcome.summary.control_failures.empty()) {
        print_suite(entries, manifests.size());
        throw Error(ExitCode::kUnexpectedVerdict,
                    fmt::format("harness broken: {}; nothing else was run",
                                outcome.summary.control_failures.front()));
      }
    }
    print_suite(entries, manifests.size());
    return std::max_element(
               entries.begin(), entries.end(),
               [](const SuiteEntry& a, const SuiteEntry& b) { return a.code < b.code; })
        ->code;
  }

  // The controls first.
  std::vector<Manifest> suite_manifests() const {
    const auto folder = scenarios_folder();
    std::vector<Manifest> manifests;
    for (const std::string& name : list_scenarios(folder)) {
      manifests.push_back(load_manifest(find_manifest(name, folder)));
    }
    const auto others = std::stable_partition(manifests.begin(), manifests.end(), is_control);
    if (others == manifests.begin()) {
      throw Error(ExitCode::kUsage,
                  fmt::format("no scenario in {} has planted leaks, so that nothing shows that "
                              "leaks are found at all",
                              folder.string()));
    }
    return manifests;
  }

  static void print_suite(const std::vector<SuiteEntry>& entries, std::size_t scenarios) {
    fmt::print("{} of {} scenarios run\n", entries.size(), scenarios);
    for (const SuiteEntry& entry : entries) {
      fmt::print("  {:<24} {:<14} {}\n", entry.name,
                 entry.code == ExitCode::kOk                  ? "as expected"
                 : entry.code == ExitCode::kUnexpectedVerdict ? "not as expected"
                                                              : "failed",
                 entry.folder.string());
    }
    check_stdout("");
  }

  static void print(const RunOutcome& outcome) {
    const Colour colour = choose_colour(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"));
    const bool measured =
        std::any_of(outcome.summary.arms.begin(), outcome.summary.arms.end(),
                    [](const ArmSummary& arm) { return !arm.repetitions.empty(); });
    if (measured) fmt::print("{}\n", table_text(outcome.summary, colour));
    fmt::print("{}", verdict_text(outcome.summary, colour));
    for (const std::string& warning : outcome.summary.warnings) {
      fmt::print("warning: {}\n", warning);
    }
    fmt::print("{}\n{}results: {}\n", sites_text(outcome.summary),
               profile_text(outcome.profiles, colour), outcome.folder.string());
    check_stdout(fmt::format("; they are in {}", outcome.folder.string()));
  }

  static void check_stdout(const std::string& where_else) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
    throw Error(ExitCode::kInternal, "cannot write the results to stdout" + where_else);
  }

  // As many as a comparison takes by default: what it can see depends on their number.
  static constexpr int kCalibrationBlocks = 10;

  std::string scenario_;
  bool all_ = false;
  RunRequest request_;
  RunSettings settings_;
  std::string baseline_;
  CLI::Option* pairs_ = nullptr;
  std::vector<std::string> options_;
  std::vector<std::string> builds_;
  std::vector<std::string> profiles_;
  std::string budget_;
  std::string out_ = "results";
  bool quiet_ = false;
};

class ListCommand final : public Command {
 public:
  explicit ListCommand(CLI::App& app) {
    CLI::App* list =
        app.add_subcommand("list", "Lists the scenarios, their variants and the options to --set");
    runs_ = list->add_option("--runs", runs_folder_,
                             "Lists the runs in this folder instead (default: results)")
                ->type_name("[FOLDER]")
                ->expected(0, 1);
  }

  ExitCode run(const std::vector<std::string>&) override {
    if (runs_->count() > 0) return list_runs(runs_folder_.empty() ? "results" : runs_folder_);
    const auto folder = scenarios_folder();
    for (const std::string& name : list_scenarios(folder)) {
      const Manifest manifest = load_manifest(find_manifest(name, folder));
      fmt::print("{}: {}\n", manifest.name, manifest.title);
      for (const VariantSpec& variant : manifest.variants) {
        fmt::print("  --variant {}  (expected: {})\n", variant.name, to_string(variant.expect));
      }
      for (const auto& [option, value] : manifest.options) {
        fmt::print("  --set {}={}\n", option, value);
      }
    }
    fmt::print("What the options do: leakbench-server --help\n");
    return ExitCode::kOk;
  }

 private:
  CLI::Option* runs_ = nullptr;
  std::string runs_folder_;
};

}  // namespace

std::unique_ptr<Command> add_run_command(CLI::App& app) {
  return std::make_unique<RunCommand>(app);
}

std::unique_ptr<Command> add_list_command(CLI::App& app) {
  return std::make_unique<ListCommand>(app);
}

}  // namespace leakbench
