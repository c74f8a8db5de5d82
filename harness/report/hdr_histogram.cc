#include "harness/report/hdr_histogram.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <vector>

namespace leakbench {
namespace {

constexpr int kSignificantDigits = 3;
// 2,048 is the least power of two in which 3 digits, which are 2,000 values, can be told apart.
constexpr int kSubBucketBits = 11;
constexpr int kLeastValueBits = 42;

constexpr std::uint32_t kEncodingCookie = 0x1c849303 | 0x10;  // V2, words of no fixed size
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;

// One of HdrHistogram's.
struct HdrBucket {
  std::size_t index;  // in its array of counts
  std::int64_t lowest;
  std::int64_t highest;
  std::uint64_t count;

  double middle() const { return static_cast<double>(lowest + (highest - lowest + 1) / 2); }
};

// Those that hold something, ascending.
std::vector<HdrBucket> hdr_buckets(const Histogram& histogram) {
  std::vector<HdrBucket> result;
  for (const auto& [upper_bound, count] : histogram.buckets()) {
    const auto value = static_cast<std::uint64_t>(upper_bound);
    const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - kSubBucketBits);
    const std::uint64_t top = value >> shift;
    const std::size_t index = (static_cast<std::size_t>(shift) << (kSubBucketBits - 1)) + top;
    if (!result.empty() && result.back().index == index) {
      result.back().count += count;
    } else {
      result.push_back({index, static_cast<std::int64_t>(top << shift),
                        static_cast<std::int64_t>(((top + 1) << shift) - 1), count});
    }
  }
  return result;
}

// How many bits the highest trackable value has: they are all set.
int value_bits(const std::vector<HdrBucket>& buckets) {
  if (buckets.empty()) return kLeastValueBits;
  const auto highest = static_cast<std::uint64_t>(buckets.back().highest);
  return std::max(kLeastValueBits, static_cast<int>(std::bit_width(highest)));
}

void put_big_endian(std::uint64_t value, int bytes, std::string& out) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

// ZigZag LEB128 of at most 9 bytes: the ninth has 8 bits of the value, and no mark that more come.
void put_zigzag(std::int64_t value, std::string& out) {
  auto bits = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int i = 0; i < 8 && bits >= 0x80; ++i) {
    out += static_cast<char>(bits | 0x80);
    bits >>= 7;
  }
  out += static_cast<char>(bits);
}

// All counts up to the last that is not zero, at least one; several zeros as minus their number.
std::string encode_counts(const std::vector<HdrBucket>& buckets) {
  std::string out;
  std::size_t next = 0;
  for (const HdrBucket& bucket : buckets) {
    const auto zeros = static_cast<std::int64_t>(bucket.index - next);
    if (zeros > 0) put_zigzag(zeros == 1 ? 0 : -zeros, out);
    put_zigzag(static_cast<std::int64_t>(bucket.count), out);
    next = bucket.index + 1;
  }
  if (buckets.empty()) put_zigzag(0, out);
  return out;
}

std::string encode(const std::vector<HdrBucket>& buckets) {
  const std::string counts = encode_counts(buckets);
  std::string out;
  put_big_endian(kEncodingCookie, 4, out);
  put_big_endian(counts.size(), 4, out);
  put_big_endian(0, 4, out);  // the array of counts starts where it starts
  put_big_endian(kSignificantDigits, 4, out);
  put_big_endian(1, 8, out);  // lowest value
  put_big_endian((std::uint64_t{1} << value_bits(buckets)) - 1, 8, out);
  put_big_endian(std::bit_cast<std::uint64_t>(1.0), 8, out);  // from these values to real ones
  return out + counts;
}

std::string deflated(std::string_view text) {
  std::string out(::compressBound(text.size()), '\0');
  uLongf size = out.size();
  // The room is enough for any text, so that only memory can fail.
  if (::compress(reinterpret_cast<Bytef*>(out.data()), &size,
                 reinterpret_cast<const Bytef*>(text.data()), text.size()) != Z_OK) {
    throw std::bad_alloc();
  }
  out.resize(size);
  return out;
}

// RFC 4648, padded.
std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (j < group.size() ? static_cast<unsigned char>(group[j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= group.size() ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

// As HdrHistogram has them: as if each value were in the middle of its bucket.
Moments moments_of(const std::vector<HdrBucket>& buckets, std::uint64_t total) {
  if (total == 0) return {};
  const auto count = static_cast<double>(total);
  double sum = 0;
  for (const HdrBucket& bucket : buckets)
    sum += bucket.middle() * static_cast<double>(bucket.count);
  const double mean = sum / count;
  double squares = 0;
  for (const HdrBucket& bucket : buckets) {
    const double deviation = bucket.middle() - mean;
    squares += deviation * deviation * static_cast<double>(bucket.count);
  }
  return {mean, std::sqrt(squares / count)};
}

// Five steps to each half of what is left to 100 %.
double next_level(double level) {
  constexpr double kTicksPerHalfDistance = 5;
  const double halvings = std::floor(std::log(100 / (100 - level)) / std::log(2.0)) + 1;
  return level + 100 / (kTicksPerHalfDistance * std::exp2(halvings));
}

std::string percentile_lines(const std::vector<HdrBucket>& buckets, std::uint64_t total,
                             double scale) {
  std::string text;
  double level = 0;
  std::uint64_t seen = 0;
  for (const HdrBucket& bucket : buckets) {
    seen += bucket.count;
    const double share = 100 * static_cast<double>(seen) / static_cast<double>(total);
    while (share >= level && level < 100) {
      // Half of the last digit is common here, and Java rounds it up where C++ rounds it to even.
      const double rounded_up = std::nextafter(level / 100, 1.0);
      text += fmt::format("{:12.3f} {:.12f} {:10d} {:14.2f}\n",
                          static_cast<double>(bucket.highest) * scale, rounded_up, seen,
                          1 / (1 - level / 100));
      level = next_level(level);
      if (seen == total) break;
    }
  }
  if (total > 0) {
    text += fmt::format("{:12.3f} {:.12f} {:10d}\n",
                        static_cast<double>(buckets.back().highest) * scale, 1.0, total);
  }
  return text;
}

}  // namespace

std::string hdr_blob(const Histogram& histogram) {
  const std::string counts = deflated(encode(hdr_buckets(histogram)));
  std::string out;
  put_big_endian(kCompressedCookie, 4, out);
  put_big_endian(counts.size(), 4, out);
  return base64(out + counts);
}

std::string hgrm(const Histogram& histogram, double scale) {
  const std::vector<HdrBucket> buckets = hdr_buckets(histogram);
  const Moments moments = moments_of(buckets, histogram.count());
  const std::int64_t highest = buckets.empty() ? 0 : buckets.back().highest;
  return fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount",
                     "1/(1-Percentile)") +
         percentile_lines(buckets, histogram.count(), scale) +
         fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", moments.mean * scale,
                     moments.deviation * scale) +
         fmt::format("#[Max     = {:12.3f}, Total count    = {:12d}]\n",
                     static_cast<double>(highest) * scale, histogram.count()) +
         fmt::format("#[Buckets = {:12d}, SubBuckets     = {:12d}]\n",
                     value_bits(buckets) - kSubBucketBits + 1, 1 << kSubBucketBits);
}

}  // namespace leakbench
