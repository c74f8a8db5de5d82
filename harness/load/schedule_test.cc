#include "harness/load/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"

namespace leakbench {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::vector<Duration> offsets_of(const ArrivalPlan& plan, std::uint64_t index = 0,
                                 std::uint64_t parts = 1) {
  Schedule schedule(plan, index, parts);
  std::vector<Duration> offsets;
  while (const auto offset = schedule.next()) offsets.push_back(*offset);
  return offsets;
}

std::vector<Duration> from_milliseconds(const std::vector<int>& numbers) {
  std::vector<Duration> offsets;
  for (const int number : numbers) offsets.push_back(milliseconds(number));
  return offsets;
}

// Adds up the rates in small steps of time and notes where each whole number is passed.
std::vector<double> offsets_by_adding_up(const ArrivalPlan& plan) {
  constexpr double kStep = 1e-5;  // s; the rate changes so little meanwhile that it is a line
  const bool is_ramp = plan.model == ArrivalModel::kRamp;
  const std::size_t pieces = plan.rates.size() - (is_ramp ? 1 : 0);
  const double length = std::chrono::duration<double>(plan.duration).count();
  const auto steps = static_cast<std::size_t>(std::round(length / kStep));
  std::vector<double> offsets;
  long double sum = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const double at =
        (static_cast<double>(i) + 0.5) / static_cast<double>(steps) * static_cast<double>(pieces);
    const auto piece = static_cast<std::size_t>(at);
    const double first = plan.rates[piece];
    const double last = plan.rates[piece + (is_ramp ? 1 : 0)];
    const long double grown = (first + (last - first) * (at - std::floor(at))) * kStep;
    while (static_cast<long double>(offsets.size()) < sum + grown) {
      const long double part = (static_cast<long double>(offsets.size()) - sum) / grown;
      offsets.push_back(static_cast<double>((static_cast<long double>(i) + part) * kStep * 1e9L));
    }
    sum += grown;
  }
  return offsets;
}

std::string refusal_of(const ArrivalPlan& plan) {
  try {
    check_plan(plan);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    EXPECT_THROW(Schedule{plan}, Error);
    EXPECT_THROW(expected_count(plan), Error);
    return e.what();
  }
  return "accepted";
}

TEST(Schedule, SpacesAConstantRateEvenlyFromTheReleaseOn) {
  EXPECT_EQ(offsets_of({ArrivalModel::kConstant, {4}, seconds(1)}),
            from_milliseconds({0, 250, 500, 750}));
}

TEST(Schedule, HasAsManyRequestsAsTheRatesAddUpTo) {
  struct Row {
    ArrivalPlan plan;
    double expected;
    std::size_t requests;
  };
  const Row kRows[] = {
      {{ArrivalModel::kConstant, {100}, seconds(10)}, 1000, 1000},
      {{ArrivalModel::kConstant, {2.5}, seconds(1)}, 2.5, 3},
      {{ArrivalModel::kConstant, {0.01}, seconds(1)}, 0.01, 1},
      {{ArrivalModel::kConstant, {0.1}, seconds(10)}, 1, 1},  // 0.1 is a little more in binary
      {{ArrivalModel::kConstant, {1000. / 3}, seconds(3)}, 1000, 1000},
      {{ArrivalModel::kRamp, {0, 100}, seconds(10)}, 500, 500},
      {{ArrivalModel::kRamp, {100, 0}, seconds(10)}, 500, 500},
      {{ArrivalModel::kRamp, {0.3, 0.1, 0.3}, seconds(100)}, 20, 20},
      {{ArrivalModel::kStairs, {10, 20, 30}, seconds(3)}, 60, 60},
      {{ArrivalModel::kStairs, {0.1, 0.2, 0.3, 0.7}, seconds(400)}, 130, 130},
      {{ArrivalModel::kStairs, {7}, milliseconds(1500)}, 10.5, 11},
      {{ArrivalModel::kStairs, {1.1, 0}, seconds(60)}, 33, 33},
      {{ArrivalModel::kStairs, {0.2, 0.1, 0}, seconds(10)}, 1, 1},
  };
  for (const Row& row : kRows) {
    const std::string name =
        std::string(to_string(row.plan.model)) + " with " + std::to_string(row.plan.rates[0]);
    EXPECT_DOUBLE_EQ(expected_count(row.plan), row.expected) << name;
    EXPECT_EQ(offsets_of(row.plan).size(), row.requests) << name;
  }
}

