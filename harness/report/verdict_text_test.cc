#include "harness/report/verdict_text.h"

#include <gtest/gtest.h>

#include "harness/report/sample_reports.h"

namespace leakbench {
namespace {

VerdictReport found(VerdictClass verdict_class, VerdictClass expected) {
  return {{verdict_class, "The reason."}, expected};
}

TEST(VerdictText, HasALineForEachArm) {
  EXPECT_EQ(
      verdict_text(sample::summary(), Colour::kNever),
      "without-context: lingering, as expected. 19,990 tasks were alive at the last response; "
      "all had ended 5.1 s later.\n"
      "with-context: clean, as expected. 12 tasks were alive at the last response and none "
      "1 s later; 1 leaked task in 20,000 requests would have shown.\n");
}

TEST(VerdictText, ExpectsNothingOfAnArmThatWasNotMeasured) {
  EXPECT_EQ(verdict_text(summarise(sample::run(), {}, sample::kHeadline, {}), Colour::kNever),
            "without-context: not measured, no repetition is complete\n"
            "with-context: not measured, no repetition is complete\n");
}

TEST(VerdictText, NamesWhatWasExpectedInstead) {
  EXPECT_EQ(verdict_sentence("with-context", found(VerdictClass::kLeaking, VerdictClass::kClean),
                             Colour::kNever),
            "with-context: leaking, but clean was expected. The reason.");
  EXPECT_EQ(verdict_sentence("without-context",
                             found(VerdictClass::kClean, VerdictClass::kLingering), Colour::kNever),
            "without-context: clean, but lingering was expected. The reason.");
}

TEST(VerdictText, SaysHowSureALeakIs) {
  VerdictReport report = found(VerdictClass::kLeaking, VerdictClass::kLeaking);
  report.verdict.strength = EvidenceStrength::kGrowing;
  EXPECT_EQ(verdict_sentence("x", report, Colour::kNever),
            "x: leaking (growing), as expected. The reason.");
}

TEST(VerdictText, IsNeverContentWithInconclusive) {
  EXPECT_EQ(verdict_sentence("x", found(VerdictClass::kInconclusive, VerdictClass::kClean),
                             Colour::kNever),
            "x: inconclusive, but clean was expected. The reason.");
}

TEST(VerdictText, ColoursTheJudgementOnly) {
  EXPECT_EQ(
      verdict_sentence("x", found(VerdictClass::kClean, VerdictClass::kClean), Colour::kAlways),
      "x: \x1b[32mclean, as expected\x1b[0m. The reason.");
  EXPECT_EQ(
      verdict_sentence("x", found(VerdictClass::kLeaking, VerdictClass::kClean), Colour::kAlways),
      "x: \x1b[31mleaking, but clean was expected\x1b[0m. The reason.");
  EXPECT_EQ(verdict_sentence("x", found(VerdictClass::kInconclusive, VerdictClass::kClean),
                             Colour::kAlways),
            "x: \x1b[33minconclusive, but clean was expected\x1b[0m. The reason.");
}

}  // namespace
}  // namespace leakbench
