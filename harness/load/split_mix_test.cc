#include "harness/load/split_mix.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

namespace leakbench {
namespace {

TEST(SplitMix, IsTheSequenceOfItsAuthors) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random(), 6457827717110365317u);
  EXPECT_EQ(random(), 3203168211198807973u);
  EXPECT_EQ(random(), 9817491932198370423u);
  EXPECT_EQ(SplitMix64(0)(), 0xe220a8397b1dcdafu);
}

TEST(SplitMix, FillsTheUnitIntervalButForItsEnd) {
  EXPECT_EQ(unit_interval(0), 0);
  EXPECT_EQ(unit_interval(std::uint64_t{1} << 63), 0.5);
  EXPECT_EQ(unit_interval(std::numeric_limits<std::uint64_t>::max()), 1 - 0x1p-53);
}

TEST(SplitMix, ChangesHalfTheBitsWhenOneChanges) {
  for (int bit = 0; bit < 64; ++bit) {
    int changed = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      changed += std::popcount(split_mix(i) ^ split_mix(i ^ (std::uint64_t{1} << bit)));
    }
    EXPECT_NEAR(changed / 1000.0, 32, 0.7) << bit;  // five deviations: 4 / sqrt(1000) each
  }
}

}  // namespace
}  // namespace leakbench