TEST(Schedule, AgreesWithAddingUpTheRatesInSmallSteps) {
  // None that adds up to a whole number, at which the sum's own rounding would decide.
  const ArrivalPlan kPlans[] = {
      {ArrivalModel::kConstant, {123.4}, seconds(3)},
      {ArrivalModel::kStairs, {10.3, 0, 200.7, 1}, seconds(4)},
      {ArrivalModel::kRamp, {100.3, 1000}, seconds(3)},
      {ArrivalModel::kRamp, {1000, 100.3}, seconds(3)},
      {ArrivalModel::kRamp, {10.1, 0}, seconds(3)},
      {ArrivalModel::kRamp, {0, 250.5}, seconds(3)},
      {ArrivalModel::kRamp, {301.1, 0, 301.1}, seconds(4)},
      {ArrivalModel::kRamp, {0, 0, 77.7, 0, 0, 5}, seconds(5)},
      {ArrivalModel::kRamp, {50, 50.0001, 400, 400}, seconds(3)},
  };
  for (const ArrivalPlan& plan : kPlans) {
    const std::vector<double> slow = offsets_by_adding_up(plan);
    const std::vector<Duration> quick = offsets_of(plan);
    ASSERT_EQ(quick.size(), slow.size());
    ASSERT_EQ(static_cast<double>(quick.size()), std::ceil(expected_count(plan)));
    for (std::size_t k = 1; k < slow.size(); ++k) {
      ASSERT_NEAR(static_cast<double>(quick[k].count()), slow[k], 5)
          << k << " of " << to_string(plan.model) << " from " << plan.rates[0];
    }
  }
}

TEST(Schedule, IsExactToTheNanosecondAtTheBillionthRequest) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  for (const std::int64_t rate : {12'000, 30'000, 1'000'000, 999'983}) {
    const ArrivalPlan plan{ArrivalModel::kConstant, {static_cast<double>(rate)}, hours(24)};
    for (std::int64_t k : {kBillion, kBillion + 1, kBillion - 1}) {
      const std::int64_t rounded = (k * kBillion + rate / 2) / rate;
      EXPECT_EQ(Schedule(plan, static_cast<std::uint64_t>(k)).next(), nanoseconds(rounded)) << rate;
    }
  }
}

