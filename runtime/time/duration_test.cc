#include "runtime/time/duration.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using std::chrono::nanoseconds;

TEST(Duration, ParsesEveryUnit) {
  EXPECT_EQ(parse_duration("40ns"), nanoseconds(40));
  EXPECT_EQ(parse_duration("250us"), nanoseconds(250'000));
  EXPECT_EQ(parse_duration("100ms"), nanoseconds(100'000'000));
  EXPECT_EQ(parse_duration("1.5s"), nanoseconds(1'500'000'000));
  EXPECT_EQ(parse_duration("2m"), nanoseconds(120'000'000'000));
  EXPECT_EQ(parse_duration("1h"), nanoseconds(3'600'000'000'000));
}

TEST(Duration, RefusesWhatIsNotANumberWithAUnit) {
  for (const char* text : {"", "5", "s", "-1s", "5 s", "5sec", "1e400s", "nans", "infs", "1e12h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, FormatsTheWayItIsWritten) {
  for (const char* text : {"40ns", "250us", "100ms", "1.5s", "90s", "2m", "1h", "65.536us"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
  EXPECT_EQ(format_duration(nanoseconds(0)), "0s");
}

}  // namespace
}  // namespace leakbench
