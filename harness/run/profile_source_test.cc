#include "harness/run/profile_source.h"

#include <gtest/gtest.h>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using Words = std::vector<std::string>;

TEST(ProfileSource, OfOurServersIsTheirControlPort) {
  const auto source = profile_source({{.kind = MetricsSourceKind::kLeakbench}}, "scenario.json");
  EXPECT_EQ(source.cpu_path, "/debug/cpu?seconds=");
  EXPECT_EQ(source.heap_path, "/debug/heap");
  EXPECT_EQ(profile_tool(source, ProfileKind::kCpu, "bin/server", "p/1.cpu.prof").command,
            (Words{"google-pprof", "--text", "bin/server", "p/1.cpu.prof"}));
  EXPECT_EQ(profile_tool(source, ProfileKind::kHeap, "bin/server", "p/1.heap.prof").command,
            (Words{"google-pprof", "--text", "--inuse_space", "--show_bytes", "bin/server",
                   "p/1.heap.prof"}));
}

TEST(ProfileSource, AllocationsAreSampledOnlyForAHeapProfile) {
  const auto source = profile_source({{.kind = MetricsSourceKind::kLeakbench}}, "scenario.json");
  EXPECT_EQ(profile_environment(source, ProfileKind::kHeap),
            (std::map<std::string, std::string>{{"TCMALLOC_SAMPLE_PARAMETER", "524288"}}));
  EXPECT_FALSE(
      profile_environment(source, ProfileKind::kCpu).contains("TCMALLOC_SAMPLE_PARAMETER"));
}

TEST(ProfileSource, OfAGoServerIsItsPprofWhereverElseItsFiguresComeFrom) {
  const auto source =
      profile_source({{.kind = MetricsSourceKind::kLeakbench},
                      {.kind = MetricsSourceKind::kGo, .pprof_path = "/internal/pprof"}},
                     "scenario.json");
  EXPECT_EQ(source.cpu_path, "/internal/pprof/profile?seconds=");
  EXPECT_EQ(source.heap_path, "/internal/pprof/heap?gc=1");
  const auto tool = profile_tool(source, ProfileKind::kHeap, "bin/server", "p/1.heap.prof");
  EXPECT_EQ(tool.command.front(), "go");
  EXPECT_EQ(tool.command.back(), "p/1.heap.prof");
  EXPECT_EQ(tool.environment.at("GOPROXY"), "off");
  EXPECT_TRUE(profile_environment(source, ProfileKind::kHeap).empty());
}

TEST(ProfileSource, ATargetWithoutOneIsAUsageErrorThatNamesTheManifest) {
  for (const MetricsSourceKind kind : {MetricsSourceKind::kNone, MetricsSourceKind::kPrometheus}) {
    EXPECT_EQ(
        error_of([&] { (void)profile_source({{.kind = kind}}, "my.json"); }, ExitCode::kUsage),
        "--profile: my.json has no metrics source \"leakbench\" or \"go\", and only these "
        "give profiles");
  }
}

}  // namespace
}  // namespace leakbench
