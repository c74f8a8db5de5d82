#include "harness/cli/show_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "harness/report/run_list.h"
#include "harness/report/run_reader.h"
#include "harness/report/run_text.h"
#include "harness/report/text_style.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

Colour colour_of_stdout() {
  return choose_colour(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"));
}

void print(const std::string& text) {
  fmt::print("{}", text);
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error(ExitCode::kInternal, "cannot write to stdout");
  }
}

std::vector<RepetitionTimeline> timelines_of(const RecordedRun& run) {
  std::vector<RepetitionTimeline> timelines;
  for (RepetitionReport& report : read_complete_repetitions(run)) {
    RepetitionTimeline timeline{std::move(report), {}};
    if (timeline.report.samples_file) {
      timeline.samples = read_live_tasks(run.folder / *timeline.report.samples_file);
    }
    timelines.push_back(std::move(timeline));
  }
  return timelines;
}

class ShowCommand final : public Command {
 public:
  explicit ShowCommand(CLI::App& app) {
    CLI::App* show = app.add_subcommand(
        "show", "Shows a finished run: table, verdicts, live tasks over time, leak sites");
    show->add_option("run", folder_, "A folder that leakbench run has written")->required();
    show->footer(
        "Exit status: 0 shown, whatever the verdicts are, 1 internal error, 2 no run, or a file of "
        "it\nthat is broken or was edited, 6 no repetition is complete, 7 written by a newer major "
        "version.");
  }

  ExitCode run(const std::vector<std::string>&) override {
    const RecordedRun run = read_run(folder_);
    const auto repetitions = timelines_of(run);
    print(run_text(run, repetitions, colour_of_stdout()));
    if (repetitions.empty()) {
      throw Error(ExitCode::kIncomplete,
                  fmt::format("{} has no complete repetition", one_line(folder_)));
    }
    return ExitCode::kOk;
  }

 private:
  std::string folder_;
};

}  // namespace

std::unique_ptr<Command> add_show_command(CLI::App& app) {
  return std::make_unique<ShowCommand>(app);
}

ExitCode list_runs(const std::filesystem::path& folder) {
  const RunList list = read_runs(folder);
  if (!list.runs.empty()) print(run_list_text(list.runs, colour_of_stdout()));
  for (const Error& error : list.broken) fmt::print(stderr, "leakbench: {}\n", error.what());
  if (!list.broken.empty()) return list.broken.front().exit_code();
  if (list.runs.empty()) {
    fmt::print(stderr, "leakbench: no run in {}\n", one_line(folder.string()));
  }
  return ExitCode::kOk;
}

}  // namespace leakbench
