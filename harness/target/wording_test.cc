#include "harness/target/wording.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(Wording, ShowsControlCharactersInsteadOfSendingThem) {
  EXPECT_EQ(one_line("a\nb\x1b[31m\x7f"), "a\\x0ab\\x1b[31m\\x7f");
  EXPECT_EQ(one_line("\xc2\x9b"), "\\xc2\\x9b");           // C1 "control sequence introducer"
  EXPECT_EQ(one_line("\xe2\x80\xa8"), "\\xe2\\x80\\xa8");  // U+2028, a line break
}

TEST(Wording, KeepsWellFormedUtf8AndShowsTheRestAsBytes) {
  EXPECT_EQ(one_line("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
            "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
  for (const char* malformed : {"\xff", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                                "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_EQ(one_line(malformed).substr(0, 2), "\\x");
  }
}

TEST(Wording, CutsLongTexts) {
  EXPECT_EQ(one_line("abcdef", 3), "abc...");
  EXPECT_EQ(one_line("abc", 3), "abc");
  EXPECT_LT(in_quotes(std::string(10'000, 'x')).size(), 80u);
}

TEST(Wording, FindsTheWordThatWasMeant) {
  const std::vector<std::string> words = {"connections", "requests", "warmup_requests"};
  EXPECT_EQ(nearest("conections", words), "connections");
  EXPECT_EQ(nearest("requsets", words), "requests");  // neighbours swapped
  EXPECT_EQ(nearest("warmup-requests", words), "warmup_requests");
  EXPECT_EQ(nearest("request", words), "requests");
  EXPECT_EQ(nearest("elephant", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'r'), words), std::nullopt);
}

TEST(Wording, ListsWhatIsKnownWhenNothingIsNear) {
  EXPECT_EQ(suggestion("requsts", {"requests", "path"}), "did you mean \"requests\"?");
  EXPECT_EQ(suggestion("elephant", {"requests", "path"}), "known: requests, path");
  EXPECT_EQ(suggestion("elephant", {}), "known: none");
}

}  // namespace
}  // namespace leakbench
