#include "harness/load/outcome.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leakbench {
namespace {

TEST(Outcome, HasTheNamesOfTheReport) {
  std::vector<std::string> names;
  for (const Outcome outcome : kAllOutcomes) names.emplace_back(to_string(outcome));
  EXPECT_EQ(names, (std::vector<std::string>{"ok", "http_3xx", "http_4xx", "http_5xx", "refused",
                                             "connect_timeout", "reset", "end_of_file",
                                             "parse_error", "timeout", "aborted_by_plan",
                                             "read_slowly_by_plan", "cut_by_end"}));
}

TEST(Outcome, OfAWholeAnswerIsTheClassOfItsStatus) {
  EXPECT_EQ(outcome_of_status(200), Outcome::kOk);
  EXPECT_EQ(outcome_of_status(299), Outcome::kOk);
  EXPECT_EQ(outcome_of_status(300), Outcome::kHttp3xx);
  EXPECT_EQ(outcome_of_status(404), Outcome::kHttp4xx);
  EXPECT_EQ(outcome_of_status(500), Outcome::kHttp5xx);
  EXPECT_EQ(outcome_of_status(599), Outcome::kHttp5xx);
}

TEST(OutcomeCounts, AddUpOverMerges) {
  OutcomeCounts a;
  a.add(Outcome::kOk, 3);
  a.add(Outcome::kReset);
  OutcomeCounts b;
  b.add(Outcome::kOk);
  b.add(Outcome::kCutByEnd, 2);
  a.merge(b);
  EXPECT_EQ(a.of(Outcome::kOk), 4u);
  EXPECT_EQ(a.of(Outcome::kReset), 1u);
  EXPECT_EQ(a.of(Outcome::kCutByEnd), 2u);
  EXPECT_EQ(a.of(Outcome::kTimeout), 0u);
  EXPECT_EQ(a.total(), 7u);
}

}  // namespace
}  // namespace leakbench
