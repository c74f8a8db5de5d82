#include "harness/run/run_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

Manifest manifest() {
  Manifest m;
  m.origin = "test.json";
  m.name = "test";
  m.options = {{"job-duration", "5s"}};
  m.load = {.connections = 100, .requests = 300, .warmup_requests = 10};
  m.settle.longest_task = "{job-duration}";
  m.runtimes = {{.name = "cpp", .server = "server"}, {.name = "go", .server = "server-go"}};
  m.variants = {{"without-context", Expectation::kLingering},
                {"with-context", Expectation::kClean}};
  return m;
}

std::string error_of(const RunRequest& request) {
  try {
    (void)make_plan(manifest(), request);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kUsage);
    return e.what();
  }
  return "no error";
}

TEST(DrawOrder, IsTheSameForTheSameSeed) {
  EXPECT_EQ(draw_order(2, 50, 7), draw_order(2, 50, 7));
  EXPECT_NE(draw_order(2, 50, 7), draw_order(2, 50, 8));
}

TEST(DrawOrder, HasEveryArmOnceInEveryBlockAndTossesAFairCoin) {
  int first_arm_first = 0;
  for (const auto& block : draw_order(2, 1'000, 1)) {
    EXPECT_EQ(std::set<std::size_t>(block.begin(), block.end()), (std::set<std::size_t>{0, 1}));
    first_arm_first += block[0] == 0 ? 1 : 0;
  }
  EXPECT_GT(first_arm_first, 430);
  EXPECT_LT(first_arm_first, 570);
}

TEST(RunPlan, TakesTheManifestsFiguresUnlessAskedOtherwise) {
  const RunPlan plan = make_plan(manifest(), {});
  EXPECT_EQ(plan.load.connections, 100);
  EXPECT_EQ(plan.load.requests, 300);
  EXPECT_EQ(plan.blocks, 3);
  EXPECT_EQ(plan.settle, std::chrono::seconds(7));
  EXPECT_EQ(plan.order.size(), 3u);
  EXPECT_EQ(make_plan(manifest(), {.requests = 1'000}).load.requests, 1'000);
}

TEST(RunPlan, CalibratesWithThisBuildTwiceWhateverTheCommandIs) {
  const RunPlan plan = make_plan(manifest(), {.variants = {"with-context"}, .calibrate = true});
  ASSERT_EQ(plan.arms.size(), 2u);
  EXPECT_EQ(plan.arms[0].name, "with-context@base");
  EXPECT_EQ(plan.arms[1].name, "with-context@control");
  EXPECT_EQ(plan.arms[0].bin_dir, plan.arms[1].bin_dir);
}

TEST(RunPlan, RefusesToCalibrateOtherBuilds) {
  const std::string error = error_of({.builds = {{"head", "/"}}, .calibrate = true});
  EXPECT_NE(error.find("--calibrate"), std::string::npos) << error;
  EXPECT_NE(error.find("--arm"), std::string::npos) << error;
}

TEST(Budget, IsNoneUnlessItIsAskedFor) {
  EXPECT_TRUE(another_block_fits(make_plan(manifest(), {}), 9, 100h, 100h));
}

TEST(Budget, AlwaysHasRoomForTheFirstBlock) {
  EXPECT_TRUE(another_block_fits(make_plan(manifest(), {.budget = 1ns}), 0, 0s, 0s));
}

TEST(Budget, HasRoomForABlockThatLastsAsLongAsTheLongestSoFar) {
  const RunPlan plan = make_plan(manifest(), {.budget = 300s});
  EXPECT_TRUE(another_block_fits(plan, 5, 250s, 50s));
  EXPECT_FALSE(another_block_fits(plan, 5, 250s, 51s));
  EXPECT_FALSE(another_block_fits(plan, 1, 301s, 0s));
}

TEST(RunPlan, KeepsTheRequestsPerConnectionWhenOnlyTheConnectionsChange) {
  EXPECT_EQ(make_plan(manifest(), {.connections = 7}).load.requests, 21);
}

std::vector<std::string> arms_of(const RunRequest& request) {
  std::vector<std::string> names;
  for (const Arm& arm : make_plan(manifest(), request).arms) names.push_back(arm.name);
  return names;
}

TEST(RunPlan, TakesTheFirstRuntimeUnlessAskedForAnotherOrAll) {
  EXPECT_EQ(arms_of({}), (std::vector<std::string>{"without-context", "with-context"}));
  EXPECT_EQ(arms_of({.runtime = "go"}),
            (std::vector<std::string>{"go-without-context", "go-with-context"}));
  EXPECT_EQ(arms_of({.variants = {"with-context"}, .runtime = "both"}),
            (std::vector<std::string>{"with-context", "go-with-context"}));
  EXPECT_EQ(make_plan(manifest(), {.runtime = "go"}).arms.front().runtime.server, "server-go");
}

TEST(RunPlan, NamesTheRuntimesThereAreWhenAskedForAnother) {
  const std::string error = error_of({.runtime = "rust"});
  EXPECT_NE(error.find("scenario test has no runtime \"rust\""), std::string::npos) << error;
  EXPECT_NE(error.find("cpp"), std::string::npos) << error;
}

TEST(RunPlan, RefusesARuntimeWhereThereAreNoneToChooseFrom) {
  Manifest plain = manifest();
  plain.runtimes = {{}};
  EXPECT_EQ(make_plan(plain, {}).arms.front().name, "without-context");
  EXPECT_THROW((void)make_plan(plain, {.runtime = "go"}), Error);
}

// Of the two runtimes only one has been built.
RunRequest without_go(const std::string& runtime) {
  return {.runtime = runtime, .exists = [](const std::filesystem::path& file) {
            return file.filename() != "server-go";
          }};
}

TEST(RunPlan, TakesBothRuntimesOrNone) {
  Manifest built = manifest();
  built.runtimes = {{.name = "cpp", .server = "{bin_dir}/server"},
                    {.name = "go", .server = "{bin_dir}/server-go"}};
  for (const char* asked_for : {"both", "go"}) {
    try {
      (void)make_plan(built, without_go(asked_for));
      FAIL() << asked_for;
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
      const std::string message = error.what();
      EXPECT_NE(message.find("server-go, so runtime go is not available"), std::string::npos)
          << message;
      EXPECT_NE(message.find("Go 1.19"), std::string::npos) << message;
    }
  }
  EXPECT_EQ(make_plan(built, without_go("cpp")).arms.size(), 2u);
}

TEST(RunPlan, GoesOnToTwiceTheRounds) {
  EXPECT_EQ(make_plan(manifest(), {}).rounds, 1);
  EXPECT_EQ(make_plan(manifest(), {}).most_rounds, 2);
  EXPECT_EQ(make_plan(manifest(), {.rounds = 5}).most_rounds, 10);
  Manifest with_rounds = manifest();
  with_rounds.load.rounds = 6;
  EXPECT_EQ(make_plan(with_rounds, {}).rounds, 6);
}

TEST(RunPlan, SettlesLongerForALongerJob) {
  EXPECT_EQ(make_plan(manifest(), {.options = {{"job-duration", "8s"}}}).settle,
            std::chrono::seconds(10));
}

TEST(RunPlan, WarmsUpWithNoMoreRequestsThanARoundHas) {
  EXPECT_EQ(make_plan(manifest(), {}).load.warmup_requests, 10);
  EXPECT_EQ(make_plan(manifest(), {.requests = 4, .connections = 4}).load.warmup_requests, 4);
}

TEST(RunPlan, RefusesAJobThatIsOverBeforeLingeringCouldBeSeen) {
  const std::string error = error_of({.options = {{"job-duration", "500ms"}}});
  EXPECT_NE(error.find("without-context is expected to linger"), std::string::npos) << error;
  EXPECT_NE(error.find("500ms ({job-duration})"), std::string::npos) << error;
  EXPECT_EQ(error_of({.variants = {"with-context"}, .options = {{"job-duration", "500ms"}}}),
            "no error");
}

TEST(RunPlan, RunsOnlyTheVariantsAskedForInTheManifestsOrder) {
  const RunPlan plan = make_plan(manifest(), {.variants = {"with-context"}});
  ASSERT_EQ(plan.arms.size(), 1u);
  EXPECT_EQ(plan.arms[0].name, "with-context");
  EXPECT_EQ(plan.order[0], (std::vector<std::size_t>{0}));
}

TEST(RunPlan, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of({.port = 8080, .control_port = 8080}),
            "--port and --control-port are both 8080; a server needs two ports");
  EXPECT_EQ(error_of({.requests = 99, .connections = 100}),
            "--requests 99 is fewer than --concurrency 100: every connection needs at least one "
            "request");
  EXPECT_EQ(error_of({.requests = 99}),
            "--requests 99 is fewer than /load/connections 100 in test.json: every connection "
            "needs at least one request");
  EXPECT_NE(error_of({.variants = {"with-contxt"}}).find("with-context"), std::string::npos);
  EXPECT_NE(error_of({.options = {{"job", "1s"}}}).find("job-duration"), std::string::npos);
}

TEST(RunPlan, NamesTheFieldsOfAManifestThatHasFewerRequestsThanConnections) {
  Manifest m = manifest();
  m.origin = "my.json";
  m.load.requests = 5;
  m.load.connections = 20;
  for (const std::optional<int> concurrency : {std::optional<int>(), std::optional<int>(3)}) {
    try {
      (void)make_plan(m, {.connections = concurrency});
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(),
                   "my.json: /load/requests 5 is fewer than /load/connections 20: every connection "
                   "needs at least one request");
    }
  }
}

Manifest manifest_with_builds() {
  Manifest m = manifest();
  m.command = {"{bin_dir}/server"};
  return m;
}

TEST(RunPlan, MeasuresEachVariantOfEveryBuild) {
  const auto here = std::filesystem::current_path();
  const RunPlan plan =
      make_plan(manifest_with_builds(), {.blocks = 4, .builds = {{"base", here}, {"head", "/"}}});
  std::vector<std::string> names;
  for (const Arm& arm : plan.arms) names.push_back(arm.name);
  EXPECT_EQ(names, (std::vector<std::string>{"without-context@base", "without-context@head",
                                             "with-context@base", "with-context@head"}));
  EXPECT_EQ(plan.arms[3].bin_dir, "/");
  EXPECT_EQ(plan.arms[3].variant.name, "with-context");
  EXPECT_EQ(plan.order.size(), 4u);
  EXPECT_EQ(plan.order[0].size(), 4u);
}

TEST(RunPlan, RefusesBuildsThatCannotBeCompared) {
  const auto error_with = [](const Manifest& m, const RunRequest& request) -> std::string {
    try {
      (void)make_plan(m, request);
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_with(manifest(), {.builds = {{"base", "/"}}}),
            "--arm: the command in test.json has no {bin_dir}, so that all builds of it are the "
            "same; give a manifest for each arm instead, as --arm base=FILE.json");
  EXPECT_EQ(error_with(manifest_with_builds(), {.builds = {{"a", "/"}, {"a", "/"}}}),
            "--arm: \"a\" is given twice");
  EXPECT_EQ(error_with(manifest_with_builds(), {.builds = {{"a", "/no/such"}}}),
            "--arm a: there is no folder /no/such");
}

// As manifest(), for a server of its own.
Manifest other_manifest(const std::string& origin) {
  Manifest m = manifest();
  m.origin = origin;
  m.command = {origin};
  m.runtimes = {{.name = "go", .server = origin + "-go"}, {.name = "cpp", .server = origin}};
  return m;
}

TEST(RunPlan, StartsTheServersOfAnArmByItsOwnManifest) {
  const RunPlan plan = make_plan(manifest(), {.variants = {"with-context"},
                                              .builds = {{"base", {}, other_manifest("old")},
                                                         {"head", {}, other_manifest("new")}}});
  ASSERT_EQ(plan.arms.size(), 2u);
  EXPECT_EQ(plan.manifest.origin, "test.json");
  EXPECT_EQ(plan.arms[0].name, "with-context@base");
  EXPECT_EQ(plan.arms[0].manifest.origin, "old");
  EXPECT_EQ(plan.arms[0].runtime.name, "go") << "the first of its own manifest";
  EXPECT_EQ(plan.arms[1].name, "with-context@head");
  EXPECT_EQ(plan.arms[1].manifest.command, std::vector<std::string>{"new"});
}

TEST(RunPlan, TakesARuntimeThatIsAskedForFromEveryManifest) {
  RunRequest request{.variants = {"with-context"},
                     .runtime = "cpp",
                     .builds = {{"base", {}, other_manifest("old")}}};
  EXPECT_EQ(make_plan(manifest(), request).arms[0].runtime.server, "old");
  request.builds[0].manifest->runtimes = {{.name = "go"}};
  EXPECT_THROW((void)make_plan(manifest(), request), Error);
}

TEST(RunPlan, MeasuresAFolderBesideAManifest) {
  const RunPlan plan = make_plan(manifest_with_builds(),
                                 {.builds = {{"base", "/"}, {"head", {}, other_manifest("new")}}});
  ASSERT_EQ(plan.arms.size(), 4u);
  EXPECT_EQ(plan.arms[0].manifest.origin, "test.json");
  EXPECT_EQ(plan.arms[0].bin_dir, "/");
  EXPECT_EQ(plan.arms[1].manifest.origin, "new");
  EXPECT_TRUE(plan.arms[1].bin_dir.empty());
}

TEST(RunPlan, RefusesManifestsThatAskForOtherWork) {
  Manifest other = other_manifest("new.json");
  other.load.requests = 301;
  EXPECT_EQ(error_of({.builds = {{"base", {}, manifest()}, {"head", {}, other}}}),
            "--arm head: new.json asks for other work than test.json: /load/requests is \"301\" "
            "instead of \"300\"; arms of one run must do the same, so make them equal");
}

}  // namespace
}  // namespace leakbench
