#include "harness/target/manifest.h"

#include <gtest/gtest.h>

#include <chrono>

#include "harness/target/test_manifest.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string error_in(const std::string& text) {
  return error_of([&] { parse_manifest(text, "my.json"); }, ExitCode::kUsage);
}

std::string error_after(const char* patch) { return error_in(patched_manifest(patch)); }

TEST(Manifest, ReadsEveryKey) {
  const Manifest manifest = valid_manifest();
  EXPECT_EQ(manifest.origin, "scenario.json");
  EXPECT_EQ(manifest.name, "orphaned-task");
  EXPECT_EQ(manifest.title, "The handler starts background work and answers");
  EXPECT_EQ(manifest.command.size(), 8u);
  EXPECT_EQ(manifest.command.front(), "{bin_dir}/server");
  EXPECT_EQ(manifest.options,
            (Options{{"job-duration", "5s"}, {"step", "100ms"}, {"payload", "4096"}}));
  EXPECT_EQ(manifest.ready.path, "/ready");
  EXPECT_EQ(manifest.ready.timeout, seconds(7));
  EXPECT_EQ(manifest.requests.front().method, "POST");
  EXPECT_EQ(manifest.requests.front().path, "/work?x=1");
  EXPECT_EQ(manifest.load.connections, 10'000);
  EXPECT_EQ(manifest.load.requests, 20'000);
  EXPECT_EQ(manifest.load.warmup_requests, 1'000);
  EXPECT_EQ(manifest.settle.margin, milliseconds(1'500));
  EXPECT_EQ(manifest.settle.linger_after, milliseconds(500));
  EXPECT_EQ(manifest.runtimes.front().metrics_sources.front().kind, MetricsSourceKind::kLeakbench);
  ASSERT_EQ(manifest.variants.size(), 2u);
  EXPECT_EQ(manifest.variants[0].name, "without-context");
  EXPECT_EQ(manifest.variants[0].expect, Expectation::kLingering);
  EXPECT_EQ(manifest.variants[1].expect, Expectation::kClean);
  ASSERT_EQ(manifest.published.size(), 1u);
  EXPECT_EQ(manifest.published[0].metric, "response_time_mean_ns");
  EXPECT_EQ(manifest.published[0].without, 1.9e9);
  EXPECT_EQ(manifest.published[0].with, std::nullopt);
  EXPECT_EQ(manifest.published[0].change_percent, -26.5);
}

TEST(Manifest, FillsInWhatMayBeLeftOut) {
  const Manifest manifest = valid_manifest(
      R"({"headline":null,"options":null,"ready":null,"request":null,"published":null,
          "load":{"warmup_requests":null},
          "settle":{"longest_task":"3s","margin":null,"linger_after":null},
          "metrics_source":"none"})");
  EXPECT_EQ(manifest.headline, "{connections} concurrent requests");
  EXPECT_TRUE(manifest.options.empty());
  EXPECT_EQ(manifest.ready.path, "");  // accepts connections
  EXPECT_EQ(manifest.ready.timeout, seconds(10));
  EXPECT_EQ(manifest.requests.front().method, "GET");
  EXPECT_EQ(manifest.requests.front().path, "/");
  EXPECT_EQ(manifest.load.warmup_requests, 0);
  EXPECT_EQ(manifest.settle.margin, seconds(2));
  EXPECT_EQ(manifest.settle.linger_after, seconds(1));
  EXPECT_EQ(manifest.runtimes.front().metrics_sources.front().kind, MetricsSourceKind::kNone);
  EXPECT_TRUE(manifest.published.empty());
}

TEST(Manifest, NamesTheLineAndColumnOfWhatIsNotJson) {
  EXPECT_EQ(error_in("{\n  \"name\": oops\n}").substr(0, 45),
            "my.json: line 2, column 11: not JSON: syntax ");
  EXPECT_EQ(error_in("").substr(0, 35), "my.json: line 1, column 1: not JSON");
  EXPECT_EQ(error_in("{\"a\":\xff}").substr(0, 35), "my.json: line 1, column 6: not JSON");
  EXPECT_EQ(error_in("{\"load\":1e999}").substr(0, 18), "my.json: not JSON:");
}

TEST(Manifest, NamesThePathAndTheValueThatIsWrong) {
  EXPECT_EQ(error_after(R"({"load":{"connections":0}})"),
            "my.json: /load/connections: must be at least 1, is 0");
  EXPECT_EQ(error_after(R"({"load":{"connections":18446744073709551615}})"),
            "my.json: /load/connections: must be at most 1000000, is 18446744073709551615");
  EXPECT_EQ(error_after(R"({"load":{"requests":1.5}})"),
            "my.json: /load/requests: must be a whole number, is a number (1.5)");
  EXPECT_EQ(error_after(R"({"load":{"requests":"many"}})"),
            "my.json: /load/requests: must be a whole number, is a string (\"many\")");
  EXPECT_EQ(error_after(R"({"load":[]})"), "my.json: /load: must be an object, is an array");
  EXPECT_EQ(error_after(R"({"title":""})"), "my.json: /title: must not be empty");
  EXPECT_EQ(error_after(R"({"title":"a\nb"})"),
            "my.json: /title: must be a single line without control characters, is \"a\\x0ab\"");
  EXPECT_EQ(error_after(R"({"options":{"payload":4096}})"),
            "my.json: /options/payload: must be a string, is a number (4096): write \"4096\"");
  EXPECT_EQ(error_after(R"({"command":["a","b\u0000c"]})"),
            "my.json: /command/1: must not contain the character U+0000");
  EXPECT_EQ(error_after(R"({"ready":{"timeout":"soon"}})"),
            "my.json: /ready/timeout: must be a duration such as \"1.5s\" or \"100ms\", is "
            "\"soon\"");
  EXPECT_EQ(error_after(R"({"settle":{"margin":"25h"}})"),
            "my.json: /settle/margin: must be at most 24h, is \"25h\"");
  EXPECT_EQ(error_after(R"({"variants":[{"name":"a","expect":"dirty"}]})"),
            "my.json: /variants/0/expect: must be one of clean, lingering, leaking, is \"dirty\"");
  EXPECT_EQ(
      error_after(R"({"metrics_source":true})"),
      "my.json: /metrics_source: must be the name of a source, an object or an array, is true");
  EXPECT_EQ(error_in("[]"), "my.json: /: must be an object, is an array");
}

TEST(Manifest, NamesWhatIsMissing) {
  for (const char* key : {"schema", "schema_version", "name", "title", "command", "load", "settle",
                          "metrics_source", "variants"}) {
    EXPECT_EQ(error_after(("{\"" + std::string(key) + "\":null}").c_str()),
              "my.json: /" + std::string(key) + ": is missing");
  }
  EXPECT_EQ(error_after(R"({"load":{"connections":null}})"),
            "my.json: /load/connections: is missing");
  EXPECT_EQ(error_after(R"({"variants":[{"name":"a"}]})"),
            "my.json: /variants/0/expect: is missing");
}

TEST(Manifest, NamesUnknownKeysWithTheNearestKnownOne) {
  EXPECT_EQ(error_after(R"({"load":{"conections":5}})"),
            "my.json: /load/conections: unknown key \"conections\"; did you mean \"connections\"?");
  EXPECT_EQ(error_after(R"({"ready":{"elephant":5}})"),
            "my.json: /ready/elephant: unknown key \"elephant\"; known: path, timeout");
  EXPECT_EQ(error_after(R"({"a/b~c\n":1})").substr(0, 22), "my.json: /a~1b~0c\\x0a:");
}

TEST(Manifest, RefusesAKeyThatIsGivenTwice) {
  EXPECT_EQ(error_in(R"({"load":{"requests":1,"requests":2}})"),
            "my.json: the key \"requests\" is given twice in one object");
}

TEST(Manifest, RefusesOtherSchemasAndVersions) {
  EXPECT_EQ(error_after(R"({"schema":"leakbench/run"})"),
            "my.json: /schema: must be \"leakbench/manifest\", is \"leakbench/run\"");
  for (const char* version : {"1", "1.0", "1.0.0.0", " 1.0.0", "1.0.0x", "-1.0.0", "1..0"}) {
    EXPECT_NE(error_after((R"({"schema_version":")" + std::string(version) + "\"}").c_str())
                  .find("must be a version such as"),
              std::string::npos);
  }
  EXPECT_EQ(error_after(R"({"schema_version":"0.9.0"})"),
            "my.json: /schema_version: this leakbench reads version 1.x.y, the manifest has "
            "\"0.9.0\"");
  EXPECT_EQ(valid_manifest(R"({"schema_version":"1.7.2"})").name, "orphaned-task");
}

TEST(Manifest, OfANewerMajorVersionIsNoMistakeOfAPersonWhateverKeysItHas) {
  const std::string newer = patched_manifest(R"({"schema_version":"2.0.0","tides":[]})");
  EXPECT_EQ(error_of([&] { parse_manifest(newer, "my.json"); }, ExitCode::kNotComparable),
            "my.json: /schema_version: this leakbench reads version 1.x.y, the manifest has "
            "\"2.0.0\"");
}

TEST(Manifest, RefusesNamesThatCannotBePartOfAFileName) {
  for (const char* name : {"a/b", "..", "-x", "a b", "\xc3\xbc"}) {
    EXPECT_EQ(error_after((R"({"name":")" + std::string(name) + "\"}").c_str()).substr(0, 15),
              "my.json: /name:");
  }
  EXPECT_EQ(error_after(R"({"variants":[{"name":"x/y","expect":"clean"}]})").substr(0, 26),
            "my.json: /variants/0/name:");
}

TEST(Manifest, RefusesTheSameVariantOrFigureTwice) {
  EXPECT_EQ(error_after(R"({"variants":[{"name":"a","expect":"clean"},
                                       {"name":"a","expect":"leaking"}]})"),
            "my.json: /variants/1/name: a variant \"a\" exists already");
  EXPECT_EQ(error_after(R"({"variants":[]})"),
            "my.json: /variants: must name at least one variant");
  EXPECT_EQ(error_after(R"({"published":[{"metric":"cpu_percent","label":"a","text":"b"},
                                        {"metric":"cpu_percent","label":"a","text":"b"}]})"),
            "my.json: /published/1/metric: a figure for \"cpu_percent\" exists already");
}

