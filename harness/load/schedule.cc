#include "harness/load/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "harness/base/error.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

[[noreturn]] void refuse(const std::string& message) { throw Error(ExitCode::kUsage, message); }

// A rate such as 0.1 is not exact in binary. A count that is whole but for that must be whole, or
// a request too many comes at the end, and one comes before a pause instead of behind it.
double without_rounding_noise(double count) {
  constexpr double kNoise = 1e-14;
  const double whole = std::round(count);
  return std::abs(count - whole) <= kNoise * count ? whole : count;
}

// A draw from the exponential distribution of mean 1, as -ln(u) for u from (0, 1]. Of + - * /
// alone, which IEEE 754 settles to the last bit: std::log1p and std::exponential_distribution are
// another function in each library.
double exponential_gap(std::uint64_t bits) {
  // u = m 2^-halvings with m from sqrt(1/2) to sqrt(2), read off the bits of a double: no branch
  // that every other draw would take.
  constexpr auto kRootOfHalf = std::bit_cast<std::int64_t>(0.70710678118654752);
  constexpr int kExponentAt = 52;
  const auto u = std::bit_cast<std::int64_t>(unit_interval(bits) + 0x1p-53);
  const std::int64_t halvings = -((u - kRootOfHalf) >> kExponentAt);
  const auto mantissa = std::bit_cast<double>(u + (halvings << kExponentAt));
  // ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...); s^2 < 0.0295, so that what is left out is less
  // than a rounding. Every other term in a sum of its own: the processor adds up both at once.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double s2 = s * s;
  const double s4 = s2 * s2;
  const double even = 1 + s4 * (1. / 5 + s4 * (1. / 9 + s4 * (1. / 13 + s4 * (1. / 17))));
  const double odd = 1. / 3 + s4 * (1. / 7 + s4 * (1. / 11 + s4 * (1. / 15 + s4 * (1. / 19))));
  constexpr double kLn2 = 0.69314718055994531;
  return static_cast<double>(halvings) * kLn2 - 2 * s * (even + s2 * odd);
}

}  // namespace

std::string_view to_string(ArrivalModel model) {
  switch (model) {
    case ArrivalModel::kConstant:
      return "constant";
    case ArrivalModel::kPoisson:
      return "poisson";
    case ArrivalModel::kRamp:
      return "ramp";
    case ArrivalModel::kStairs:
      return "stairs";
  }
  return "unknown";
}

void check_plan(const ArrivalPlan& plan) {
  if (plan.duration <= Duration::zero()) {
    refuse(fmt::format("the load needs a duration longer than 0, and got {}",
                       format_duration(plan.duration)));
  }
  const std::size_t count = plan.rates.size();
  const bool takes_one =
      plan.model == ArrivalModel::kConstant || plan.model == ArrivalModel::kPoisson;
  if (takes_one && count != 1) {
    refuse(fmt::format("the model {} takes one rate, and got {}: ramp and stairs take several",
                       to_string(plan.model), count));
  }
  if (plan.model == ArrivalModel::kRamp && count < 2) {
    refuse(fmt::format("the model ramp takes 2 rates or more, and got {}: from which rate to which",
                       count));
  }
  if (count == 0) refuse("the model stairs takes a rate for each stair, and got none");
  for (const double rate : plan.rates) {
    if (!(rate >= 0 && rate <= kHighestRate)) {  // NaN is neither
      refuse(fmt::format("the rate {} can't be: give requests per second, from 0 to {:.0f}", rate,
                         kHighestRate));
    }
  }
  if (std::all_of(plan.rates.begin(), plan.rates.end(), [](double rate) { return rate == 0; })) {
    refuse("the load needs a rate above 0: with none, no request is ever due");
  }
}

double expected_count(const ArrivalPlan& plan) {
  return Schedule::pieces_of(plan).back().last_count;
}

std::vector<Schedule::Piece> Schedule::pieces_of(const ArrivalPlan& plan) {
  check_plan(plan);
  const std::size_t step = plan.model == ArrivalModel::kRamp ? 1 : 0;
  const std::size_t count = plan.rates.size() - step;
  const auto duration = static_cast<double>(plan.duration.count());
  const auto parts = static_cast<double>(count);

  std::vector<Piece> pieces;
  double rate_sum = 0;
  double begin = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double first = plan.rates[i];
    const double last = plan.rates[i + step];
    // Divided once and at the end: whole rates and durations give whole counts.
    rate_sum += first + last;
    const double end =
        without_rounding_noise(rate_sum * duration / (2 * kNanosecondsPerSecond * parts));
    pieces.push_back({.start = duration * static_cast<double>(i) / parts,
                      .first_rate = first,
                      .last_rate = last,
                      .first_count = begin,
                      .last_count = end});
    begin = end;
  }
  return pieces;
}

Schedule::Schedule(const ArrivalPlan& plan, std::uint64_t index, std::uint64_t parts)
    : pieces_(pieces_of(plan)),
      end_(static_cast<double>(plan.duration.count()) - 0.5),
      is_poisson_(plan.model == ArrivalModel::kPoisson),
      parts_(parts),
      random_(plan.seed) {
  // The first request of an even schedule is due at once, and of a random one after the first gap.
  advance(is_poisson_ ? index + 1 : index);
}

// How fast requests come when `count` of them were due is known without the time: as with a steady
// acceleration, it is the square of the rate that goes straight from one end to the other. The mean
// rate until then is half-way between, and tells the time. Nothing is subtracted that is nearly
// equal, as it would be in the usual root of N's parabola.
double Schedule::Piece::offset_of(double count) const {
  const double done = count - first_count;
  if (done == 0) return start;  // the rate may be 0 here
  double rate = first_rate;
  if (first_rate != last_rate) {
    const double left = last_count - count;
    rate = std::sqrt((first_rate * first_rate * left + last_rate * last_rate * done) /
                     (last_count - first_count));
  }
  return start + done * (2 * kNanosecondsPerSecond) / (first_rate + rate);
}

std::optional<Duration> Schedule::next() {
  const double count = static_cast<double>(whole_) + fraction_;
  // A piece without requests ends at the count at which it starts, and is passed over.
  while (count >= pieces_[piece_].last_count) {
    if (piece_ + 1 == pieces_.size()) return std::nullopt;
    ++piece_;
  }
  const double offset = pieces_[piece_].offset_of(count);
  if (offset >= end_) return std::nullopt;
  advance(parts_);
  return Duration(std::llround(offset));
}

void Schedule::advance(std::uint64_t requests) {
  if (!is_poisson_) {
    whole_ += requests;
    return;
  }
  for (; requests > 0; --requests) {
    fraction_ += exponential_gap(random_());
    const auto whole = static_cast<std::uint64_t>(fraction_);
    whole_ += whole;
    fraction_ -= static_cast<double>(whole);
  }
}

}  // namespace leakbench
