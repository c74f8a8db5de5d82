#include <gtest/gtest.h>

#include "harness/target/manifest.h"
#include "harness/target/test_manifest.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

std::string target_error_after(const char* patch, const char* base = kValidManifest) {
  return error_of([&] { parse_manifest(patched_manifest(patch, base), "my.json"); },
                  ExitCode::kUsage);
}

bool refuses(const std::string& error, const std::string& reason) {
  EXPECT_NE(error.find(reason), std::string::npos) << error;
  return error.find(reason) != std::string::npos;
}

Manifest manifest_of_several() {
  return parse_manifest(kManifestOfSeveralProcesses, "my.json", "/home/me");
}

std::vector<MetricsSourceSpec> sources_of(const std::string& json) {
  return valid_manifest(("{\"metrics_source\":" + json + "}").c_str())
      .runtimes.front()
      .metrics_sources;
}

TEST(ManifestTarget, ReadsSeveralProcessesAndTheirSurroundings) {
  const Manifest manifest = manifest_of_several();
  ASSERT_EQ(manifest.services.size(), 2u);
  EXPECT_EQ(manifest.services[0].name, "user");
  EXPECT_EQ(manifest.services[0].command.front(), "{server}");
  EXPECT_EQ(manifest.services[1].command.size(), 3u);
  EXPECT_EQ(manifest.environment,
            (std::map<std::string, std::string>{{"LOG", ""}, {"PEER", "{port:order}"}}));
  EXPECT_EQ(manifest.variants[0].environment, (std::map<std::string, std::string>{{"LOG", "x"}}));
  EXPECT_TRUE(manifest.variants[1].environment.empty());
  EXPECT_FALSE(manifest.external.has_value());
}

TEST(ManifestTarget, ReadsItsRuntimesInTheirOrder) {
  const Manifest manifest = manifest_of_several();
  ASSERT_EQ(manifest.runtimes.size(), 2u);
  EXPECT_EQ(manifest.runtimes[0].name, "cpp");
  EXPECT_EQ(manifest.runtimes[0].server, "{bin_dir}/leakbench-server");
  EXPECT_EQ(manifest.runtimes[1].name, "go");
  const auto& sources = manifest.runtimes[1].metrics_sources;
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].kind, MetricsSourceKind::kLeakbench);
  EXPECT_EQ(sources[1].kind, MetricsSourceKind::kGo);
  EXPECT_EQ(sources[1].pprof_path, "/pprof");
  EXPECT_EQ(sources[1].expvar_path, "/v");
}

TEST(ManifestTarget, HasOneNamelessRuntimeWhereItNamesNone) {
  const Manifest manifest = valid_manifest();
  ASSERT_EQ(manifest.runtimes.size(), 1u);
  EXPECT_EQ(manifest.runtimes[0].name, "");
  EXPECT_EQ(manifest.runtimes[0].server, "");
}

TEST(ManifestTarget, StartsARelativeWorkingFolderAtItsOwnFolder) {
  EXPECT_EQ(manifest_of_several().working_folder, "/home/me/work");
  EXPECT_EQ(parse_manifest(kManifestOfSeveralProcesses, "my.json").working_folder,
            std::filesystem::current_path() / "work");
  EXPECT_EQ(valid_manifest(R"({"working_folder":"/srv/a/../b"})").working_folder, "/srv/b");
  EXPECT_TRUE(valid_manifest().working_folder.empty());
  const TemporaryFolder folder;
  std::ofstream(folder / "my.json") << kManifestOfSeveralProcesses;
  EXPECT_EQ(load_manifest(folder / "my.json").working_folder, folder / "work");
}

TEST(ManifestTarget, ReadsAServerThatRunsAlready) {
  const Manifest manifest = parse_manifest(kManifestOfAUrl, "my.json");
  ASSERT_TRUE(manifest.external.has_value());
  EXPECT_EQ(manifest.external->address, 0x7f000002u);
  EXPECT_EQ(manifest.external->port, 8080);
  EXPECT_EQ(manifest.external->control_port, 6060);
  EXPECT_EQ(manifest.external->pid, 4711);
  EXPECT_TRUE(manifest.command.empty());
  const MetricsSourceSpec& source = manifest.runtimes.front().metrics_sources.front();
  EXPECT_EQ(source.kind, MetricsSourceKind::kPrometheus);
  EXPECT_EQ(source.metrics_path, "/m");
  EXPECT_EQ(source.live_tasks_series, "t{a=\"b\"}");
  EXPECT_EQ(source.heap_in_use_series, "h");
}

