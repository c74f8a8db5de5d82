#include "harness/cli/command_line_error.h"

#include <gtest/gtest.h>

#include "harness/cli/check_command.h"
#include "harness/cli/load_command.h"
#include "harness/cli/run_command.h"
#include "harness/cli/show_command.h"

namespace leakbench {
namespace {

std::string explained(const std::vector<std::string>& words) {
  CLI::App app("", "leakbench");
  app.require_subcommand(1);
  const auto run = add_run_command(app);
  const auto check = add_check_command(app);
  const auto show = add_show_command(app);
  const auto load = add_load_command(app);
  try {
    app.parse(
        std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes the last first
  } catch (const CLI::ParseError& error) {
    return explain(error, app, words);
  }
  return "no error";
}

TEST(CommandLineError, NamesTheOptionThatWasProbablyMeant) {
  EXPECT_EQ(explained({"run", "orphaned-task", "--pair", "3"}),
            "there is no option --pair; did you mean --pairs? See leakbench run --help");
  EXPECT_EQ(explained({"run", "orphaned-task", "--varaint=with-context"}),
            "there is no option --varaint; did you mean --variant? See leakbench run --help");
  EXPECT_EQ(explained({"load", "http://127.0.0.1:1/", "--conections", "3"}),
            "there is no option --conections; did you mean --connections? See leakbench load "
            "--help");
  EXPECT_EQ(explained({"--versoin"}), "there is no option --versoin; see leakbench --help")
      << "here is no --version";
}

TEST(CommandLineError, SaysSoWhereNothingIsNear) {
  EXPECT_EQ(explained({"run", "orphaned-task", "--colour"}),
            "there is no option --colour; see leakbench run --help");
}

// What is missing is then missing only because of the slip of the pen.
TEST(CommandLineError, PrefersAnUnknownOptionToWhatItMadeGoMissing) {
  EXPECT_EQ(explained({"check", "--strct"}),
            "there is no option --strct; did you mean --strict? See leakbench check --help");
}

TEST(CommandLineError, SaysWhichRunsThereAreToGive) {
  EXPECT_EQ(explained({"show"}),
            "which run? give the folder of one, such as `leakbench show results/reference`; "
            "`leakbench list --runs` lists those in results/; see leakbench show --help");
  EXPECT_NE(explained({"check", "--strict"}).find("`leakbench check results/reference`"),
            std::string::npos);
}

TEST(CommandLineError, SaysWhichServerToGive) {
  EXPECT_EQ(explained({"load"}),
            "which server? give its URL, such as `leakbench load http://127.0.0.1:8080/`; see "
            "leakbench load --help");
}

TEST(CommandLineError, SuggestsCommands) {
  EXPECT_EQ(explained({"shwo"}), "no command \"shwo\"; did you mean \"show\"?");
  EXPECT_EQ(explained({}), "which command? run, check, show, load; see leakbench --help");
}

TEST(CommandLineError, KeepsWhatTheParserSaysOfAValue) {
  EXPECT_NE(explained({"run", "orphaned-task", "--pairs", "0"}).find("--pairs"), std::string::npos);
}

}  // namespace
}  // namespace leakbench
