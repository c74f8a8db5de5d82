#include "harness/verdict/humanise.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(Humanise, KeepsThreeSignificantDigitsAndNoTrailingZeros) {
  EXPECT_EQ(humanise_number(0), "0");
  EXPECT_EQ(humanise_number(1.9349), "1.93");
  EXPECT_EQ(humanise_number(1.9), "1.9");
  EXPECT_EQ(humanise_number(5), "5");
  EXPECT_EQ(humanise_number(0.012345), "0.0123");
  EXPECT_EQ(humanise_number(-12.449), "-12.4");
}

TEST(Humanise, NeverRoundsAwayDigitsBeforeThePoint) {
  EXPECT_EQ(humanise_number(12345.6), "12,346");
  EXPECT_EQ(humanise_number(1234567), "1,234,567");
  EXPECT_EQ(humanise_number(123, 2), "123");
  EXPECT_EQ(humanise_number(-1234), "-1,234");
  EXPECT_EQ(humanise_number(100), "100");
}

TEST(Humanise, RoundingUpToOneMoreDigitKeepsTheNumberOfDigits) {
  EXPECT_EQ(humanise_number(9.996), "10");
  EXPECT_EQ(humanise_number(99.96), "100");
  EXPECT_EQ(humanise_number(999.6), "1,000");
}

TEST(Humanise, PicksTheTimeUnitAfterRounding) {
  EXPECT_EQ(humanise_ns(0), "0 ns");
  EXPECT_EQ(humanise_ns(812), "812 ns");
  EXPECT_EQ(humanise_ns(8'100), "8.1 us");
  EXPECT_EQ(humanise_ns(12'430'000), "12.4 ms");
  EXPECT_EQ(humanise_ns(1'934'000'000), "1.93 s");
  EXPECT_EQ(humanise_ns(999'499'000), "999 ms");
  EXPECT_EQ(humanise_ns(999'960'000), "1 s");
  EXPECT_EQ(humanise_ns(3'600e9), "3,600 s");
  EXPECT_EQ(humanise_ns(5'123'456'789, 2), "5.1 s");
}

TEST(Humanise, CountsBytesInPowersOf1024) {
  EXPECT_EQ(humanise_bytes(0), "0 B");
  EXPECT_EQ(humanise_bytes(1023), "1,023 B");
  EXPECT_EQ(humanise_bytes(1024), "1 KiB");
  EXPECT_EQ(humanise_bytes(65'326'285), "62.3 MiB");
  EXPECT_EQ(humanise_bytes(1024.0 * 1024 - 1), "1 MiB");
  EXPECT_EQ(humanise_bytes(3.5 * 1024 * 1024 * 1024), "3.5 GiB");
  EXPECT_EQ(humanise_bytes(5000.0 * 1024 * 1024 * 1024), "5,000 GiB");
}

TEST(Humanise, SeparatesThousandsOfCountsAndKeepsTheHalfOfAMedian) {
  EXPECT_EQ(humanise_count(0), "0");
  EXPECT_EQ(humanise_count(999), "999");
  EXPECT_EQ(humanise_count(1000), "1,000");
  EXPECT_EQ(humanise_count(20000), "20,000");
  EXPECT_EQ(humanise_count(1234567890), "1,234,567,890");
  EXPECT_EQ(humanise_count(0.5), "0.5");
  EXPECT_EQ(humanise_count(20000.5), "20,000.5");
}

TEST(Humanise, NamesOneTaskInTheSingular) {
  EXPECT_EQ(humanise_tasks(0), "0 tasks");
  EXPECT_EQ(humanise_tasks(1), "1 task");
  EXPECT_EQ(humanise_tasks(20000), "20,000 tasks");
}

TEST(Humanise, GivesAChangeItsSign) {
  EXPECT_EQ(humanise_change(-26.3), "-26 %");
  EXPECT_EQ(humanise_change(12.4), "+12 %");
  EXPECT_EQ(humanise_change(0), "0 %");
  EXPECT_EQ(humanise_change(-0.4), "0 %");
  EXPECT_EQ(humanise_change(0.4), "0 %");
  EXPECT_EQ(humanise_change(1234.5), "+1,235 %");
}

TEST(Humanise, SaysMinus100PercentOnlyWhenNothingIsLeft) {
  EXPECT_EQ(humanise_change(-100), "-100 %");
  EXPECT_EQ(humanise_change(-99.975), "-99.9 %");
  EXPECT_EQ(humanise_change(-99.6), "-99.6 %");
  EXPECT_EQ(humanise_change(-99.4), "-99 %");
}

}  // namespace
}  // namespace leakbench
