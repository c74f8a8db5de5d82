// The profiles of a run, read back from run.json.
#include <gtest/gtest.h>

#include "harness/report/recorded_files.h"
#include "harness/report/run_reader.h"

namespace leakbench {
namespace {

using test_files::RecordedFiles;

TEST(RunReader, ReadsProfilesBack) {
  const std::vector<ProfileReport> profiles = read_run(RecordedFiles().path()).report.profiles;
  ASSERT_EQ(profiles.size(), 2u);
  EXPECT_EQ(profiles[0].index, 3);
  EXPECT_EQ(profiles[0].arm, "without-context");
  EXPECT_EQ(profiles[0].kind, ProfileKind::kCpu);
  EXPECT_EQ(profiles[0].status, RepetitionStatus::kComplete);
  ASSERT_EQ(profiles[0].profiles.size(), 1u);
  const TakenProfile& cpu = profiles[0].profiles[0];
  EXPECT_EQ(cpu.text_file, "profiles/003_without-context.cpu.txt");
  ASSERT_TRUE(cpu.top);
  EXPECT_EQ(cpu.top->total, 100'000'000);
  ASSERT_EQ(cpu.top->functions.size(), 2u);
  EXPECT_EQ(cpu.top->functions[1].name, "expensive_work");
  EXPECT_EQ(cpu.top->functions[1].with_callees, 76'000'000);
  const TakenProfile& heap = profiles[1].profiles.at(0);
  EXPECT_EQ(heap.moment, ProfileMoment::kLastResponse);
  EXPECT_FALSE(heap.top);
  EXPECT_EQ(heap.problem, "google-pprof is not installed");
}

TEST(RunReader, ARunOfAnOlderVersionHasNoProfiles) {
  const RecordedFiles files;
  files.edit("run.json", [](auto& document) { document.erase("profiles"); });
  EXPECT_TRUE(read_run(files.path()).report.profiles.empty());
}

}  // namespace
}  // namespace leakbench
