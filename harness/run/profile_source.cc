#include "harness/run/profile_source.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace leakbench {

ProfileSource profile_source(const std::vector<MetricsSourceSpec>& sources,
                             const std::string& origin) {
  for (const MetricsSourceSpec& source : sources) {
    if (source.kind != MetricsSourceKind::kGo) continue;
    // Collected first, so that what is left is what lives.
    return {ProfileFormat::kPprof,
            source.pprof_path + "/profile?seconds=", source.pprof_path + "/heap?gc=1"};
  }
  for (const MetricsSourceSpec& source : sources) {
    if (source.kind != MetricsSourceKind::kLeakbench) continue;
    return {ProfileFormat::kGperftools, "/debug/cpu?seconds=", "/debug/heap"};
  }
  throw Error(ExitCode::kUsage,
              fmt::format("--profile: {} has no metrics source \"leakbench\" or \"go\", and only "
                          "these give profiles",
                          origin));
}

std::map<std::string, std::string> profile_environment(const ProfileSource& source,
                                                       ProfileKind kind) {
  if (source.format == ProfileFormat::kPprof) return {};
  // A sample every half MiB, as gperftools recommends; and as many a second as the clock of a Linux
  // kernel of the usual kind can make, because rounds are short.
  if (kind == ProfileKind::kHeap) return {{"TCMALLOC_SAMPLE_PARAMETER", "524288"}};
  return {{"CPUPROFILE_FREQUENCY", "250"}};
}

ProfileTool profile_tool(const ProfileSource& source, ProfileKind kind,
                         const std::filesystem::path& program,
                         const std::filesystem::path& profile) {
  const bool heap = kind == ProfileKind::kHeap;
  ProfileTool tool;
  if (source.format == ProfileFormat::kPprof) {
    tool.command = {"go", "tool", "pprof", "-top", "-nodecount=1000000", "-nodefraction=0"};
    tool.command.emplace_back(heap ? "-sample_index=inuse_space" : "-sample_index=cpu");
    tool.command.emplace_back(heap ? "-unit=bytes" : "-unit=ns");
    tool.command.push_back(profile.string());
    // The Go that is there, and nothing from elsewhere.
    tool.environment = {{"GOTOOLCHAIN", "local"}, {"GOPROXY", "off"}, {"GOWORK", "off"}};
    tool.remedy = "install Go (Debian package golang-go)";
    return tool;
  }
  tool.command = {"google-pprof", "--text"};
  if (heap) tool.command.insert(tool.command.end(), {"--inuse_space", "--show_bytes"});
  tool.command.insert(tool.command.end(), {program.string(), profile.string()});
  tool.remedy = "install google-pprof (Debian package google-perftools)";
  return tool;
}

}  // namespace leakbench
