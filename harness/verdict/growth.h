// Whether counts grow from round to round, how surely, and whether they still did at the end: a
// leak goes on, while a pool or a cache fills and then stays. Pure, safe from any thread.
#ifndef LEAKBENCH_HARNESS_VERDICT_GROWTH_H_
#define LEAKBENCH_HARNESS_VERDICT_GROWTH_H_

#include <cstddef>
#include <optional>
#include <span>

namespace leakbench {

// Fewer cannot show growth: of five rising counts one order in 120 is as good, of four one in 24.
inline constexpr std::size_t kRoundsThatShowGrowth = 5;
// Below this number a residue cannot be told from one that does not grow at all.
inline constexpr std::size_t kRoundsThatExcuseAResidue = 3;

enum class GrowthSign {
  kNone,     // nothing grows, or it has ended
  kUnclear,  // it may grow; more rounds tell
  kGrows     // by a task per round at least, and goes on
};

struct Growth {
  GrowthSign sign = GrowthSign::kNone;
  std::optional<double> per_round;    // Theil-Sen; nullopt of fewer than two counts
  std::optional<double> lower_bound;  // one-sided, 95 %; nullopt of fewer than four
  std::optional<double> p;            // Mann-Kendall, one-sided; nullopt of fewer than two
  // The later rounds, or the last one alone, grew less than the others, like a pool that is nearly
  // full.
  bool slows_down = false;
};

// Of counts after equal rounds, in their order. kGrows takes all of
//   - kRoundsThatShowGrowth counts,
//   - a Mann-Kendall p of less than 5 % and a lower bound of at least one per round,
//   - growth that goes on: the last two rounds together grew at three quarters of the whole slope
//     at least, and by more than the steps of the later half differ from one another. Counts that
//     have stayed for three rounds thus never grow, and noise about a full pool hardly ever.
// kUnclear, of as many counts:
//   - the last two rounds grew at a quarter of the whole slope at least, and that slope is one per
//     round with p < 20 %, or less with p < 1 %, or
//   - the last count is further above the highest before it than that is above the lowest.
// Of three or four counts: a slope of one per round, unless the last two rounds did not grow.
Growth growth_of(std::span<const double> counts);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_GROWTH_H_