TEST(ManifestTarget, LooksIntoAServerAtItsOnlyPort) {
  const std::string text = patched_manifest(R"({"control_port":null,"pid":null})", kManifestOfAUrl);
  const Manifest manifest = parse_manifest(text, "my.json");
  EXPECT_EQ(manifest.external->control_port, 8080);
  EXPECT_EQ(manifest.external->pid, std::nullopt);
}

TEST(ManifestTarget, RefusesUrlsThatAreNotThisMachinesOrHaveAPath) {
  const auto error_of_url = [](const std::string& url) {
    return target_error_after(("{\"url\":\"" + url + "\"}").c_str(), kManifestOfAUrl);
  };
  EXPECT_EQ(error_of_url("http://10.0.0.1:80"),
            "my.json: /url: the URL \"http://10.0.0.1:80\" is not on this machine: load goes to "
            "localhost or 127.0.0.0/8 only");
  EXPECT_TRUE(refuses(error_of_url("http://example.test:80"), "is not on this machine"));
  EXPECT_TRUE(refuses(error_of_url("https://127.0.0.1"), "TLS"));
  EXPECT_TRUE(refuses(error_of_url("http://127.0.0.1:0"), "no port"));
  EXPECT_TRUE(refuses(error_of_url("127.0.0.1:80"), "does not begin with http://"));
  EXPECT_EQ(error_of_url("http://127.0.0.1:80/api"),
            "my.json: /url: must have no path: the requests have theirs");
}

TEST(ManifestTarget, RefusesWhatOnlyTheOtherKindOfTargetHas) {
  for (const char* patch : {R"({"command":["x"]})", R"({"services":[]})", R"({"environment":{}})",
                            R"({"working_folder":"x"})", R"({"options":{}})", R"({"runtimes":[]})",
                            R"({"variants":[{"name":"a","expect":"clean","environment":{}}]})"}) {
    EXPECT_TRUE(refuses(target_error_after(patch, kManifestOfAUrl),
                        "is for a server that is started; the one at the url runs already"));
  }
  EXPECT_EQ(target_error_after(R"({"pid":1})"),
            "my.json: /pid: belongs to a server that runs already, at a url; this one is started");
  EXPECT_TRUE(refuses(target_error_after(R"({"control_port":1})"), "/control_port: belongs to"));
  EXPECT_TRUE(
      refuses(target_error_after(R"({"pid":0})", kManifestOfAUrl), "/pid: must be at least 1"));
  EXPECT_TRUE(refuses(target_error_after(R"({"control_port":65536})", kManifestOfAUrl),
                      "/control_port: must be at most 65535"));
}

TEST(ManifestTarget, RefusesAControlPortThatNothingIsAskedAt) {
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":"none"})", kManifestOfAUrl),
                      "/control_port: is where the metrics source answers, and there is none"));
}

TEST(ManifestTarget, RefusesPlaceholdersThatStandForNothing) {
  const char* base = kManifestOfSeveralProcesses;
  EXPECT_TRUE(refuses(target_error_after(R"({"command":["{port:usr}"]})", base),
                      "/command/0: unknown placeholder \"{port:usr}\"; did you mean "
                      "\"port:user\"?"));
  EXPECT_TRUE(refuses(target_error_after(R"({"services":[{"name":"a","command":["x","{latncy}"]}],
                                      "command":["x"],"environment":null})",
                                         base),
                      "/services/0/command/1: unknown placeholder \"{latncy}\"; did you mean "
                      "\"latency\"?"));
  EXPECT_TRUE(refuses(target_error_after(R"({"environment":{"A":"{prot}"}})", base),
                      "/environment/A: unknown placeholder"));
  EXPECT_TRUE(refuses(target_error_after(R"({"variants":[{"name":"a","expect":"clean"},
                                      {"name":"b","expect":"clean","environment":{"B":"{x}"}}]})",
                                         base),
                      "/variants/1/environment/B: unknown placeholder"));
  EXPECT_TRUE(
      refuses(target_error_after(R"({"runtimes":[{"name":"a","server":"a","metrics_source":"none"},
                                  {"name":"b","server":"{x}","metrics_source":"none"}]})",
                                 base),
              "/runtimes/1/server: unknown placeholder \"{x}\"; known: bin_dir"));
  EXPECT_TRUE(refuses(target_error_after(R"({"command":["{server}"]})"), "unknown placeholder"));
}

