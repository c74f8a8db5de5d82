#include "harness/run/planted.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

// A control that leaks 5 of 1,000, and its twin.
RunPlan plan() {
  RunPlan plan;
  plan.manifest.origin = "control.json";
  plan.options = {{"leaks", "5"}};
  const VariantSpec leaking{
      "leaking", Expectation::kLeaking, {}, PlantedLeaks{"{leaks}", "control/"}};
  const VariantSpec clean{"clean", Expectation::kClean, {}, {}};
  plan.manifest.variants = {leaking, clean};
  plan.arms = {{"leaking", leaking, {}, "", {}}, {"clean", clean, {}, "", {}}};
  return plan;
}

LeakSite site(const std::string& file, double growth) {
  LeakSite site;
  site.name = "leak";
  site.file = file;
  site.line = 7;
  site.growth_per_round = growth;
  return site;
}

Summary found() {
  Summary summary;
  summary.arms.resize(2);
  ArmSummary& leaking = summary.arms[0];
  leaking.name = "leaking";
  leaking.repetitions.resize(1);
  leaking.verdict.verdict.verdict_class = VerdictClass::kLeaking;
  leaking.verdict.verdict.leaked_tasks_per_request = 0.005;
  leaking.leak_sites = {site("control/server.cc", 5), site("pool.cc", 0)};
  ArmSummary& clean = summary.arms[1];
  clean.name = "clean";
  clean.repetitions.resize(1);
  clean.verdict.verdict.verdict_class = VerdictClass::kClean;
  return summary;
}

TEST(Control, IsAScenarioWithPlantedLeaks) {
  EXPECT_TRUE(is_control(plan().manifest));
  EXPECT_FALSE(is_control(Manifest()));
  EXPECT_TRUE(control_failures(RunPlan(), Summary()).empty());
}

TEST(Control, HoldsWhenExactlyWhatWasPlantedIsFound) {
  EXPECT_EQ(control_failures(plan(), found()), std::vector<std::string>());
}

TEST(Control, FailsWhenTheNumberIsAnother) {
  Summary summary = found();
  summary.arms[0].verdict.verdict.leaked_tasks_per_request = 0.0049;
  EXPECT_EQ(control_failures(plan(), summary),
            (std::vector<std::string>{
                "leaking leaks 5 tasks per 1,000 requests by plan, 4.9 were found"}));
  summary.arms[0].verdict.verdict.leaked_tasks_per_request.reset();
  EXPECT_EQ(control_failures(plan(), summary).size(), 1u);
}

TEST(Control, FailsWhenTheLeakIsNotCalledOne) {
  Summary summary = found();
  summary.arms[0].verdict.verdict.verdict_class = VerdictClass::kClean;
  EXPECT_EQ(control_failures(plan(), summary),
            (std::vector<std::string>{
                "leaking leaks 5 tasks per 1,000 requests by plan and was called clean"}));
}

TEST(Control, FailsWhenAnotherPlaceIsNamedOrNone) {
  Summary summary = found();
  summary.arms[0].leak_sites[1].growth_per_round = 1;
  EXPECT_EQ(
      control_failures(plan(), summary),
      (std::vector<std::string>{"leaking leaks in control/ by plan, and pool.cc:7 was named"}));
  summary.arms[0].leak_sites.clear();
  EXPECT_EQ(control_failures(plan(), summary),
            (std::vector<std::string>{"leaking leaks, and no place was found for it"}));
}

TEST(Control, FailsWhenTheTwinIsNotClean) {
  Summary summary = found();
  summary.arms[1].verdict.verdict.verdict_class = VerdictClass::kInconclusive;
  summary.arms[1].verdict.verdict.reason = "Nothing was counted.";
  EXPECT_EQ(control_failures(plan(), summary),
            (std::vector<std::string>{
                "clean has no leak and was called inconclusive (Nothing was counted.)"}));
}

TEST(Control, FailsWhenAnArmWasNotMeasured) {
  Summary summary = found();
  summary.arms[0].repetitions.clear();
  EXPECT_EQ(control_failures(plan(), summary),
            (std::vector<std::string>{"leaking was not measured"}));
}

}  // namespace
}  // namespace leakbench
