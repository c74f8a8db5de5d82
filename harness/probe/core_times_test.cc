#include "harness/probe/core_times.h"

#include <gtest/gtest.h>

#include "harness/target/cores.h"

namespace leakbench {
namespace {

constexpr const char* kStat =
    "cpu  30 3 30 300 3 3 3 9 0 0\n"
    "cpu0 10 1 20 100 1 1 2 4 0 0\n"
    "cpu1 20 2 10 200 2 2 1 5 0 0\n"
    "cpu11 7 0 0 0 0 0 0 1 0 0\n"
    "intr 12345\n";

TEST(CoreTimes, AreThoseOfTheCoresThatAreAskedFor) {
  const auto one = parse_core_times(kStat, {1}, 100);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->busy_ns, 350'000'000);
  EXPECT_EQ(one->stolen_ns, 50'000'000);
  const auto two = parse_core_times(kStat, {0, 11}, 100);
  ASSERT_TRUE(two);
  EXPECT_EQ(two->busy_ns, 410'000'000);
  EXPECT_EQ(two->stolen_ns, 50'000'000);
}

TEST(CoreTimes, AreNotMeasuredWhereACoreIsMissing) {
  EXPECT_EQ(parse_core_times(kStat, {0, 5}, 100), std::nullopt);
  EXPECT_EQ(parse_core_times(kStat, {}, 100), std::nullopt);
  EXPECT_EQ(parse_core_times("", {0}, 100), std::nullopt);
  EXPECT_EQ(parse_core_times("cpu0 x y\n", {0}, 100), std::nullopt);
  EXPECT_EQ(parse_core_times(kStat, {0}, 0), std::nullopt);
}

TEST(CoreTimes, OfThisMachineGrow) {
  const auto before = core_times(allowed_cores());
  ASSERT_TRUE(before);
  EXPECT_GT(before->busy_ns, 0);
  EXPECT_GE(core_times(allowed_cores())->busy_ns, before->busy_ns);
}

}  // namespace
}  // namespace leakbench