TEST(ManifestTarget, RefusesNamesThatAreTakenOrCannotBe) {
  const char* base = kManifestOfSeveralProcesses;
  EXPECT_TRUE(refuses(target_error_after(R"({"services":[{"name":"a","command":["x"]},
                                                  {"name":"a","command":["x"]}]})",
                                         base),
                      "/services/1/name: a service \"a\" exists already"));
  EXPECT_TRUE(refuses(target_error_after(R"({"runtimes":[
                          {"name":"a","server":"a","metrics_source":"none"},
                          {"name":"a","server":"b","metrics_source":"none"}]})",
                                         base),
                      "/runtimes/1/name: a runtime \"a\" exists already"));
  EXPECT_TRUE(refuses(target_error_after(R"({"runtimes":[]})", base), "at least one runtime"));
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":"none"})", base),
                      "/metrics_source: each of the runtimes has its own"));
  EXPECT_TRUE(
      refuses(target_error_after(R"({"options":{"port":"1"}})"), "the name of a placeholder"));
  EXPECT_TRUE(refuses(target_error_after(R"({"services":[{"name":"a","command":[]}]})", base),
                      "/services/0/command: must name a program"));
}

TEST(ManifestTarget, RefusesVariablesThatNoEnvironmentHas) {
  EXPECT_TRUE(refuses(target_error_after(R"({"environment":{"A=B":"c"}})"),
                      "a variable's name has only letters, digits and '_', is \"A=B\""));
  EXPECT_TRUE(refuses(target_error_after(R"({"environment":{"":"c"}})"), "a variable's name"));
  EXPECT_TRUE(refuses(target_error_after(R"({"environment":{"A":"b\u0000"}})"), "U+0000"));
  EXPECT_TRUE(refuses(target_error_after(R"({"environment":{"A":1}})"), "must be a string"));
}

TEST(ManifestTarget, TakesASourceAsANameAnObjectOrAnArray) {
  EXPECT_EQ(sources_of("\"go\"").front().kind, MetricsSourceKind::kGo);
  EXPECT_EQ(sources_of("\"go\"").front().pprof_path, "/debug/pprof");
  EXPECT_EQ(sources_of(R"({"kind":"none"})").front().kind, MetricsSourceKind::kNone);
  EXPECT_EQ(sources_of(R"({"kind":"prometheus"})").front().metrics_path, "/metrics");
  EXPECT_EQ(sources_of(R"(["go","prometheus"])").size(), 2u);
}

TEST(ManifestTarget, RefusesSourcesThatCannotBe) {
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":[]})"), "at least one source"));
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":["go","none"]})"),
                      "/metrics_source/1: \"none\" stands alone"));
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":{"kind":"go","metrics_path":"/x"}})"),
                      "/metrics_source/metrics_path: unknown key"));
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":{"kind":"leakbench","x":1}})"),
                      "unknown key \"x\"; known: kind"));
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":"gopher"})"),
                      "must be one of leakbench, go, prometheus, none"));
  EXPECT_TRUE(refuses(target_error_after(R"({"metrics_source":{"kind":"go","pprof_path":"x"}})"),
                      "/metrics_source/pprof_path: must be a path"));
}

TEST(ManifestTarget, AsksForReadinessWhereItsSourceAnswers) {
  const auto ready_path = [](const char* source) {
    return valid_manifest(
               (R"({"ready":null,"metrics_source":)" + std::string(source) + "}").c_str())
        .ready.path;
  };
  EXPECT_EQ(ready_path("\"leakbench\""), "/healthz");
  EXPECT_EQ(ready_path("\"go\""), "/debug/pprof/");
  EXPECT_EQ(ready_path(R"({"kind":"prometheus","metrics_path":"/m"})"), "/m");
  EXPECT_EQ(ready_path("\"none\""), "");
  EXPECT_EQ(manifest_of_several().ready.path, "/healthz");
}

}  // namespace
}  // namespace leakbench
