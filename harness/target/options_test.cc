#include "harness/target/options.h"

#include <gtest/gtest.h>

#include "harness/target/test_manifest.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;

TEST(Options, AreTheDefaultsOverlaidWithTheOverrides) {
  const Options options = effective_options(valid_manifest(), {{"step", "10ms"}});
  EXPECT_EQ(options, (Options{{"job-duration", "5s"}, {"step", "10ms"}, {"payload", "4096"}}));
}

TEST(Options, UnknownOnesAreErrorsThatNameTheNearestOrAllKnownOnes) {
  const auto error_with = [](const std::string& name) {
    return error_of([&] { effective_options(valid_manifest(), {{name, "1s"}}); }, ExitCode::kUsage);
  };
  EXPECT_EQ(error_with("job-duratoin"),
            "scenario orphaned-task has no option \"job-duratoin\"; did you mean "
            "\"job-duration\"?");
  EXPECT_EQ(error_with("tides"),
            "scenario orphaned-task has no option \"tides\"; known: job-duration, payload, step");
}

TEST(Options, DecideHowLongTheSettleWindowIs) {
  const Manifest manifest = valid_manifest();
  EXPECT_EQ(longest_task(manifest, manifest.options), milliseconds(5'000));
  EXPECT_EQ(settle_window(manifest, manifest.options), milliseconds(6'500));
  EXPECT_EQ(settle_window(manifest, effective_options(manifest, {{"job-duration", "200ms"}})),
            milliseconds(1'700));
}

TEST(Options, APlainDurationNeedsNoOption) {
  const Manifest manifest = valid_manifest(R"({"settle":{"longest_task":"3s"}})");
  EXPECT_EQ(settle_window(manifest, manifest.options), milliseconds(4'500));
}

TEST(Options, AnOverrideThatIsNoDurationIsAnError) {
  const Manifest manifest = valid_manifest();
  for (const char* value : {"long", "", "25h", "5", "-1s"}) {
    const std::string message = error_of(
        [&] {
          settle_window(manifest, effective_options(manifest, {{"job-duration", value}}));
        },
        ExitCode::kUsage);
    EXPECT_EQ(message,
              "scenario.json: /settle/longest_task: must be a duration of at most 24h such as "
              "\"5s\", \"{job-duration}\" is \"" +
                  std::string(value) + "\"");
  }
}

TEST(Options, ADurationThatIsNoneIsNamedOnce) {
  EXPECT_EQ(
      error_of([] { valid_manifest(R"({"settle":{"longest_task":"5"}})"); }, ExitCode::kUsage),
      "scenario.json: /settle/longest_task: must be a duration of at most 24h such as "
      "\"5s\", is \"5\"");
}

TEST(Options, LingerAfterMustLieInsideTheWindow) {
  const Manifest manifest = valid_manifest(R"({"settle":{"margin":"0s","linger_after":"1s"}})");
  const Options options = effective_options(manifest, {{"job-duration", "900ms"}});
  EXPECT_EQ(error_of([&] { settle_window(manifest, options); }, ExitCode::kUsage),
            "scenario.json: /settle/linger_after: 1s is behind the end of the settle window "
            "(longest_task + margin = 900ms): raise the margin");
}

TEST(Command, HasItsPlaceholdersFilledInAndTheOptionsAppended) {
  const Manifest manifest = valid_manifest();
  CommandValues values;
  values.bin_dir = "/opt/leak bench";
  values.variant = "with-context";
  values.port = 65'535;
  values.control_port = 1;
  values.options = effective_options(manifest, {{"payload", "{port}"}});
  EXPECT_EQ(
      expand_command(manifest, values),
      (std::vector<std::string>{"/opt/leak bench/server", "orphaned-task", "--variant",
                                "with-context", "--port", "65535", "--control-port", "1",
                                "--job-duration", "5s", "--payload", "{port}", "--step", "100ms"}));
}

CommandValues values_of(const Manifest& manifest) {
  CommandValues values;
  values.bin_dir = "/opt/bin";
  values.variant = "with-context";
  values.port = 1;
  values.control_port = 2;
  values.options = manifest.options;
  values.server = manifest.runtimes.front().server;
  values.services = {{"user", {3, 4}}, {"order", {5, 6}}};
  return values;
}

TEST(Command, CanNameTheRuntimesServerAndThePortsOfServices) {
  const Manifest manifest = parse_manifest(kManifestOfSeveralProcesses, "x.json");
  EXPECT_EQ(
      expand_command(manifest, values_of(manifest)),
      (std::vector<std::string>{"/opt/bin/leakbench-server", "api", "--variant", "with-context",
                                "--port", "1", "--control-port", "2", "--user", "127.0.0.1:3",
                                "--deadline", "2s", "--latency", "3s"}));
}

TEST(Command, OfAServiceHasItsOwnPortsAndOnlyTheOptionsItNames) {
  const Manifest manifest = parse_manifest(kManifestOfSeveralProcesses, "x.json");
  const CommandValues values = values_of(manifest);
  EXPECT_EQ(expand_command(manifest, values, manifest.services[0]),
            (std::vector<std::string>{"/opt/bin/leakbench-server", "user", "--port=3", "--slow=3s",
                                      "--control-port=4"}));
  EXPECT_EQ(expand_command(manifest, values, manifest.services[1]),
            (std::vector<std::string>{"/opt/bin/order", "5", "4"}));
}

TEST(Command, HasAnOptionOnceThatItNamesItselfOrTheEnvironmentDoes) {
  Manifest manifest =
      valid_manifest(R"({"command":["x","-s={step}"],"environment":{"SIZE":"{payload}"}})");
  const CommandValues values{.options = manifest.options};
  EXPECT_EQ(expand_command(manifest, values),
            (std::vector<std::string>{"x", "-s=100ms", "--job-duration", "5s"}));
}

TEST(Command, FindsTheServersFromAnyWorkingFolder) {
  Manifest manifest = parse_manifest(kManifestOfSeveralProcesses, "x.json");
  CommandValues values = values_of(manifest);
  values.bin_dir = "build/bin";
  EXPECT_EQ(expand_command(manifest, values)[0],
            (std::filesystem::current_path() / "build/bin/leakbench-server").string());
  manifest.working_folder.clear();
  EXPECT_EQ(expand_command(manifest, values)[0], "build/bin/leakbench-server");
}

TEST(Environment, IsTheManifestsOverlaidWithTheVariants) {
  using Variables = std::map<std::string, std::string>;
  const Manifest manifest = parse_manifest(kManifestOfSeveralProcesses, "x.json");
  CommandValues values = values_of(manifest);
  EXPECT_EQ(expand_environment(manifest, values), (Variables{{"LOG", ""}, {"PEER", "5"}}));
  values.variant = "without-context";
  EXPECT_EQ(expand_environment(manifest, values), (Variables{{"LOG", "x"}, {"PEER", "5"}}));
}

TEST(Environment, HasTheProcessesOwnPorts) {
  const Manifest manifest =
      valid_manifest(R"({"services":[{"name":"a","command":["a"]}],"environment":{"P":"{port}"}})");
  CommandValues values{.port = 1};
  values.services["a"] = {3, 4};
  EXPECT_EQ(expand_environment(manifest, values).at("P"), "1");
  EXPECT_EQ(expand_environment(manifest, values, &manifest.services[0]).at("P"), "3");
}

TEST(Command, TellsWhetherTheProcessHasAControlPort) {
  const Manifest several = parse_manifest(kManifestOfSeveralProcesses, "x.json");
  EXPECT_TRUE(has_control_port(several));
  EXPECT_TRUE(has_control_port(several, &several.services[0]));
  EXPECT_FALSE(has_control_port(several, &several.services[1]));  // names that of another one
  EXPECT_FALSE(
      has_control_port(valid_manifest(R"({"command":["x","{port}","{{control_port}}"]})")));
  EXPECT_TRUE(has_control_port(
      valid_manifest(R"({"command":["x"],"environment":{"CONTROL":":{control_port}"}})")));
}

TEST(Command, TellsWhetherItDependsOnTheFolderOfTheServers) {
  EXPECT_TRUE(depends_on_bin_dir(valid_manifest()));
  EXPECT_FALSE(depends_on_bin_dir(valid_manifest(R"({"command":["x"]})")));
  EXPECT_TRUE(depends_on_bin_dir(parse_manifest(kManifestOfSeveralProcesses, "x.json")));
}

TEST(Headline, ReadsAsASentence) {
  const Manifest manifest = valid_manifest();
  EXPECT_EQ(render_headline(manifest, manifest.load, manifest.options),
            "10,000 concurrent requests, each starts one 5 s task");
  const Manifest other = valid_manifest(
      R"({"headline":"{requests} {warmup_requests} {connections} {payload} {step}"})");
  EXPECT_EQ(render_headline(other, {999, 1'234'567, 0}, other.options),
            "1,234,567 0 999 4096 100 ms");
}

}  // namespace
}  // namespace leakbench
