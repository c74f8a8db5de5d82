#include "harness/report/warnings.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

Environment quiet_environment() {
  Environment environment;
  environment.cores_online = 2;
  environment.load_average_1m = 0.5;
  environment.somaxconn = 10000;
  environment.build.build_type = "Release";
  return environment;
}

constexpr WarningInputs kInputs = {10000, false};

// The only warning there is; an empty one, and a failure, when there is another number of them.
Warning only_warning(const std::vector<Warning>& warnings) {
  EXPECT_EQ(warnings.size(), 1U);
  return warnings.size() == 1 ? warnings.front() : Warning{};
}

TEST(EnvironmentWarnings, AQuietReleaseMachineHasNone) {
  EXPECT_TRUE(environment_warnings(quiet_environment(), kInputs).empty());
}

TEST(EnvironmentWarnings, TellsOfOtherWorkAboveHalfALoadPerCore) {
  Environment environment = quiet_environment();
  environment.load_average_1m = 1.0;
  EXPECT_TRUE(environment_warnings(environment, kInputs).empty());
  environment.load_average_1m = 1.25;
  const Warning warning = only_warning(environment_warnings(environment, kInputs));
  EXPECT_EQ(warning.id, "load-average");
  EXPECT_EQ(warning.message,
            "other work is running: the 1-minute load average is 1.25 on 2 cores and disturbs "
            "times and CPU; wait until it is below 1.00");
}

TEST(EnvironmentWarnings, TellsOfASanitizerBuild) {
  Environment environment = quiet_environment();
  environment.build.sanitizers = "address,undefined";
  const Warning warning = only_warning(environment_warnings(environment, kInputs));
  EXPECT_EQ(warning.id, "sanitizer-build");
  EXPECT_EQ(warning.message,
            "this build has sanitizers (address,undefined) and is several times slower and larger; "
            "measure with cmake --preset release");
}

TEST(EnvironmentWarnings, TellsOfABuildThatIsNotRelease) {
  Environment environment = quiet_environment();
  environment.build.build_type = "Debug";
  const Warning warning = only_warning(environment_warnings(environment, kInputs));
  EXPECT_EQ(warning.id, "build-type");
  EXPECT_EQ(warning.message,
            "the build type is Debug, not Release, and its times do not count; measure with cmake "
            "--preset release");
  environment.build.build_type = "";
  EXPECT_EQ(only_warning(environment_warnings(environment, kInputs)).message,
            "the build type is not set, not Release, and its times do not count; measure with "
            "cmake --preset release");
}

TEST(EnvironmentWarnings, TellsOfASharedCore) {
  const Warning warning = only_warning(environment_warnings(quiet_environment(), {10000, true}));
  EXPECT_EQ(warning.id, "shared-core");
  EXPECT_EQ(warning.message,
            "the server and the load generator share a core, so that each slows the other; give "
            "leakbench at least two cores");
}

TEST(EnvironmentWarnings, TellsOfAListenQueueShorterThanTheHandshakesUnderWay) {
  Environment environment = quiet_environment();
  environment.somaxconn = 4096;
  EXPECT_TRUE(environment_warnings(environment, {4096, false}).empty());
  const Warning warning = only_warning(environment_warnings(environment, kInputs));
  EXPECT_EQ(warning.id, "somaxconn");
  EXPECT_EQ(
      warning.message,
      "net.core.somaxconn is 4,096, below the 10,000 handshakes that are under way at once, so "
      "that they can overflow the server's queue; raise it with sysctl -w "
      "net.core.somaxconn=10000");
}

TEST(EnvironmentWarnings, GivesAllThatApplyInAFixedOrder) {
  Environment environment = quiet_environment();
  environment.load_average_1m = 9;
  environment.somaxconn = 1;
  environment.build.build_type = "RelWithDebInfo";
  environment.build.sanitizers = "thread";
  std::vector<std::string> ids;
  for (const Warning& warning : environment_warnings(environment, {10000, true})) {
    ids.push_back(warning.id);
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"load-average", "sanitizer-build", "build-type",
                                           "shared-core", "somaxconn"}));
}

TEST(EnvironmentWarnings, IsSilentAboutWhatTheEnvironmentDoesNotTell) {
  Environment environment;
  environment.build.build_type = "Release";
  EXPECT_TRUE(environment_warnings(environment, kInputs).empty());
}

}  // namespace
}  // namespace leakbench
