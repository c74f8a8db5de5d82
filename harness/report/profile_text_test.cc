#include "harness/report/profile_text.h"

#include <gtest/gtest.h>

#include "harness/report/sample_reports.h"

namespace leakbench {
namespace {

TEST(ProfileText, ListsTheFunctionsAndNamesTheFileOfEachProfile) {
  EXPECT_EQ(profile_text(sample::profiles(), Colour::kNever),
            "CPU of without-context, over the round: 100 ms "
            "(profiles/003_without-context.cpu.prof)\n"
            "   self            with callees            function\n"
            "  72 ms   72.0 %          72 ms   72.0 %   crunch (inline)\n"
            "   0 ns    0.0 %          76 ms   76.0 %   expensive_work\n"
            "\n"
            "Live heap of without-context, at the last response\n"
            "  profiles/004_without-context.after.heap.prof: google-pprof is not installed\n"
            "\n");
}

TEST(ProfileText, SaysNothingOfARunWithoutProfiles) {
  EXPECT_EQ(profile_text({}, Colour::kNever), "");
}

TEST(ProfileText, LeavesOutWhatDidNotEndWell) {
  auto reports = sample::profiles();
  reports[0].status = RepetitionStatus::kInterrupted;
  reports[1].status = RepetitionStatus::kPlanned;
  EXPECT_EQ(profile_text(reports, Colour::kNever), "");
}

TEST(ProfileText, AProfileWithoutASampleSaysSo) {
  auto reports = sample::profiles();
  reports.pop_back();
  reports[0].profiles[0].top = FunctionProfile{};
  EXPECT_EQ(profile_text(reports, Colour::kNever),
            "CPU of without-context, over the round: 0 ns "
            "(profiles/003_without-context.cpu.prof)\n"
            "  no sample was taken\n"
            "\n");
}

}  // namespace
}  // namespace leakbench
