#include "runtime/stats/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace leakbench {

Histogram::Histogram(int precision_bits) : precision_bits_(precision_bits) {
  if (precision_bits < 1 || precision_bits > 14) {
    throw std::invalid_argument("Histogram: precision_bits must be from 1 to 14");
  }
}

// Values below 2^(p+1) have a bucket each. Above, each power of two is cut into 2^p buckets: the
// top p+1 bits of the value name the bucket, the bits below are what precision gives up.
std::size_t Histogram::index_of(std::uint64_t value) const {
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - precision_bits_ - 1);
  return (static_cast<std::size_t>(shift) << precision_bits_) + (value >> shift);
}

std::uint64_t Histogram::upper_bound_of(std::size_t index) const {
  const std::size_t per_power = std::size_t{1} << precision_bits_;
  if (index < 2 * per_power) return index;
  const std::size_t shift = index / per_power - 1;
  const std::uint64_t top = index - shift * per_power;
  return ((top + 1) << shift) - 1;
}

void Histogram::record(std::int64_t value, std::uint64_t count) {
  if (count == 0) return;
  value = std::max<std::int64_t>(value, 0);
  const std::size_t index = index_of(static_cast<std::uint64_t>(value));
  if (index >= counts_.size()) counts_.resize(index + 1);
  counts_[index] += count;
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  count_ += count;
  sum_ += static_cast<double>(value) * static_cast<double>(count);
}

void Histogram::merge(const Histogram& other) {
  if (other.precision_bits_ != precision_bits_) {
    throw std::invalid_argument("Histogram: merge of different precisions");
  }
  if (other.count_ == 0) return;
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = count_ == 0 ? other.max_ : std::max(max_, other.max_);
  count_ += other.count_;
  sum_ += other.sum_;
}

void Histogram::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = 0;
  min_ = max_ = 0;
  sum_ = 0;
}

std::optional<std::int64_t> Histogram::min() const {
  return count_ == 0 ? std::nullopt : std::optional(min_);
}

std::optional<std::int64_t> Histogram::max() const {
  return count_ == 0 ? std::nullopt : std::optional(max_);
}

std::optional<double> Histogram::mean() const {
  return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_));
}

std::optional<std::int64_t> Histogram::percentile(double percentile) const {
  if (count_ == 0) return std::nullopt;
  const double share = std::clamp(percentile, 0.0, 100.0) / 100.0;
  const auto rank = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_) - 1e-9)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::min(static_cast<std::int64_t>(upper_bound_of(i)), max_);
  }
  return max_;
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
  std::vector<Bucket> result;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    result.push_back({static_cast<std::int64_t>(upper_bound_of(i)), counts_[i]});
  }
  return result;
}

}  // namespace leakbench
