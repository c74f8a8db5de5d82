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

TEST(CommandLineError, SaysWhatAValueMustBe) {
  EXPECT_EQ(explained({"run", "orphaned-task", "--pairs", "0"}),
            "--pairs: must be a whole number from 1 to 10000, is \"0\"; see leakbench run --help");
  EXPECT_EQ(
      explained({"load", "http://127.0.0.1:1/", "--engine", "foo"}),
      "--engine: must be one of auto, epoll, io_uring, is \"foo\"; see leakbench load --help");
  EXPECT_EQ(explained({"load", "http://127.0.0.1:1/", "--model", "clsoed"}),
            "--model: must be one of closed, burst, constant, poisson, ramp, stairs, is "
            "\"clsoed\"; did you mean closed? See leakbench load --help");
}

TEST(CommandLineError, SaysWhatANumberMustBe) {
  for (const char* rate : {"-1", "abc", "1,x", "inf"}) {
    EXPECT_NE(explained({"load", "http://127.0.0.1:1/", std::string("--rate=") + rate})
                  .find("--rate: must be a number, 0 or more, is \""),
              std::string::npos)
        << rate;
  }
  EXPECT_EQ(explained({"load", "http://127.0.0.1:1/", "--connect-rate", "0"}),
            "--connect-rate: must be a number, more than 0, is \"0\"; see leakbench load --help");
  EXPECT_EQ(explained({"load", "http://127.0.0.1:1/", "--rate", "1.5,1e3"}), "no error");
}

TEST(CommandLineError, SaysThatAValueIsMissing) {
  EXPECT_EQ(explained({"run", "orphaned-task", "--pairs"}),
            "--pairs needs a value: 1..10000; see leakbench run --help");
  EXPECT_EQ(explained({"run", "orphaned-task", "--seed"}).substr(0, 23), "--seed needs a value: 0");
  EXPECT_EQ(explained({"run", "orphaned-task", "--variant"}),
            "--variant needs a value; see leakbench run --help");
  EXPECT_EQ(explained({"check", "x", "--baseline"}),
            "--baseline needs a value: FILE; see leakbench check --help");
}

TEST(CommandLineError, SaysWhatDoesNotGoTogether) {
  EXPECT_EQ(explained({"run", "orphaned-task", "--all"}),
            "a scenario and --all do not go together: leave one out; see leakbench run --help");
  EXPECT_EQ(explained({"check", "x", "--baseline", "a", "--write-baseline", "b"}),
            "--baseline and --write-baseline do not go together: leave one out; see leakbench "
            "check --help");
}

TEST(CommandLineError, NamesTheWordThatIsTooMany) {
  EXPECT_EQ(explained({"run", "orphaned-task", "again"}),
            "\"again\" is one word too many; see leakbench run --help");
}

TEST(CommandLineError, TakesConnectionsOfARunUnderTheNameThatTheyHaveElsewhere) {
  EXPECT_EQ(explained({"run", "orphaned-task", "--connections", "5"}), "no error");
  EXPECT_EQ(explained({"run", "orphaned-task", "--conections", "5"}),
            "there is no option --conections; did you mean --connections? See leakbench run "
            "--help");
}

}  // namespace
}  // namespace leakbench