TEST(Manifest, TriesItsPlaceholdersWhenItIsRead) {
  EXPECT_NE(error_after(R"({"command":["x","{prot}"]})")
                .find("/command/1: unknown placeholder \"{prot}\"; did you mean \"port\"?"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"headline":"{conections}"})").find("/headline: unknown placeholder"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"settle":{"longest_task":"{job-duratoin}"}})")
                .find("/settle/longest_task: unknown placeholder"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"settle":{"longest_task":"{payload}"}})").find("is \"4096\""),
            std::string::npos);
  EXPECT_NE(error_after(R"({"settle":{"linger_after":"7s"}})").find("raise the margin"),
            std::string::npos);
}

TEST(Manifest, RefusesPathsAndMethodsThatAreNoRequest) {
  EXPECT_NE(error_after(R"({"request":{"path":"work"}})").find("/request/path: must be a path"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"request":{"path":"/a b"}})").find("has no blanks"), std::string::npos);
  EXPECT_NE(error_after(R"({"request":{"path":"/\r\nX: y"}})").find("/request/path:"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"request":{"method":"get"}})").find("must be one of GET"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"ready":{"timeout":"0s"}})").find("must be longer than 0s"),
            std::string::npos);
}

TEST(Manifest, RefusesOptionNamesThatAreNoOptionOrALoadFigure) {
  EXPECT_NE(error_after(R"({"options":{"--step":"1"}})").find("small letters, digits and '-'"),
            std::string::npos);
  EXPECT_NE(error_after(R"({"options":{"requests":"1"}})").find("is the name of a load figure"),
            std::string::npos);
}

TEST(Manifest, IsReadFromItsFile) {
  const TemporaryFolder folder;
  std::ofstream(folder / "scenario.json") << kValidManifest;
  const Manifest manifest = load_manifest(folder / "scenario.json");
  EXPECT_EQ(manifest.origin, (folder / "scenario.json").string());
  EXPECT_EQ(manifest.load.connections, 10'000);
}

TEST(Manifest, SaysWhyItsFileCannotBeRead) {
  const TemporaryFolder folder;
  const auto error_from = [&](const std::string& name) {
    return error_of([&] { load_manifest(folder / name); }, ExitCode::kUsage);
  };
  EXPECT_NE(error_from("none.json").find("No such file or directory"), std::string::npos);
  EXPECT_NE(error_from("").find("is a folder"), std::string::npos);
  std::ofstream(folder / "large.json") << std::string((1 << 20) + 1, ' ');
  EXPECT_NE(error_from("large.json").find("is larger than 1048576 bytes"), std::string::npos);
}

}  // namespace
}  // namespace leakbench
