// The Mann-Kendall test for a rising trend (Mann 1945, Kendall 1975): does a series rise, whatever
// its shape and whatever its noise? Pure functions, safe from any thread.
#ifndef LEAKBENCH_HARNESS_VERDICT_KENDALL_H_
#define LEAKBENCH_HARNESS_VERDICT_KENDALL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace leakbench {

// Up to here p is exact; beyond, the normal approximation with continuity correction is off by less
// than a thousandth.
inline constexpr std::size_t kMostExactRounds = 50;

// Kendall's S: the pairs that rise less those that fall; those that are equal count neither way.
std::int64_t kendall_statistic(std::span<const double> series);

// One-sided: the probability that the same values in random order give an S of at least the one
// seen. Small means that the series rises. nullopt of fewer than two values.
//
// Exact: S is the number of unequal pairs less twice the number of inversions, and the inversions
// of the orders of a multiset are counted by the q-multinomial coefficient (MacMahon 1915), here as
// a product of Gaussian binomials by q-Pascal's rule. Ties thus need no correction. Beyond
// kMostExactRounds: Kendall 1975, variance n(n-1)(2n+5)/18 less the same of each tie.
std::optional<double> mann_kendall_p(std::span<const double> series);

// The probabilities of 0, 1, 2, ... inversions in a random order of `size` different values
// (Mahonian numbers over size!).
std::vector<double> inversion_probabilities(std::size_t size);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_KENDALL_H_
