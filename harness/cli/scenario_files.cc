#include "harness/cli/scenario_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "harness/base/error.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr const char* kManifestName = "scenario.json";

}  // namespace

std::filesystem::path scenarios_folder() {
  const char* given = std::getenv("LEAKBENCH_SCENARIOS");
  if (given != nullptr && *given != '\0') return given;
  // Relative where that leads down from the working folder: it stands in reports.
  const std::filesystem::path built_in = LEAKBENCH_SCENARIOS_DIR;
  const auto relative = built_in.lexically_proximate(std::filesystem::current_path());
  return *relative.begin() == ".." ? built_in : relative;
}

std::vector<std::string> list_scenarios(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code none;  // a folder that can't be read has no scenarios
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (std::filesystem::is_regular_file(entry.path() / kManifestName, none)) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::filesystem::path find_manifest(const std::string& name, const std::filesystem::path& folder) {
  if (name.ends_with(".json")) return name;
  const auto names = list_scenarios(folder);
  std::error_code none;
  const bool is_path =
      name.find_first_of("/.") != std::string::npos || std::filesystem::exists(name, none);
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return folder / name / kManifestName;
  }
  if (names.empty()) {
    throw Error(ExitCode::kUsage,
                fmt::format("there are no scenarios in {}; set LEAKBENCH_SCENARIOS to the folder "
                            "that has them, or give the path of a manifest (*.json)",
                            folder.string()));
  }
  if (is_path) {
    throw Error(ExitCode::kUsage,
                fmt::format("{} is no manifest: give the path of one, which ends in .json, or the "
                            "name of a scenario: {}",
                            in_quotes(name), listed(names)));
  }
  throw Error(ExitCode::kUsage,
              fmt::format("no scenario {}; {}", in_quotes(name), suggestion(name, names)));
}

}  // namespace leakbench
