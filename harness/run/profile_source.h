// How a kind of target gives profiles of itself, and which tool reads them.
#ifndef LEAKBENCH_HARNESS_RUN_PROFILE_SOURCE_H_
#define LEAKBENCH_HARNESS_RUN_PROFILE_SOURCE_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/report/profile_report.h"
#include "harness/target/manifest.h"

namespace leakbench {

enum class ProfileFormat { kGperftools, kPprof };

struct ProfileSource {
  ProfileFormat format = ProfileFormat::kGperftools;
  std::string cpu_path;   // on the control port; the number of seconds is to be put behind it
  std::string heap_path;  // on the control port
};

// Go's own profiles where one of the sources is Go's, otherwise those of our servers. Throws
// Error(kUsage) with the manifest's `origin` when none of them gives any.
ProfileSource profile_source(const std::vector<MetricsSourceSpec>& sources,
                             const std::string& origin);

// What a server has to be started with for a profile of that kind.
std::map<std::string, std::string> profile_environment(const ProfileSource& source,
                                                       ProfileKind kind);

// A program that prints all functions of a profile.
struct ProfileTool {
  std::vector<std::string> command;
  std::map<std::string, std::string> environment;
  std::string remedy;  // what brings it where it is missing
};

// For `profile`, which a process of `program` gave.
ProfileTool profile_tool(const ProfileSource& source, ProfileKind kind,
                         const std::filesystem::path& program,
                         const std::filesystem::path& profile);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_PROFILE_SOURCE_H_
