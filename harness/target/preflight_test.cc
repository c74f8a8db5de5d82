#include "harness/target/preflight.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

struct FakeLimits {
  DescriptorLimit limit;
  int times_set = 0;

  DescriptorLimits source() {
    return {[this] { return limit; },
            [this](const DescriptorLimit& wanted) {
              limit = wanted;
              ++times_set;
            }};
  }
};

TEST(Preflight, LeavesALimitThatSufficesAlone) {
  FakeLimits fake{{10'064, 20'000}};
  EXPECT_EQ(check_descriptor_limit(10'000, fake.source()).soft, 10'064u);
  EXPECT_EQ(fake.times_set, 0);
}

TEST(Preflight, RaisesTheSoftLimitToTheHardOne) {
  FakeLimits fake{{10'063, 20'000}};
  EXPECT_EQ(check_descriptor_limit(10'000, fake.source()).soft, 20'000u);
  EXPECT_EQ(fake.times_set, 1);
  EXPECT_EQ(fake.limit.soft, 20'000u);
  EXPECT_EQ(fake.limit.hard, 20'000u);
}

TEST(Preflight, NamesTheLimitTheNeedAndTheCommandThatRaisesIt) {
  FakeLimits fake{{1'024, 4'096}};
  EXPECT_EQ(
      error_of([&] { check_descriptor_limit(10'000, fake.source()); }, ExitCode::kEnvironmentUnfit),
      "10000 connections need 10064 open files, but the limit is 1024 (hard limit 4096): run "
      "ulimit -n 10064 as root first, or ask for at most 4032 connections (--concurrency)");
  EXPECT_EQ(fake.times_set, 0);
}

TEST(Preflight, RaisesTheLimitOfThisProcess) {
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_GE(before.rlim_max, 300u);
  rlimit lowered = before;
  lowered.rlim_cur = 200;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(check_descriptor_limit(200).soft, before.rlim_max);
  rlimit after = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Preflight, ComparesThePortRangeWithTheConnections) {
  const TemporaryFolder folder;
  const auto file = folder / "range";
  std::ofstream(file) << "32768\t60999\n";
  EXPECT_EQ(check_port_range(28'232, file)->size(), 28'232);
  EXPECT_EQ(
      error_of([&] { check_port_range(28'233, file); }, ExitCode::kEnvironmentUnfit),
      "28233 connections need as many ports, but net.ipv4.ip_local_port_range 32768 60999 has "
      "28232: run sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\" as root, or ask for at "
      "most 28232 connections (--concurrency)");
  EXPECT_EQ(
      error_of([&] { check_port_range(70'000, file); }, ExitCode::kEnvironmentUnfit),
      "70000 connections need as many ports, but net.ipv4.ip_local_port_range 32768 60999 has "
      "28232: ask for at most 28232 connections (--concurrency)");
}

TEST(Preflight, APortRangeThatCannotBeReadIsNoReasonToStop) {
  const TemporaryFolder folder;
  EXPECT_FALSE(check_port_range(10, folder / "none").has_value());
  for (const char* text : {"", "x y", "5", "60000 100", "0 70000", "1 99999999999999"}) {
    std::ofstream(folder / "range") << text;
    EXPECT_FALSE(check_port_range(10, folder / "range").has_value()) << text;
  }
}

TEST(Preflight, ReadsTheRangeOfThisMachine) {
  const auto range = check_port_range(1);
  ASSERT_TRUE(range.has_value());
  EXPECT_GT(range->size(), 0);
}

}  // namespace
}  // namespace leakbench
