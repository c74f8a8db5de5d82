// Where the manifests of the shipped scenarios lie, and which file a name on the command line
// means.
#ifndef LEAKBENCH_HARNESS_CLI_SCENARIO_FILES_H_
#define LEAKBENCH_HARNESS_CLI_SCENARIO_FILES_H_

#include <filesystem>
#include <string>
#include <vector>

namespace leakbench {

// The environment's LEAKBENCH_SCENARIOS if set, else the folder of the source tree this was built
// from.
std::filesystem::path scenarios_folder();

// The scenarios in `folder`, by name: each is a subfolder with a scenario.json.
std::vector<std::string> list_scenarios(const std::filesystem::path& folder);

// `name` is a scenario in `folder`, or the path of a manifest if it ends in .json. Throws
// Error(kUsage), naming what there is, for a scenario that is not there.
std::filesystem::path find_manifest(const std::string& name, const std::filesystem::path& folder);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_SCENARIO_FILES_H_
