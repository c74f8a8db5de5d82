#include "harness/cli/init_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "harness/cli/example_manifest.h"
#include "harness/cli/one_of.h"
#include "harness/report/atomic_file.h"
#include "harness/target/manifest.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

class InitCommand final : public Command {
 public:
  explicit InitCommand(CLI::App& app) {
    CLI::App* init = app.add_subcommand(
        "init", "Writes an example of a manifest, to measure a service of yours");
    init->add_option("file", file_, "Where to write it (*.json)")->capture_default_str();
    init->add_option("--kind", kind_,
                     "What counts its tasks: go (net/http/pprof), prometheus, leakbench or none")
        ->check(one_of({"go", "prometheus", "leakbench", "none"}))
        ->capture_default_str();
    init->add_option("--url", url_,
                     "For a server that runs already, on this machine, such as "
                     "http://127.0.0.1:8080");
    init->add_flag("--force", force_, "Overwrite the file if it is there");
    init->footer(
        "Exit status: 0 written, 1 internal error, 2 usage, or the file is there already.");
  }

  ExitCode run(const std::vector<std::string>&) override {
    const std::map<std::string, MetricsSourceKind> kinds = {
        {"go", MetricsSourceKind::kGo},
        {"prometheus", MetricsSourceKind::kPrometheus},
        {"leakbench", MetricsSourceKind::kLeakbench},
        {"none", MetricsSourceKind::kNone}};
    const std::string text = example_manifest(kinds.at(kind_), url_);
    try {
      (void)parse_manifest(text, "--url");
    } catch (const Error& error) {
      // Only what was given can be wrong.
      throw Error(error.exit_code(), fmt::format("cannot write a manifest: {}", error.what()));
    }
    write_manifest(file_, text, force_);
    const std::string word = shell_word(file_);
    fmt::print(
        "wrote {0}\n"
        "{1}, then take a quick look, and measure:\n"
        "  leakbench run {2} --requests 100 --concurrency 10 --pairs 1\n"
        "  leakbench run {2}\n",
        one_line(file_), url_.empty() ? "name the command in it" : "name the requests in it", word);
    if (kind_ == "none") {
      fmt::print("nothing counts its tasks: a run ends \"inconclusive\", with exit status 4\n");
    }
    return ExitCode::kOk;
  }

 private:
  std::string file_ = "leakbench.json";
  std::string kind_ = "go";
  std::string url_;
  bool force_ = false;
};

}  // namespace

void write_manifest(const std::filesystem::path& file, const std::string& text, bool overwrite) {
  if (!file.string().ends_with(".json")) {
    throw Error(ExitCode::kUsage,
                fmt::format("the file of a manifest ends in .json, which {} does not",
                            in_quotes(file.string())));
  }
  std::error_code error;
  if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(file, error))) {
    throw Error(ExitCode::kUsage,
                fmt::format("{} is there already: give another name, or --force to overwrite it",
                            one_line(file.string())));
  }
  const auto folder = std::filesystem::absolute(file, error).parent_path();
  if (!std::filesystem::is_directory(folder, error)) {
    throw Error(ExitCode::kUsage, fmt::format("there is no folder {}: make it, or give another one",
                                              one_line(folder.string())));
  }
  write_file_atomically(file, text);
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/+,:@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::unique_ptr<Command> add_init_command(CLI::App& app) {
  return std::make_unique<InitCommand>(app);
}

}  // namespace leakbench
