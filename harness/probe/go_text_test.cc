#include "harness/probe/go_text.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using Labels = std::map<std::string, std::string>;

TEST(GoText, ANumberIsAllDigitsAndFits) {
  EXPECT_EQ(go_number("0"), 0);
  EXPECT_EQ(go_number("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1x", "9223372036854775808", "0x1"}) {
    EXPECT_EQ(go_number(text), std::nullopt) << text;
  }
}

TEST(GoText, APlaceIsAFileAndALineWhateverElseFollows) {
  for (const char* text : {"/src/my app/a:b.go:12", "/src/my app/a:b.go:12 +0x8f",
                           "/src/my app/a:b.go:12 +0x8f fp=0xc0 sp=0xc1 pc=0x45"}) {
    const auto place = go_place(text);
    ASSERT_TRUE(place) << text;
    EXPECT_EQ(place->file, "/src/my app/a:b.go");
    EXPECT_EQ(place->line, 12);
  }
  for (const char* text : {"", ":", ":12", "main.go", "main.go:", "main.go:x", "main.go:-1",
                           "pc=0x12", "C:\\main.go"}) {
    EXPECT_FALSE(go_place(text)) << text;
  }
}

TEST(GoText, UnquotesWhatGoQuotes) {
  EXPECT_EQ(go_unquoted(R"("")"), "");
  EXPECT_EQ(go_unquoted(R"("/leak")"), "/leak");
  EXPECT_EQ(go_unquoted(R"("\a\b\f\n\r\t\v\\\"")"), "\a\b\f\n\r\t\v\\\"");
  EXPECT_EQ(go_unquoted(R"("Zo\u00eb \U0001f600 \xff")"), "Zoë 😀 \xff");
  EXPECT_EQ(go_unquoted("\"Zoë\""), "Zoë");
}

TEST(GoText, WhatGoDoesNotQuoteSoIsNoQuotedText) {
  for (const char* text : {"", "\"", "x", "\"x", "x\"", "\"x\"y", R"("\)", R"("\q")", R"("\x1")",
                           R"("\xzz")", R"("\u12")", R"("\U00110000")", R"("\")"}) {
    EXPECT_EQ(go_unquoted(text), std::nullopt) << text;
  }
}

TEST(GoText, FindsTheEndOfAQuotedText) {
  EXPECT_EQ(go_quoted_length(R"("a\"]" rest)"), 6u);
  EXPECT_EQ(go_quoted_length(R"("a\")"), std::nullopt);
  EXPECT_EQ(go_quoted_length("a"), std::nullopt);
}

TEST(GoText, ReadsLabels) {
  EXPECT_EQ(go_labels("{}"), Labels{});
  EXPECT_EQ(go_labels(R"({"route":"/leak"})"), (Labels{{"route", "/leak"}}));
  EXPECT_EQ(go_labels(R"({"a": "1", "b":"}, \"c\":"})"), (Labels{{"a", "1"}, {"b", "}, \"c\":"}}));
  for (const char* text : {"", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":\"1\"", "{\"a\":\"1\"}x",
                           "{\"a\":\"1\",}", "{a:1}"}) {
    EXPECT_FALSE(go_labels(text)) << text;
  }
}

}  // namespace
}  // namespace leakbench
