#include "harness/target/cores.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <thread>

namespace leakbench {
namespace {

using Cores = std::vector<int>;

TEST(Cores, ServerAndGeneratorGetOneEach) {
  const CorePlan plan = plan_cores(Cores{3, 5, 7});
  EXPECT_EQ(plan.server_cores, Cores{3});
  EXPECT_EQ(plan.generator_cores, Cores{5});
  EXPECT_FALSE(plan.shared);
}

TEST(Cores, ASingleOneIsSharedAndSaidToBe) {
  const CorePlan plan = plan_cores(Cores{4});
  EXPECT_EQ(plan.server_cores, Cores{4});
  EXPECT_EQ(plan.generator_cores, Cores{4});
  EXPECT_TRUE(plan.shared);
}

TEST(Cores, NothingIsPinnedWhereNoneIsKnown) {
  const CorePlan plan = plan_cores(Cores{});
  EXPECT_TRUE(plan.server_cores.empty());
  EXPECT_TRUE(plan.generator_cores.empty());
  EXPECT_TRUE(plan.shared);
}

TEST(Cores, ThisProcessMayUseSome) {
  const Cores allowed = allowed_cores();
  EXPECT_FALSE(allowed.empty());
  EXPECT_TRUE(std::is_sorted(allowed.begin(), allowed.end()));
  EXPECT_EQ(plan_cores().server_cores, Cores{allowed.front()});
}

TEST(Cores, APinnedThreadStaysOnItsCoreAndTheProcessKeepsTheOthers) {
  const Cores allowed = allowed_cores();
  std::thread([&] {
    EXPECT_TRUE(pin_calling_thread({allowed.back()}));
    EXPECT_EQ(::sched_getcpu(), allowed.back());
    EXPECT_EQ(allowed_cores(), allowed);
    EXPECT_FALSE(pin_calling_thread({}));
    EXPECT_FALSE(pin_calling_thread({-1}));
    EXPECT_FALSE(pin_calling_thread({1 << 20}));
  }).join();
}

}  // namespace
}  // namespace leakbench
