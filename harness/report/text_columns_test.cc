#include "harness/report/text_columns.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using Lines = std::vector<std::string>;

TEST(AlignColumns, MakesEachAsWideAsItsWidestCell) {
  EXPECT_EQ(align_columns({{"a", "1", "x"}, {"long", "1,000", "y"}},
                          {Align::kLeft, Align::kRight, Align::kLeft}),
            (Lines{"a          1   x", "long   1,000   y"}));
}

TEST(AlignColumns, CountsCharactersNotBytes) {
  EXPECT_EQ(
      align_columns({{"a·b→c", "1"}, {"plain", "2"}, {"", "3"}}, {Align::kLeft, Align::kRight}),
      (Lines{"a·b→c   1", "plain   2", "        3"}));
  EXPECT_EQ(align_columns({{"µs"}, {"abc"}}, {Align::kRight}), (Lines{" µs", "abc"}));
}

TEST(AlignColumns, LeavesNoBlanksAtTheEndOfALine) {
  EXPECT_EQ(align_columns({{"a", ""}, {"b", "text"}, {"", ""}}, {Align::kLeft, Align::kLeft}),
            (Lines{"a", "b   text", ""}));
}

TEST(AlignColumns, OfNoRowsIsNoLine) { EXPECT_EQ(align_columns({}, {Align::kLeft}), Lines()); }

}  // namespace
}  // namespace leakbench