TEST(Schedule, DoesNotDriftInADay) {
  constexpr std::int64_t kRate = 30'000;
  constexpr std::int64_t kStride = 100'003;
  Schedule schedule({ArrivalModel::kConstant, {kRate}, hours(24)}, 0, kStride);
  std::int64_t k = 0;
  while (const auto offset = schedule.next()) {
    ASSERT_EQ(offset->count(), (k * 1'000'000'000 + kRate / 2) / kRate) << k;
    k += kStride;
  }
  EXPECT_GE(k, kRate * 86'400);
}

TEST(Schedule, RampsUpByTheSquareRootAndDownAsItsMirror) {
  const std::vector<Duration> up = offsets_of({ArrivalModel::kRamp, {0, 200}, seconds(1)});
  const std::vector<Duration> down = offsets_of({ArrivalModel::kRamp, {200, 0}, seconds(1)});
  ASSERT_EQ(up.size(), 100u);
  ASSERT_EQ(down.size(), 100u);
  EXPECT_EQ(up[0], seconds(0));
  EXPECT_EQ(up[1], milliseconds(100));
  EXPECT_EQ(up[25], milliseconds(500));
  EXPECT_EQ(up[81], milliseconds(900));
  for (std::size_t k = 1; k < 100; ++k) EXPECT_EQ(up[k] + down[100 - k], seconds(1)) << k;
}

TEST(Schedule, RampsThroughZeroWithoutAHalt) {
  const std::vector<Duration> offsets =
      offsets_of({ArrivalModel::kRamp, {200, 0, 200}, seconds(2)});
  ASSERT_EQ(offsets.size(), 200u);
  EXPECT_EQ(offsets[99], milliseconds(900));
  EXPECT_EQ(offsets[100], milliseconds(1000));
  EXPECT_EQ(offsets[101], milliseconds(1100));
}

TEST(Schedule, IsConstantOnALevelRamp) {
  EXPECT_EQ(offsets_of({ArrivalModel::kRamp, {300, 300, 300}, seconds(7)}),
            offsets_of({ArrivalModel::kConstant, {300}, seconds(7)}));
}

TEST(Schedule, ChangesStepAtTheEdgeOfAStair) {
  EXPECT_EQ(offsets_of({ArrivalModel::kStairs, {2, 4, 1}, seconds(3)}),
            from_milliseconds({0, 500, 1000, 1250, 1500, 1750, 2000}));
}

TEST(Schedule, CarriesAPartOfARequestOverTheEdgeOfAStair) {
  // Half a request is left at 1 s, and the other half takes the faster stair 100 ms.
  EXPECT_EQ(offsets_of({ArrivalModel::kStairs, {2.5, 5}, seconds(2)}),
            from_milliseconds({0, 400, 800, 1100, 1300, 1500, 1700, 1900}));
}

TEST(Schedule, HoldsWhatIsDueInAPauseUntilItsEnd) {
  EXPECT_EQ(offsets_of({ArrivalModel::kStairs, {0, 2, 0, 0, 2, 0}, seconds(6)}),
            from_milliseconds({1000, 1500, 4000, 4500}));
  EXPECT_EQ(offsets_of({ArrivalModel::kRamp, {0, 0, 2}, seconds(4)}),
            std::vector<Duration>({seconds(2), nanoseconds(3'414'213'562)}));
}

TEST(Schedule, HoldsWhatIsDueInAPauseThoughTheRateIsNotExactInBinary) {
  // Ten seconds of 1.1 add up to a little more than 11 requests as doubles.
  const std::vector<Duration> offsets =
      offsets_of({ArrivalModel::kStairs, {1.1, 0, 1.1}, seconds(30)});
  ASSERT_EQ(offsets.size(), 22u);
  EXPECT_LT(offsets[10], seconds(10));
  EXPECT_EQ(offsets[11], seconds(20));
}

TEST(Schedule, NeverGoesBackAndEndsBeforeTheDurationDoes) {
  const ArrivalPlan kPlans[] = {
      {ArrivalModel::kConstant, {kHighestRate}, milliseconds(1)},
      {ArrivalModel::kConstant, {kHighestRate}, nanoseconds(1)},
      {ArrivalModel::kPoisson, {kHighestRate}, milliseconds(1)},
      {ArrivalModel::kPoisson, {1e-9}, seconds(1)},
      {ArrivalModel::kRamp, {1e-9, kHighestRate, 0, 1, 0}, milliseconds(1)},
      {ArrivalModel::kStairs, {1. / 3, 1e5 / 7, 0, 3.1, 1e-300}, nanoseconds(9'999'999'999)},
      {ArrivalModel::kStairs, std::vector<double>(1000, 0.7), seconds(97)},
      {ArrivalModel::kStairs, {1, 2, 3}, nanoseconds(2)},
      {ArrivalModel::kConstant, {999.9999998}, seconds(1)},
  };
  for (const ArrivalPlan& plan : kPlans) {
    Schedule schedule(plan);
    Duration last{};
    double count = 0;
    while (const auto offset = schedule.next()) {
      ASSERT_GE(*offset, last);
      ASSERT_LT(*offset, plan.duration);
      last = *offset;
      ++count;
    }
    EXPECT_EQ(schedule.next(), std::nullopt);
    if (plan.model != ArrivalModel::kPoisson) {
      EXPECT_EQ(count, std::ceil(expected_count(plan)));
    }
  }
}

TEST(Schedule, LeavesOutWhatIsDueLessThanHalfANanosecondBeforeTheEnd) {
  const ArrivalPlan plan{ArrivalModel::kConstant, {1000.0000002}, seconds(1)};
  const std::vector<Duration> offsets = offsets_of(plan);
  EXPECT_GT(expected_count(plan), 1000);
  EXPECT_EQ(offsets.size(), 1000u);
  EXPECT_LT(offsets.back(), seconds(1));
}

TEST(Schedule, IsTheSameWholeHoweverManyThreadsShareIt) {
  const ArrivalPlan kPlans[] = {
      {ArrivalModel::kConstant, {333}, seconds(3)},
      {ArrivalModel::kPoisson, {333}, seconds(3), 9},
      {ArrivalModel::kRamp, {0, 500, 100}, seconds(3)},
      {ArrivalModel::kStairs, {100, 0, 500}, seconds(3)},
  };
  for (const ArrivalPlan& plan : kPlans) {
    const std::vector<Duration> whole = offsets_of(plan);
    for (const std::size_t parts : {2u, 3u, 64u, 2000u}) {
      std::size_t shared = 0;
      for (std::size_t part = 0; part < parts; ++part) {
        const std::vector<Duration> share = offsets_of(plan, part, parts);
        for (std::size_t i = 0; i < share.size(); ++i) {
          ASSERT_LT(part + i * parts, whole.size());
          ASSERT_EQ(share[i], whole[part + i * parts]) << to_string(plan.model);
        }
        shared += share.size();
      }
      EXPECT_EQ(shared, whole.size());
    }
  }
}

TEST(Schedule, RefusesPlansThatCannotBeAndNamesTheValue) {
  const auto has = [](const ArrivalPlan& plan, std::string_view part) {
    const std::string refusal = refusal_of(plan);
    EXPECT_NE(refusal.find(part), std::string::npos) << refusal;
  };
  EXPECT_EQ(refusal_of({ArrivalModel::kRamp, {0, 0.5}, nanoseconds(1)}), "accepted");
  EXPECT_EQ(refusal_of({ArrivalModel::kStairs, {kHighestRate}, hours(24)}), "accepted");
  has({ArrivalModel::kConstant, {1}, seconds(0)}, "got 0s");
  has({ArrivalModel::kConstant, {1}, seconds(-2)}, "got -2s");
  has({ArrivalModel::kConstant, {}, seconds(1)}, "constant takes one rate, and got 0");
  has({ArrivalModel::kPoisson, {1, 2}, seconds(1)}, "poisson takes one rate, and got 2");
  has({ArrivalModel::kRamp, {1}, seconds(1)}, "ramp takes 2 rates or more, and got 1");
  has({ArrivalModel::kStairs, {}, seconds(1)}, "stairs takes a rate");
  has({ArrivalModel::kRamp, {1, -5}, seconds(1)}, "-5");
  has({ArrivalModel::kStairs, {1, 2e9}, seconds(1)}, "from 0 to 1000000000");
  has({ArrivalModel::kConstant, {std::numeric_limits<double>::infinity()}, seconds(1)}, "inf");
  has({ArrivalModel::kConstant, {std::numeric_limits<double>::quiet_NaN()}, seconds(1)}, "nan");
  has({ArrivalModel::kPoisson, {0}, seconds(1)}, "above 0");
  has({ArrivalModel::kRamp, {0, 0}, seconds(1)}, "above 0");
}

TEST(Schedule, HasANameForEachModel) {
  std::string names;
  for (const ArrivalModel model : kAllArrivalModels) names += std::string(to_string(model)) + " ";
  EXPECT_EQ(names, "constant poisson ramp stairs ");
}

}  // namespace
}  // namespace leakbench
