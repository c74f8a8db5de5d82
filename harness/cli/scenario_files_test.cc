#include "harness/cli/scenario_files.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "harness/base/error.h"

namespace leakbench {
namespace {

class ScenarioFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "scenarios-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    for (const char* name : {"orphaned-task", "another"}) {
      std::filesystem::create_directory(folder_ / name);
      std::ofstream(folder_ / name / "scenario.json") << "{}";
    }
    std::filesystem::create_directory(folder_ / "not-one");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string error_of(const std::string& name, const std::filesystem::path& folder) {
    try {
      (void)find_manifest(name, folder);
    } catch (const Error& e) {
      EXPECT_EQ(e.exit_code(), ExitCode::kUsage);
      return e.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(ScenarioFiles, ListsTheFoldersThatHaveAManifest) {
  EXPECT_EQ(list_scenarios(folder_), (std::vector<std::string>{"another", "orphaned-task"}));
  EXPECT_TRUE(list_scenarios(folder_ / "missing").empty());
}

TEST_F(ScenarioFiles, FindsAScenarioByNameAndAManifestByPath) {
  EXPECT_EQ(find_manifest("another", folder_), folder_ / "another" / "scenario.json");
  EXPECT_EQ(find_manifest("my/service.json", folder_), "my/service.json");
}

TEST_F(ScenarioFiles, AnUnknownNameGetsTheNearestKnownOne) {
  EXPECT_EQ(error_of("orphaned-tsk", folder_),
            "no scenario \"orphaned-tsk\"; did you mean \"orphaned-task\"?");
  EXPECT_EQ(error_of("zzz", folder_), "no scenario \"zzz\"; known: another, orphaned-task");
  EXPECT_NE(error_of("x", folder_ / "not-one").find("LEAKBENCH_SCENARIOS"), std::string::npos);
}

TEST_F(ScenarioFiles, AFileThatIsNoManifestIsToldWhatOneIsCalled) {
  const std::string file =
      (folder_ / "another" / "scenario.json").replace_extension(".md").string();
  const std::string said = "\"" + file.substr(0, 4);
  EXPECT_EQ(error_of(file, folder_).substr(0, said.size()), said);
  EXPECT_NE(error_of(file, folder_)
                .find("is no manifest: give the path of one, which ends in .json, or the name of a "
                      "scenario: another, orphaned-task"),
            std::string::npos);
}

}  // namespace
}  // namespace leakbench
