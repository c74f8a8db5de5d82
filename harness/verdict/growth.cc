#include "harness/verdict/growth.h"

#include <algorithm>
#include <vector>

#include "harness/verdict/kendall.h"
#include "harness/verdict/theil_sen.h"

namespace leakbench {
namespace {

constexpr double kOnePerRound = 1;
constexpr double kSignificant = 0.05;
constexpr double kHint = 0.20;
constexpr double kHighlySignificant = 0.01;
constexpr double kShareThatGoesOn = 0.75;
constexpr double kShareThatMayGoOn = 0.25;
constexpr double kShareThatSlowsDown = 0.9;
constexpr double kLastStepThatKeepsUp = 0.95;
constexpr std::size_t kFewestSteps = 4;

std::vector<Point> by_round(std::span<const double> counts) {
  std::vector<Point> points;
  for (const double count : counts) points.push_back({static_cast<double>(points.size()), count});
  return points;
}

// How far the steps from round to round differ in the later half: what one step may be by chance.
double unevenness(std::span<const double> counts) {
  const std::size_t steps = std::min(counts.size() - 1, std::max(kFewestSteps, counts.size() / 2));
  double least = counts[counts.size() - 1] - counts[counts.size() - 2];
  double most = least;
  for (std::size_t i = counts.size() - steps; i < counts.size(); ++i) {
    const double step = counts[i] - counts[i - 1];
    least = std::min(least, step);
    most = std::max(most, step);
  }
  return most - least;
}

double rise_of_last_two(std::span<const double> counts) {
  return counts.back() - counts[counts.size() - 3];
}

bool goes_on(std::span<const double> counts, double per_round) {
  const double rise = rise_of_last_two(counts);
  return rise / 2 >= kShareThatGoesOn * per_round && rise > unevenness(counts);
}

bool slows_down(std::span<const double> counts, double per_round) {
  const double last_step = counts.back() - counts[counts.size() - 2];
  if (last_step < kLastStepThatKeepsUp * per_round) return true;
  const std::size_t middle = counts.size() / 2;
  const double rounds_before = static_cast<double>(middle);
  const double rounds_after = static_cast<double>(counts.size() - 1 - middle);
  const double before = (counts[middle] - counts.front()) / rounds_before;
  const double after = (counts.back() - counts[middle]) / rounds_after;
  return after < kShareThatSlowsDown * before;
}

// A last count that is out of all the earlier ones' range: what begins here, nobody has seen yet.
bool jumps_at_last(std::span<const double> counts) {
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end() - 1);
  return counts.back() - *most > *most - *least;
}

bool may_grow(std::span<const double> counts, double per_round, double p) {
  if (jumps_at_last(counts)) return true;
  if (rise_of_last_two(counts) / 2 < kShareThatMayGoOn * per_round) return false;
  return (per_round >= kOnePerRound && p < kHint) || (per_round > 0 && p < kHighlySignificant);
}

GrowthSign sign_of(std::span<const double> counts, const Growth& growth) {
  if (counts.size() < kRoundsThatExcuseAResidue || rise_of_last_two(counts) <= 0) {
    return GrowthSign::kNone;
  }
  const double per_round = *growth.per_round;
  if (counts.size() < kRoundsThatShowGrowth) {
    return per_round >= kOnePerRound ? GrowthSign::kUnclear : GrowthSign::kNone;
  }
  if (*growth.p < kSignificant && *growth.lower_bound >= kOnePerRound &&
      goes_on(counts, per_round)) {
    return GrowthSign::kGrows;
  }
  return may_grow(counts, per_round, *growth.p) ? GrowthSign::kUnclear : GrowthSign::kNone;
}

}  // namespace

Growth growth_of(std::span<const double> counts) {
  Growth growth;
  growth.per_round = theil_sen_slope(by_round(counts));
  growth.lower_bound = theil_sen_lower_bound(counts);
  growth.p = mann_kendall_p(counts);
  growth.sign = sign_of(counts, growth);
  growth.slows_down =
      counts.size() >= kRoundsThatExcuseAResidue && slows_down(counts, *growth.per_round);
  return growth;
}

}  // namespace leakbench
