#include "harness/cli/whole_number.h"

#include <gtest/gtest.h>

#include <limits>

namespace leakbench {
namespace {

std::string complaint(const std::string& text, std::uint64_t most = 65'535) {
  std::string copy = text;
  return whole_number(1, most)(copy);
}

TEST(WholeNumber, TakesTheEndsOfItsRange) {
  EXPECT_EQ(complaint("1"), "");
  EXPECT_EQ(complaint("65535"), "");
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(complaint("18446744073709551615", kMost), "");
}

TEST(WholeNumber, RefusesEverythingElseNamingIt) {
  for (const std::string text : {"0", "65536", "-1", "+1", "1.5", "1e3", "many", "", " 7", "7 ",
                                 "99999999999999999999999", "0x10"}) {
    EXPECT_EQ(complaint(text), "must be a whole number from 1 to 65535, is \"" + text + "\"");
  }
}

}  // namespace
}  // namespace leakbench
