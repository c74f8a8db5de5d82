#include "harness/target/json_view.h"

#include <gtest/gtest.h>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

TEST(JsonView, RemembersItsPath) {
  const auto document = nlohmann::json::parse(R"({"a":[{"b/c":1},{"~":2}]})");
  const JsonView view(document, "x.json");
  EXPECT_EQ(view.path(), "/");
  EXPECT_EQ(view.at("a").elements()[0].at("b/c").path(), "/a/0/b~1c");
  EXPECT_EQ(view.at("a").elements()[1].members()[0].second.path(), "/a/1/~0");
  EXPECT_FALSE(view.find("z").has_value());
}

TEST(JsonView, WholeNumbersKeepTheirBounds) {
  const auto document =
      nlohmann::json::parse("[0, 10, 11, -1, 9223372036854775807, 9223372036854775808, 1.0]");
  const auto numbers = JsonView(document, "x").elements();
  const auto read = [&](std::size_t i) { return numbers[i].whole_number(0, 10); };
  EXPECT_EQ(read(0), 0);
  EXPECT_EQ(read(1), 10);
  for (const std::size_t i : {2u, 3u, 4u, 5u, 6u}) {
    error_of([&] { read(i); }, ExitCode::kUsage);
  }
  EXPECT_EQ(numbers[4].whole_number(0, INT64_MAX), INT64_MAX);
}

TEST(JsonView, TruthIsNoNumberAndNoWord) {
  const auto document = nlohmann::json::parse(R"([true, false, 1, "true", null])");
  const auto values = JsonView(document, "x").elements();
  EXPECT_TRUE(values[0].boolean());
  EXPECT_FALSE(values[1].boolean());
  EXPECT_EQ(error_of([&] { values[2].boolean(); }, ExitCode::kUsage),
            "x: /2: must be true or false, is a number (1)");
  for (const std::size_t i : {3u, 4u}) error_of([&] { values[i].boolean(); }, ExitCode::kUsage);
}

TEST(JsonView, OnlyWhereItMayBeEmptyALineIs) {
  const auto document = nlohmann::json::parse(R"(["", "a", "a\nb", 1])");
  const auto values = JsonView(document, "x").elements();
  EXPECT_EQ(values[0].line_or_empty(), "");
  EXPECT_EQ(values[1].line_or_empty(), "a");
  for (const std::size_t i : {2u, 3u}) {
    error_of([&] { values[i].line_or_empty(); }, ExitCode::kUsage);
  }
  error_of([&] { values[0].line(); }, ExitCode::kUsage);
}

TEST(ParseJson, CountsLinesAndColumnsFromOne) {
  const auto error_in = [](const char* text) {
    return error_of([&] { parse_json(text, "x", 100); }, ExitCode::kUsage);
  };
  EXPECT_EQ(error_in("}").substr(0, 19), "x: line 1, column 1");
  EXPECT_EQ(error_in("[1,\n2,\n }").substr(0, 19), "x: line 3, column 2");
  EXPECT_EQ(error_in("[1").substr(0, 19), "x: line 1, column 3");
}

TEST(ParseJson, EqualKeysMayStandInDifferentObjects) {
  EXPECT_EQ(parse_json(R"({"a":{"a":1},"b":{"a":[{"a":2},{"a":3}]}})", "x", 100).size(), 2u);
  error_of([] { parse_json(R"({"a":{"b":1},"a":2})", "x", 100); }, ExitCode::kUsage);
}

TEST(ParseJson, PassesOverComments) {
  EXPECT_EQ(parse_json("// a\n{/* b */ \"c\": \"// d\"} // e", "x", 100)["c"], "// d");
  EXPECT_NE(error_of([] { parse_json("{} /* open", "x", 100); }, ExitCode::kUsage).find("line 1"),
            std::string::npos);
}

}  // namespace
}  // namespace leakbench
