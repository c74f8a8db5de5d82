#include "runtime/context/failure.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(Failure, IsEmptyUnlessSomethingFailed) {
  EXPECT_FALSE(Failure());
  EXPECT_EQ(Failure().message(), "");
  EXPECT_TRUE(Failure("disk full"));
  EXPECT_EQ(Failure("disk full").message(), "disk full");
}

TEST(Failure, IsEqualToItsCopiesOnly) {
  const Failure one("same words");
  const Failure copy = one;
  EXPECT_EQ(one, copy);
  EXPECT_NE(one, Failure("same words"));
  EXPECT_NE(one, Failure());
  EXPECT_EQ(canceled(), canceled());
  EXPECT_NE(canceled(), deadline_exceeded());
}

}  // namespace
}  // namespace leakbench
