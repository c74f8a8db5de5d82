#include "harness/verdict/median.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(Median, OfNothingIsNothing) { EXPECT_EQ(median({}), std::nullopt); }

TEST(Median, OfAnOddNumberIsTheMiddleValue) {
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({3, 3, 3, 100, -100}), 3);
}

TEST(Median, OfAnEvenNumberIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(median({4, 1}), 2.5);
  EXPECT_EQ(median({40, 10, 30, 20}), 25);
}

}  // namespace
}  // namespace leakbench
