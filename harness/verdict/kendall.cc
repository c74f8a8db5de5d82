#include "harness/verdict/kendall.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace leakbench {
namespace {

using Polynomial = std::vector<double>;  // coefficients of q^0, q^1, ...

Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial result(a.size() + b.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) result[i + j] += a[i] * b[j];
  }
  return result;
}

// How often each number of inversions occurs when `chosen` equal values are mixed in every way with
// `total` - `chosen` smaller ones, as probabilities: a Gaussian binomial over its sum. q-Pascal:
// [n, k] = [n-1, k-1] + q^k [n-1, k]; in probabilities the two have the weights k/n and (n-k)/n.
Polynomial mixing_probabilities(std::size_t total, std::size_t chosen) {
  std::vector<Polynomial> row(chosen + 1);
  row[0] = {1.0};
  for (std::size_t n = 1; n <= total; ++n) {
    for (std::size_t k = std::min(n, chosen); k >= 1; --k) {
      Polynomial next(k * (n - k) + 1, 0.0);
      const double ends_with_one = static_cast<double>(k) / static_cast<double>(n);
      for (std::size_t i = 0; i < row[k - 1].size(); ++i) next[i] += ends_with_one * row[k - 1][i];
      if (k < n) {
        for (std::size_t i = 0; i < row[k].size(); ++i) {
          next[i + k] += (1 - ends_with_one) * row[k][i];
        }
      }
      row[k] = std::move(next);
    }
  }
  return row[chosen];
}

// How often each value occurs, in the order of the values.
std::vector<std::size_t> multiplicities(std::span<const double> series) {
  std::vector<double> sorted(series.begin(), series.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i] != sorted[i - 1]) counts.push_back(0);
    ++counts.back();
  }
  return counts;
}

std::int64_t pairs(std::size_t count) { return static_cast<std::int64_t>(count * (count - 1) / 2); }

double exact_p(std::int64_t statistic, const std::vector<std::size_t>& ties) {
  Polynomial inversions = {1.0};
  std::size_t total = 0;
  std::int64_t unequal = 0;
  for (const std::size_t count : ties) {
    unequal -= pairs(count);
    total += count;
    inversions = product(inversions, mixing_probabilities(total, count));
  }
  unequal += pairs(total);
  const auto most = static_cast<std::size_t>((unequal - statistic) / 2);
  double p = 0;
  for (std::size_t i = 0; i <= most && i < inversions.size(); ++i) p += inversions[i];
  return std::min(p, 1.0);
}

double normal_p(std::int64_t statistic, std::size_t size, const std::vector<std::size_t>& ties) {
  const auto term = [](std::size_t count) {
    const auto n = static_cast<double>(count);
    return n * (n - 1) * (2 * n + 5) / 18;
  };
  double variance = term(size);
  for (const std::size_t count : ties) variance -= term(count);
  if (variance <= 0) return 1;  // all values are equal
  const double z = (static_cast<double>(statistic) - 1) / std::sqrt(variance);
  return std::erfc(z / std::numbers::sqrt2) / 2;
}

}  // namespace

std::int64_t kendall_statistic(std::span<const double> series) {
  std::int64_t statistic = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = i + 1; j < series.size(); ++j) {
      statistic +=
          static_cast<int>(series[j] > series[i]) - static_cast<int>(series[j] < series[i]);
    }
  }
  return statistic;
}

std::optional<double> mann_kendall_p(std::span<const double> series) {
  if (series.size() < 2) return std::nullopt;
  const std::int64_t statistic = kendall_statistic(series);
  const auto ties = multiplicities(series);
  return series.size() <= kMostExactRounds ? exact_p(statistic, ties)
                                           : normal_p(statistic, series.size(), ties);
}

std::vector<double> inversion_probabilities(std::size_t size) {
  // The k-th value can be put before 0 to k - 1 of those that are there, each as likely.
  std::vector<double> probabilities = {1.0};
  for (std::size_t k = 2; k <= size; ++k) {
    std::vector<double> next(probabilities.size() + k - 1, 0.0);
    double window = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (i < probabilities.size()) window += probabilities[i];
      if (i >= k) window -= probabilities[i - k];
      next[i] = window / static_cast<double>(k);
    }
    probabilities = std::move(next);
  }
  return probabilities;
}

}  // namespace leakbench
