#include "harness/load/request_mix.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace leakbench {
namespace {

LoadPlan plan_of(const std::vector<std::uint32_t>& weights, std::uint64_t seed = 1) {
  LoadPlan plan;
  plan.port = 8080;
  plan.seed = seed;
  plan.mix.clear();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    plan.mix.push_back({.target = "/" + std::to_string(i), .weight = weights[i]});
  }
  return plan;
}

std::vector<std::size_t> drawn(const RequestMix& mix, std::uint64_t count) {
  std::vector<std::size_t> indexes;
  for (std::uint64_t number = 0; number < count; ++number) indexes.push_back(mix.of(number).index);
  return indexes;
}

TEST(RequestMix, SendsTheOnlyRequestEachTime) {
  const LoadPlan plan = plan_of({7});
  const RequestMix mix(plan);
  EXPECT_EQ(mix.of(0).bytes, render_request(plan, plan.mix[0]));
  EXPECT_EQ(&mix.of(0), &mix.of(123'456));
}

TEST(RequestMix, SendsEachAsOftenAsItsWeightSays) {
  const RequestMix mix(plan_of({70, 1, 29}));
  std::array<int, 3> counts{};
  for (const std::size_t index : drawn(mix, 100'000)) ++counts[index];
  // Three standard deviations of binomial counts are below 450.
  EXPECT_NEAR(counts[0], 70'000, 450);
  EXPECT_NEAR(counts[1], 1'000, 100);
  EXPECT_NEAR(counts[2], 29'000, 450);
}

TEST(RequestMix, DrawsTheSameFromTheSameSeedAndOthersFromAnother) {
  EXPECT_EQ(drawn(RequestMix(plan_of({1, 1}, 5)), 1'000),
            drawn(RequestMix(plan_of({1, 1}, 5)), 1'000));
  EXPECT_NE(drawn(RequestMix(plan_of({1, 1}, 5)), 1'000),
            drawn(RequestMix(plan_of({1, 1}, 6)), 1'000));
}

TEST(RequestMix, DoesNotFollowTheFates) {
  const RequestMix mix(plan_of({1, 1}));
  const FatePlan fates = FatePlan::parse({"50%@200ms"});
  int both = 0;
  for (std::uint64_t number = 0; number < 10'000; ++number) {
    both += mix.of(number).index == 0 && fates.of(1, number).kind == FateKind::kGiveUp;
  }
  EXPECT_NEAR(both, 2'500, 150);
}

TEST(RequestMix, KnowsWhichAnswersHaveNoBody) {
  LoadPlan plan = plan_of({1, 1});
  plan.mix[1].method = "HEAD";
  const RequestMix mix(plan);
  for (std::uint64_t number = 0; number < 20; ++number) {
    EXPECT_EQ(mix.of(number).is_head, mix.of(number).index == 1);
  }
}

}  // namespace
}  // namespace leakbench
