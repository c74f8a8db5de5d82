#include "harness/report/hdr_histogram.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/report/test_files.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;

constexpr int kPrecisionBits = 11;
constexpr std::int64_t kUsualHighest = 4'398'046'511'103;  // 2^42 - 1

// What a blob holds.
struct Decoded {
  std::uint64_t digits = 0;
  std::uint64_t lowest = 0;
  std::uint64_t highest = 0;
  std::vector<std::uint64_t> counts;  // HdrHistogram's array, up to the last that is not zero

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

std::string from_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text.substr(0, text.find_first_of("=\n"))) {
    bits = bits << 6 | static_cast<std::uint32_t>(kDigits.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held);
  }
  return bytes;
}

// Takes numbers off the front of what it was given.
class Reader {
 public:
  explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}

  bool at_end() const { return at_ == bytes_.size(); }
  std::string rest() const { return bytes_.substr(at_); }

  std::uint64_t big_endian(int size) {
    std::uint64_t value = 0;
    while (size-- > 0) value = value << 8 | byte();
    return value;
  }

  std::int64_t zigzag() {
    std::uint64_t bits = 0;
    for (int i = 0; i < 9; ++i) {
      const std::uint64_t next = byte();
      bits |= (i == 8 ? next : next & 0x7f) << (7 * i);
      if (next < 0x80) break;
    }
    return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
  }

 private:
  std::uint8_t byte() { return static_cast<std::uint8_t>(bytes_.at(at_++)); }

  std::string bytes_;
  std::size_t at_ = 0;
};

Decoded decode(std::string_view blob) {
  Reader outer(from_base64(blob));
  EXPECT_EQ(outer.big_endian(4), 0x1c849314u);
  const std::uint64_t size = outer.big_endian(4);
  const std::string deflated = outer.rest();
  EXPECT_EQ(deflated.size(), size);
  std::string text(1'000'000, '\0');
  uLongf length = text.size();
  EXPECT_EQ(::uncompress(reinterpret_cast<Bytef*>(text.data()), &length,
                         reinterpret_cast<const Bytef*>(deflated.data()), deflated.size()),
            Z_OK);
  text.resize(length);

  Reader inner(text);
  EXPECT_EQ(inner.big_endian(4), 0x1c849313u);
  EXPECT_EQ(inner.big_endian(4), length - 40);
  EXPECT_EQ(inner.big_endian(4), 0u);  // offset
  Decoded decoded;
  decoded.digits = inner.big_endian(4);
  decoded.lowest = inner.big_endian(8);
  decoded.highest = inner.big_endian(8);
  EXPECT_EQ(inner.big_endian(8), 0x3ff0000000000000u);  // 1.0: the values are as they were recorded
  while (!inner.at_end()) {
    const std::int64_t count = inner.zigzag();
    if (count < 0) {
      decoded.counts.resize(decoded.counts.size() + static_cast<std::size_t>(-count));
    } else {
      decoded.counts.push_back(static_cast<std::uint64_t>(count));
    }
  }
  return decoded;
}

