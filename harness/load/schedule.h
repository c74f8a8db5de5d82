// When the requests of an open load are due: a pure function of model, rates, duration and seed,
// whatever the target does.
//
// The rates are a line r(t) over the duration, and N(t), its integral, is how many requests are due
// until t. Request k is due at t where N(t) = u(k): with u(k) = k they are evenly spaced, and with
// the sums of unit exponential gaps they are a Poisson process (time rescaling: Brown et al. 2002).
#ifndef LEAKBENCH_HARNESS_LOAD_SCHEDULE_H_
#define LEAKBENCH_HARNESS_LOAD_SCHEDULE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/load/split_mix.h"
#include "runtime/time/clock.h"

namespace leakbench {

enum class ArrivalModel : std::uint8_t {
  kConstant,  // one rate, evenly spaced
  kPoisson,   // one rate, independent of each other, as from very many users
  kRamp,      // from each rate straight to the next, in equal parts of the duration; evenly spaced
  kStairs,    // each rate for an equal part of the duration; evenly spaced
};

inline constexpr std::array kAllArrivalModels = {ArrivalModel::kConstant, ArrivalModel::kPoisson,
                                                 ArrivalModel::kRamp, ArrivalModel::kStairs};

// "constant", "poisson", "ramp", "stairs".
std::string_view to_string(ArrivalModel model);

// One request a nanosecond: what is due closer together has no order.
inline constexpr double kHighestRate = 1e9;

struct ArrivalPlan {
  ArrivalModel model = ArrivalModel::kConstant;
  std::vector<double> rates;  // requests per second, from 0 to kHighestRate, one at least above 0
  Duration duration{};
  std::uint64_t seed = 0;  // of kPoisson; the others have nothing random
};

// Throws Error(kUsage), naming the value that can't be.
void check_plan(const ArrivalPlan& plan);

// N(duration): the mean number of requests of kPoisson; the others have as many, rounded up (less
// one that would round to the end itself). Throws as check_plan() does.
double expected_count(const ArrivalPlan& plan);

// The offsets one after the other. Of a plan it always gives the same. Not thread-safe: threads
// that share a plan have a Schedule each, and each its part.
class Schedule {
 public:
  // Every `parts`-th offset of the plan from number `index` on, of the same whole whatever the
  // number of parts, which is at least 1. Throws as check_plan() does.
  explicit Schedule(const ArrivalPlan& plan, std::uint64_t index = 0, std::uint64_t parts = 1);

  // The next offset from the release of the load, to the nanosecond, not before the one before and
  // less than the duration; nullopt from the last one on. While the rate is 0 nothing is due: what
  // N alone would leave anywhere in a pause is due at its end.
  std::optional<Duration> next();

 private:
  // Of r(t), from one rate straight to another.
  struct Piece {
    double start;       // ns
    double first_rate;  // per second
    double last_rate;
    double first_count;  // N at its start
    double last_count;   // N at its end

    double offset_of(double count) const;
  };

  static std::vector<Piece> pieces_of(const ArrivalPlan& plan);
  friend double expected_count(const ArrivalPlan& plan);

  void advance(std::uint64_t requests);

  std::vector<Piece> pieces_;
  double end_;  // ns; what rounds to the duration or more is too late
  bool is_poisson_;
  std::uint64_t parts_;
  std::size_t piece_ = 0;
  SplitMix64 random_;
  // u of the next request. In two parts, so that a long sum does not round each gap more coarsely.
  std::uint64_t whole_ = 0;
  double fraction_ = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_SCHEDULE_H_
