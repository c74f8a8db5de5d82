#include "harness/target/placeholders.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

const std::map<std::string, std::string> kValues = {{"port", "8080"}, {"variant", "{port}"}};

TEST(Placeholders, AreReplacedByTheirValuesOnce) {
  EXPECT_EQ(expand_placeholders("--port={port}/{port}", kValues).text, "--port=8080/8080");
  // A value that looks like a placeholder is not expanded again.
  EXPECT_EQ(expand_placeholders("{variant}", kValues).text, "{port}");
  EXPECT_EQ(expand_placeholders("", kValues).text, "");
}

TEST(Placeholders, DoubledBracesAreBraces) {
  const Expansion expansion = expand_placeholders("f() {{ echo {port}; }}", kValues);
  EXPECT_EQ(expansion.problem, "");
  EXPECT_EQ(expansion.text, "f() { echo 8080; }");
}

TEST(Placeholders, UnknownNamesAreNamedWithTheNearestOne) {
  EXPECT_EQ(expand_placeholders("{prot}", kValues).problem,
            "unknown placeholder \"{prot}\"; did you mean \"port\"? (a brace itself is written "
            "twice)");
  EXPECT_NE(expand_placeholders("{}", kValues).problem, "");
  EXPECT_NE(expand_placeholders("{elephant}", kValues).problem.find("known: port, variant"),
            std::string::npos);
}

TEST(Placeholders, LoneBracesAreProblems) {
  for (const char* text : {"{", "}", "a{port", "port}", "{{}", "{port}}"}) {
    EXPECT_NE(expand_placeholders(text, kValues).problem, "") << text;
  }
}

TEST(Placeholders, CanBeListedByName) {
  EXPECT_EQ(placeholder_names("{a}-{{b}}-{port:c}-{a}"), (std::set<std::string>{"a", "port:c"}));
  EXPECT_TRUE(placeholder_names("none").empty());
}

}  // namespace
}  // namespace leakbench
