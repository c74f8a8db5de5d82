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

TEST(Preflight, ThreadsShareTheDescriptorsThatAreEnough) {
  FakeLimits fake{{1'024, 20'000}};
  const GeneratorThreads plan = plan_threads(10'000, 2, fake.source());
  EXPECT_EQ(plan.threads, 2u);
  EXPECT_FALSE(plan.own_descriptors);
  EXPECT_EQ(fake.limit.soft, 20'000u);
}

TEST(Preflight, ThreadsHaveDescriptorsOfTheirOwnWhereTheyAreNotEnough) {
  FakeLimits fake{{20'000, 20'000}};
  const GeneratorThreads plan = plan_threads(50'000, 1, fake.source());
  EXPECT_EQ(plan.threads, 3u);
  EXPECT_TRUE(plan.own_descriptors);
  EXPECT_EQ(plan_threads(50'000, 5, fake.source()).threads, 5u);
}

TEST(Preflight, ALimitThatIsTooLowForAnyThreadIsNamed) {
  FakeLimits fake{{100, 100}};
  EXPECT_NE(error_of([&] { plan_threads(1'000, 1, fake.source()); }, ExitCode::kEnvironmentUnfit)
                .find("1000 connections need 1064 open files"),
            std::string::npos);
}

TEST(Preflight, TakesAsManyAddressesAsThePortsOfOneAreTooFew) {
  const TemporaryFolder folder;
  const auto file = folder / "range";
  std::ofstream(file) << "32768\t60999\n";
  EXPECT_EQ(source_addresses_for(28'232, file), 1u);
  EXPECT_EQ(source_addresses_for(28'233, file), 2u);
  EXPECT_EQ(source_addresses_for(70'000, file), 3u);
}

TEST(Preflight, APortRangeThatCannotBeReadIsNoReasonToStop) {
  const TemporaryFolder folder;
  EXPECT_EQ(source_addresses_for(70'000, folder / "none"), 1u);
  for (const char* text : {"", "x y", "5", "60000 100", "0 70000", "1 99999999999999"}) {
    std::ofstream(folder / "range") << text;
    EXPECT_EQ(source_addresses_for(70'000, folder / "range"), 1u) << text;
  }
}

TEST(Preflight, ReadsTheBacklogOfTheSystem) {
  const TemporaryFolder folder;
  std::ofstream(folder / "somaxconn") << "128\n";
  EXPECT_EQ(largest_backlog(256, folder / "somaxconn"), 128u);
  EXPECT_EQ(largest_backlog(256, folder / "none"), 256u);
  EXPECT_GT(largest_backlog(256), 0u);
}

}  // namespace
}  // namespace leakbench
