#include "runtime/http/deadline_header.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(DeadlineHeader, TravelsInWholeMillisecondsAndNeverGrows) {
  EXPECT_EQ(format_time_left(2s), "2000");
  EXPECT_EQ(format_time_left(1999999us), "1999");
  EXPECT_EQ(format_time_left(1ns), "1");
  EXPECT_EQ(format_time_left(-1s), "1");
  EXPECT_EQ(format_time_left(Duration::max()), "9999999999");
}

TEST(DeadlineHeader, IsReadAsItIsWritten) {
  for (const Duration left : {1ms, 20ms, 1999ms, 100000000ms, 9999999999ms}) {
    EXPECT_EQ(parse_time_left(format_time_left(left)), left);
  }
}

TEST(DeadlineHeader, NonsenseSaysNothing) {
  for (const char* value : {"", "0", "-5", "+5", "5s", "2S", "1.5", " 5", "5 ", "0x5",
                            "10000000000", "00000000001", "99999999999999999999", "soon", "NaN"}) {
    EXPECT_FALSE(parse_time_left(value)) << value;
  }
}

}  // namespace
}  // namespace leakbench
