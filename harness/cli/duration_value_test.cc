#include "harness/cli/duration_value.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(DurationValue, TakesTimesWithAUnit) {
  for (const char* text : {"1ns", "500ms", "1.5s", "24h"}) EXPECT_EQ(duration_value()(text), "");
  EXPECT_EQ(accepted_duration("1.5s"), 1500ms);
}

TEST(DurationValue, RefusesTheRestAndNamesIt) {
  for (const char* text : {"", "5", "0s", "-1s", "25h", "soon"}) {
    EXPECT_NE(duration_value()(text).find("is \"" + std::string(text) + "\""), std::string::npos);
  }
}

}  // namespace
}  // namespace leakbench