// Where HdrHistogram counts a value.
std::size_t index_of(std::int64_t value) {
  std::size_t halvings = 0;
  for (; value >= 2'048; value /= 2) ++halvings;
  return halvings * 1'024 + static_cast<std::size_t>(value);
}

struct Values {
  std::int64_t value;
  std::uint64_t count = 1;
};

Histogram histogram_of(const std::vector<Values>& values, int precision_bits = kPrecisionBits) {
  Histogram histogram(precision_bits);
  for (const auto& [value, count] : values) histogram.record(value, count);
  return histogram;
}

Decoded recorded(const std::vector<Values>& values, std::int64_t highest = kUsualHighest) {
  Decoded decoded{.digits = 3, .lowest = 1, .highest = static_cast<std::uint64_t>(highest)};
  decoded.counts.resize(1);
  for (const auto& [value, count] : values) {
    const std::size_t index = index_of(value);
    if (index >= decoded.counts.size()) decoded.counts.resize(index + 1);
    decoded.counts[index] += count;
  }
  return decoded;
}

// Those of testdata/latencies.*: up to 1 ms, some 50 times and few 1,000 times as long.
std::vector<Values> latencies() {
  std::vector<Values> values;
  std::uint64_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    std::int64_t value = 50'000 + static_cast<std::int64_t>(state >> 44);
    if (i % 100 == 0) value *= 50;
    if (i % 1'000 == 0) value *= 20;
    values.push_back({value});
  }
  return values;
}

// What HdrHistogram 2.2.2 for Java wrote when the same values were recorded there.
std::string golden(const char* name) {
  return test_files::read_file(fs::path(LEAKBENCH_REPORT_TESTDATA) / name);
}

TEST(HdrBlob, HoldsWhatHdrHistogramWouldHaveRecorded) {
  EXPECT_EQ(decode(hdr_blob(histogram_of(latencies()))), decode(golden("latencies.hdr")));
}

// The blobs are HdrHistogram's own.
TEST(HdrBlob, HoldsWhatHdrHistogramWouldHaveRecordedOfExtremes) {
  constexpr std::int64_t kHour = 3'600'000'000'000;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(decode(hdr_blob(histogram_of({}))),
            decode("HISTFAAAAB54nJNpmSzMwMDAyAABzFAayGf+DwL2H6AiAHimB3k="));
  EXPECT_EQ(decode(hdr_blob(histogram_of({{0, 5}}))),
            decode("HISTFAAAAB94nJNpmSzMwMDAyAABzFAayGf+DwL2HyACXAB4sAeD"));
  EXPECT_EQ(decode(hdr_blob(histogram_of({{1'234'567}}))),
            decode("HISTFAAAACN4nJNpmSzMwMDAwgABzFCaEcj8DwL2HyACLzcxMgEAlT4JGg=="));
  EXPECT_EQ(decode(hdr_blob(histogram_of({{5 * kHour, 3}, {12 * kHour + 1, 2}, {1}}))),
            decode("HISTFAAAACh4nJNpmSzMwMDAyQABzFCakYHB/j8I2H+AijCt3MDCtlCYBQDGKgna"));
  EXPECT_EQ(decode(hdr_blob(histogram_of({{kMost, 2}, {0}}))),
            decode("HISTFAAAACN4nJNpmSzMwMDAygABzFCasf4/BNh/gAgw/b7PxgIAztAL3Q=="));
}

// The blob is HdrHistogram's own; a count takes from one byte to nine.
TEST(HdrBlob, HoldsCountsOfEverySize) {
  std::vector<Values> values;
  for (const int bits : {0, 6, 6, 13, 20, 27, 34, 41, 48, 55, 55, 56, 61}) {
    const auto number = static_cast<std::int64_t>(values.size());
    values.push_back({10 * number + number % 2, std::uint64_t{1} << bits});
  }
  for (const int one_less : {1, 4, 9}) --values[static_cast<std::size_t>(one_less)].count;
  const Decoded decoded = decode(hdr_blob(histogram_of(values)));
  EXPECT_EQ(decoded, recorded(values));
  EXPECT_EQ(decoded, decode("HISTFAAAAEd4nJNpmSzMwMAQzAABzFCaEcj8DwL2HyACTMJ1/A2Mwg0NjPz//tcD"
                            "aRCrAUyBOXAuSOAfWOv/epgIXE1DAxNczAEAjE8r0w=="));
}

TEST(HdrBlob, LeavesEveryCountInItsBucketFromTenPrecisionBitsOn) {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> times(13, 3);
  std::vector<Values> values;
  for (std::int64_t value = 0; value < 10'000; ++value) values.push_back({value});
  for (int i = 0; i < 20'000; ++i) values.push_back({static_cast<std::int64_t>(times(random))});
  for (int bits = 12; bits < 42; ++bits) {
    const std::int64_t power = std::int64_t{1} << bits;
    values.insert(values.end(), {{power - 1}, {power}, {power + 1}});
  }
  for (const int bits : {10, 11, 14}) {
    EXPECT_EQ(decode(hdr_blob(histogram_of(values, bits))), recorded(values)) << bits;
  }
}

TEST(HdrBlob, CountsACoarserBucketAtItsUpperBound) {
  // 7 bits: from 65,536 on, 512 values share a bucket.
  EXPECT_EQ(decode(hdr_blob(histogram_of({{65'536, 3}}, 7))), recorded({{66'047, 3}}));
}

TEST(HdrBlob, HasAHighestValueThatHoldsTheLargest) {
  for (const int bits : {41, 42}) {
    const std::int64_t largest = (std::int64_t{1} << bits) - 1;
    EXPECT_EQ(decode(hdr_blob(histogram_of({{largest}}))), recorded({{largest}}));
  }
  for (const int bits : {43, 62}) {
    const std::int64_t largest = (std::int64_t{1} << bits) - 1;
    EXPECT_EQ(decode(hdr_blob(histogram_of({{largest}}))), recorded({{largest}}, largest));
    EXPECT_EQ(decode(hdr_blob(histogram_of({{largest / 2 + 1}}))),
              recorded({{largest / 2 + 1}}, largest));
  }
}

TEST(Hgrm, IsThisFile) {
  EXPECT_EQ(hgrm(histogram_of(latencies()), 1e-6), golden("latencies.hgrm"));
}

TEST(Hgrm, OfNothingHasNoLines) {
  EXPECT_EQ(hgrm(histogram_of({}), 1e-6),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "#[Mean    =        0.000, StdDeviation   =        0.000]\n"
            "#[Max     =        0.000, Total count    =            0]\n"
            "#[Buckets =           32, SubBuckets     =         2048]\n");
}

TEST(Hgrm, OfOneValueHasItTwice) {
  EXPECT_EQ(hgrm(histogram_of({{1'000}}), 1),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "    1000.000 0.000000000000          1           1.00\n"
            "    1000.000 1.000000000000          1\n"
            "#[Mean    =     1000.000, StdDeviation   =        0.000]\n"
            "#[Max     =     1000.000, Total count    =            1]\n"
            "#[Buckets =           32, SubBuckets     =         2048]\n");
}

}  // namespace
}  // namespace leakbench
