// A histogram of non-negative 64-bit values with a fixed relative precision (log-linear buckets, as
// HdrHistogram has them): every value is recorded, in constant time and constant memory.
#ifndef LEAKBENCH_RUNTIME_STATS_HISTOGRAM_H_
#define LEAKBENCH_RUNTIME_STATS_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace leakbench {

// Values that fall into one bucket differ by less than 2^-precision_bits of their size: 7 bits are
// 0.8 %, 11 bits are 0.05 %. Not thread safe: one histogram per thread, merged at the end.
class Histogram {
 public:
  struct Bucket {
    std::int64_t upper_bound;  // the largest value that falls into the bucket
    std::uint64_t count;
  };

  // `precision_bits` from 1 to 14.
  explicit Histogram(int precision_bits);

  // Negative values count as 0.
  void record(std::int64_t value, std::uint64_t count = 1);

  // Adds the counts of `other`, which must have the same precision.
  void merge(const Histogram& other);

  // Forgets all values, and keeps the memory for the next.
  void clear();

  std::uint64_t count() const { return count_; }

  // Of the values themselves, not of buckets; nullopt while empty.
  std::optional<std::int64_t> min() const;
  std::optional<std::int64_t> max() const;
  std::optional<double> mean() const;

  // The smallest recorded bucket bound (at most max()) such that at least `percentile` percent of
  // all values are no larger; nullopt while empty.
  std::optional<std::int64_t> percentile(double percentile) const;

  // The buckets that hold something, ascending.
  std::vector<Bucket> buckets() const;

 private:
  std::size_t index_of(std::uint64_t value) const;
  std::uint64_t upper_bound_of(std::size_t index) const;

  int precision_bits_;
  std::vector<std::uint64_t> counts_;  // grows to the largest value seen
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_STATS_HISTOGRAM_H_
